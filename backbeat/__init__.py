"""The command line: the thin top room that may start either side as a process."""
