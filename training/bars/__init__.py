"""Fits what bars of drumming are read by: `indexer/drums/meter.json` and `downbeats.json`."""
