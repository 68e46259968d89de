"""What a person types at: the command line and the full-screen application."""
