"""Accuracy of the reader and of a language model in choosing tools and arguments."""
