"""Research topics by subject and grade; the lesson that an activity observes."""
