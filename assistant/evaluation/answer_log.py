"""A log of answers on disk, so that an interrupted run can be resumed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistant.evaluation.contestants import EvaluationAnswer


class AnswerLog:
    """Answers of one contestant on disk, one JSON line each.

    Args:
        folder: Folder of all logs.
        name: Name of the contestant.
        about: Values that must match for logged answers to be reused: set, model, prompt.
        resume: Keep the logged answers; otherwise start an empty log.
    """

    def __init__(self, folder: Path, name: str, about: dict[str, Any], *, resume: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{re.sub(r'[^a-z0-9.]+', '-', name.lower())}.jsonl"
        self._about = json.dumps(about, sort_keys=True)
        self.answers: dict[str, EvaluationAnswer] = self._logged() if resume else {}
        lines = [self._about, *(answer.model_dump_json() for answer in self.answers.values())]
        self._path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    def add(self, answer: EvaluationAnswer) -> None:
        """Append an answer to the log."""
        self.answers[answer.id] = answer
        with self._path.open("a", encoding="utf-8") as file:
            file.write(answer.model_dump_json() + "\n")

    def _logged(self) -> dict[str, EvaluationAnswer]:
        """Return the logged answers of a run with the same `about`; truncated lines are skipped."""
        try:
            about, *lines = self._path.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return {}
        if about != self._about:
            return {}
        answers: dict[str, EvaluationAnswer] = {}
        for line in lines:
            try:
                answer = EvaluationAnswer.model_validate_json(line)
            except ValidationError:
                continue
            answers[answer.id] = answer
        return answers
