"""Training of the mood model from what people say of moods."""
