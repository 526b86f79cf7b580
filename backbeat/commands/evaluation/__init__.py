"""Parts of `backbeat eval`."""
