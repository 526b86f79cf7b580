"""How well the reader and a language model choose tools and arguments on a set of requests."""
