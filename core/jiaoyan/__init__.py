"""教研台: plans, teachers and activities of a school, without terminal and without plugins."""
