"""Fits what chinas are told from other cymbals by: `indexer/drums/hearing/cymbals.json`."""
