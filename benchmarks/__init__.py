"""Measures; makes nothing that ships."""
