"""Fits what bars of drumming are read by: `indexer/drums/beat/meter.json` and `downbeats.json`."""
