"""Requests made from the API's own description: what it promises is what it does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.specs.openapi import checks

from assistant.settings import Settings
from assistant.web.contract.shapes import LARGEST_ID
from assistant.web.server import create_app
from store.database import db
from store.playlists.playlist_writing import save_playlist

ENDLESS = "/api/events"
EXAMPLES = 4
"""Of each address and kind; more are asked for by hand when the API changes."""
HERE = {"Host": "localhost:8000"}
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


@pytest.fixture(scope="module")
def described(library_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The description of an application over a library that the requests may change."""
    data = tmp_path_factory.mktemp("contract") / "data"
    shutil.copytree(library_template / "data", data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BACKBEAT_DATA", str(data))
        db.reset()
        save_playlist("Evening", [(1, "start"), (2, "slower")], {})
        app = create_app(Settings(use_model=False), chat=False)
        _only_small_ids(app.openapi())
        loaded = schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=HERE)
        yield loaded.exclude(path=ENDLESS)
        db.reset()


def _only_small_ids(schema: Any) -> None:
    """Let requests name things that are there more often than not."""
    if isinstance(schema, dict):
        if schema.get("maximum") == LARGEST_ID:
            schema["maximum"] = 12
        schema = list(schema.values())
    for inner in schema if isinstance(schema, list) else ():
        _only_small_ids(inner)


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_what_is_described_is_what_happens(
    described: Any, mode: schemathesis.GenerationMode
) -> None:
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def holds(case: Any) -> None:
            reply = case.call(headers=HERE)
            assert reply.status_code != 421
            case.validate_response(reply, checks=CHECKS)

        with suppress(Unsatisfiable):  # nothing is sent there, so that nothing can be wrong
            holds()


def test_every_reply_is_described(described: Any) -> None:
    for path, methods in described.raw_schema["paths"].items():
        for method, operation in methods.items():
            found = {code: reply for code, reply in operation["responses"].items() if code < "3"}
            assert found, (method, path)
            for code, reply in found.items():
                shapes = [value["schema"] for value in reply.get("content", {}).values()]
                assert code == "204" or shapes, (method, path)
                assert all(
                    "$ref" in shape or "type" in shape or "anyOf" in shape for shape in shapes
                )
                assert not any(map(_says_nothing, shapes)), (method, path)
            assert {"4XX", "5XX"} <= operation["responses"].keys()


def _says_nothing(shape: dict[str, Any]) -> bool:
    return shape.get("type") == "object" and "properties" not in shape
