"""Music whose tempo, key and bars are known: generated, played and composed."""
