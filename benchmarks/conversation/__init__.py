"""Measures how requests and descriptions are understood."""
