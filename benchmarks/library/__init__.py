"""Measures indexing, searches, playlists and the finding of duplicates."""
