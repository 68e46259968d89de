"""Speed, each figure beside a named rival in the same run."""
