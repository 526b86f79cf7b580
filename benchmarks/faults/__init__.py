"""Faults on purpose: killed processes, damaged files, load."""
