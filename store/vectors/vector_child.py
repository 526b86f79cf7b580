"""Child process that keeps LanceDB loaded for the chat: one JSON query a line, one answer a line.

It ends when nobody has asked for a while, and when its parent ends (its input closes).
"""

from __future__ import annotations

import base64
import json
import select
import sys
from typing import Any, Final

from store.results import StoreError

IDLE_S: Final = 300.0
"""Seconds without a query after which the process ends, to free its memory."""


def main() -> None:
    """Answer until the input closes or nothing is asked for `IDLE_S`."""
    import lancedb  # noqa: F401 - the slow part, done before the first question

    _say({"ready": True})
    while select.select([sys.stdin], [], [], IDLE_S)[0]:
        line = sys.stdin.readline()
        if not line:
            return
        _say(_answer(json.loads(line)))


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    from store.vectors.vector_tables import nearest, nearest_artists

    vector = base64.b64decode(question["vector"])
    model, limit = question["model"], question["limit"]
    try:
        if question["artists"]:
            found = nearest_artists(vector, model=model, limit=limit)
        else:
            found = nearest(vector, model=model, limit=limit, ids=question["ids"])
    except StoreError as error:
        return {"error": str(error)}
    return {"neighbours": found}


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
