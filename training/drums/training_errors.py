"""What can go wrong while training."""


class TrainingError(Exception):
    """Training cannot go on; the message says what to do."""


class SoundError(TrainingError):
    """Sounds for the training could not be read or rendered; the message says what to do."""
