"""Which job is next, as SQL.

A job that was cut off once (`interruptions`) might be what ends the machine: it comes after the
others, and nothing else is done beside it. A job that somebody waits for goes before all that
nobody waits for, also when it was cut off.
"""

from __future__ import annotations

from typing import Final

BULK_PRIORITY: Final = 100
"""Of what nobody waits for."""

_OF_KINDS: Final = "AND kind IN (SELECT value FROM json_each(:kinds))"
_FIRST: Final = """
SELECT id, priority, interruptions FROM job WHERE state = 'queued' AND interruptions {which} {kinds}
ORDER BY {order} LIMIT 1"""
_IS_RUNNING: Final = "EXISTS (SELECT 1 FROM job WHERE state = 'running'"


def _next(kinds: str) -> str:
    untouched = _FIRST.format(which="= 0", kinds=kinds, order="priority, id")
    cut_off = _FIRST.format(which="> 0", kinds=kinds, order="priority, interruptions, id")
    return f"""
SELECT id FROM (
    SELECT * FROM (SELECT * FROM ({untouched}) UNION ALL SELECT * FROM ({cut_off}))
    ORDER BY interruptions > 0 AND priority >= {BULK_PRIORITY}, priority, interruptions LIMIT 1
) WHERE NOT {_IS_RUNNING} AND interruptions > 0)
    AND (interruptions = 0 OR NOT {_IS_RUNNING}))"""


NEXT: Final = _next("")
"""The id of the next job of any kind; no row when nothing may be begun now."""
NEXT_OF_KINDS: Final = _next(_OF_KINDS)
"""The same of `:kinds`, a JSON list."""
