"""Clips to train on: rendered ones, and real songs with labels of our own."""
