"""From clips to a network: batches, training, thresholds, export."""
