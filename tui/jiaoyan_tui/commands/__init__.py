"""The command line. Each module holds the commands of one part of the work and is imported when one is called."""
