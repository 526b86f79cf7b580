"""Changes of a query: add, replace, remove, shift."""
