"""The command line; starts the chat and the indexer as processes."""
