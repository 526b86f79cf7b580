"""The owner's word: values of a track that a person corrected."""
