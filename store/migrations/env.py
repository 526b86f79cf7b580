"""Alembic's entry: run inside the connection that `store.database.upgrading` hands over."""

from __future__ import annotations

from typing import Any

from alembic import context

from store.migrations.names import FULL_TEXT_PREFIXES
from store.tables.all_tables import METADATA


def _is_ours(name: str | None, kind: str, parents: Any) -> bool:
    """Full-text tables are not in the models; SQLite makes several a piece."""
    return kind != "table" or not str(name).startswith(FULL_TEXT_PREFIXES)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
    render_as_batch=True,
    include_name=_is_ours,
)
with context.begin_transaction():
    context.run_migrations()
