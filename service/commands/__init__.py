"""One file per command. Imported when its command runs: torch takes seconds, and `--help` should not."""
