"""Words of a model on their way to the person."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.model.grounding.fact_checking import FactChecker
from assistant.turns.turn_work import TurnWork


class SpokenWords:
    """Words of the model on their way to the person, sentence by sentence."""

    def __init__(self, turn: TurnWork, checker: FactChecker) -> None:
        self._turn = turn
        self.checker = checker
        self.started = False
        self._fed = False

    def feed(self, piece: str) -> None:
        """Take in words as the model writes them."""
        self._fed = True
        self._write(self.checker.feed(piece))

    def finish(self, text: str) -> None:
        """Show the last sentence; `text` is all of the words where none were streamed."""
        if not self._fed and text:
            self.feed(text)
        self._write(self.checker.finish())

    def _write(self, sentences: Sequence[str]) -> None:
        for sentence in sentences:
            self._turn.write(f" {sentence}" if self.started else sentence)
            self.started = True
