"""Measures what is heard: tempo, key, moods, drums."""
