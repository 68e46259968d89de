"""The terminal, seen through emulators and keys."""
