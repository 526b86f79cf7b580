"""Fit the weights of meter hypotheses and downbeats (`indexer/drums/beat/*.json`)."""
