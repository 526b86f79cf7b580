"""What benchmarks measure with: made files, made libraries, requests."""
