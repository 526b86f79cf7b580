"""Fit the classifier of china cymbals: `indexer/drums/hearing/china_cymbals.json`."""
