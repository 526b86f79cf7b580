"""Numbers of a request: lengths, years, counts, tempos."""
