"""Model files on disk: where the tagger comes from."""
