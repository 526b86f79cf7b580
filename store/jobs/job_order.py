"""Selection of the next job.

A job that was interrupted once (`interruptions`) might be what ends the machine: it comes after
the others, and nothing else runs beside it. A job that a person waits for goes before all jobs
that nobody waits for, also when it was interrupted.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Integer, text

BULK_PRIORITY: Final = 100
"""Priority of a job that nobody waits for; lower goes first."""

# Raw SQL: SQLite uses the partial index of interrupted jobs only for literals, and as an
# expression the nested selects are twice as long.
_OF_KINDS: Final = "AND kind IN (SELECT value FROM json_each(:kinds))"
_FIRST: Final = """
SELECT id, priority, interruptions FROM job WHERE state = 'queued' AND interruptions {which} {kinds}
ORDER BY {order} LIMIT 1"""
_IS_RUNNING: Final = "EXISTS (SELECT 1 FROM job WHERE state = 'running'"


def _next(kinds: str) -> str:
    untouched = _FIRST.format(which="= 0", kinds=kinds, order="priority, id")
    interrupted = _FIRST.format(which="> 0", kinds=kinds, order="priority, interruptions, id")
    return f"""
SELECT id FROM (
    SELECT * FROM (SELECT * FROM ({untouched}) UNION ALL SELECT * FROM ({interrupted}))
    ORDER BY interruptions > 0 AND priority >= {BULK_PRIORITY}, priority, interruptions LIMIT 1
) WHERE NOT {_IS_RUNNING} AND interruptions > 0)
    AND (interruptions = 0 OR NOT {_IS_RUNNING}))"""


NEXT: Final = text(_next("")).columns(id=Integer)
"""Query for the id of the next job of any kind; no row when no job may begin now."""
NEXT_OF_KINDS: Final = text(_next(_OF_KINDS)).columns(id=Integer)
"""The same for the kinds in the parameter `kinds`, a JSON list."""
