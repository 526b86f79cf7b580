"""Titles, artists and albums in a request."""
