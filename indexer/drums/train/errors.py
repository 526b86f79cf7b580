"""What can go wrong while training."""


class TrainingError(Exception):
    """Training cannot go on; the message says what to do."""
