"""Networks of other projects, converted to LiteRT files."""
