"""Measures charting: bars and notes, and how far drums are turned down."""
