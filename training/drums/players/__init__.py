"""What drummers play: strokes, recorded performances and generated patterns."""
