"""A conversation as a file, and settings over the API."""

from __future__ import annotations

import json

import httpx
import pytest

from store.conversations import conversations, steps
from store.conversations.steps import ElementChange, StepChange
from store.people import people
from store.tables.people import OWNER_ID


@pytest.fixture
def conversation() -> str:
    """A request, its answer with two tracks, and a thumb."""
    conversations.note_conversation("c1", OWNER_ID, name="Jazz, s'il vous plaît")
    texts = (("s1", "user_message", "jazz"), ("s2", "assistant_message", "Two tracks."))
    for step, kind, text in texts:
        body = {"id": step, "type": kind, "output": text}
        steps.save("c1", OWNER_ID, [StepChange(step, body, text)])
    tracks = [{"artist": "Bix", "title": "One"}, {"artist": None, "title": "Two"}]
    shown = ElementChange("e1", "s2", {"forId": "s2", "props": {"tracks": tracks}})
    steps.save("c1", OWNER_ID, [shown])
    steps.save_feedback("s2", {"value": 1, "comment": None}, person_id=OWNER_ID)
    return "c1"


async def test_markdown_holds_what_was_said_and_shown(
    api: httpx.AsyncClient, conversation: str
) -> None:
    reply = await api.get(f"/api/conversations/{conversation}/export.md")
    assert reply.headers["content-type"].startswith("text/markdown")
    assert "attachment" in reply.headers["content-disposition"]
    parts = reply.text.split("\n\n")
    assert parts[0] == "# Jazz, s'il vous plaît"
    assert parts[2:] == ["**jazz**", "Two tracks.", "1. Bix – One\n2. Two\n"]


async def test_json_holds_everything(api: httpx.AsyncClient, conversation: str) -> None:
    reply = await api.get(f"/api/conversations/{conversation}/export.json")
    values = json.loads(reply.text)
    assert [step["output"] for step in values["steps"]] == ["jazz", "Two tracks."]
    assert values["steps"][1]["feedback"]["value"] == 1
    assert values["elements"][0]["props"]["tracks"][0]["title"] == "One"


@pytest.mark.parametrize("kind", ["md", "json"])
async def test_what_is_somebody_elses_is_not_there(api: httpx.AsyncClient, kind: str) -> None:
    conversations.note_conversation("c2", people.person("Bruno").id, name="secret")
    for number in ("c2", "c3"):
        reply = await api.get(f"/api/conversations/{number}/export.{kind}")
        assert reply.status_code == 404
        assert "secret" not in reply.text


async def test_settings_of_the_page_are_kept(api: httpx.AsyncClient) -> None:
    assert (await api.get("/api/preferences")).json()["theme"] is None
    changed = await api.post("/api/preferences", json={"theme": "dark", "radio": True})
    assert changed.json()["theme"] == "dark"
    assert (await api.get("/api/preferences")).json()["radio"] is True
    for wrong in ({"theme": "blue"}, {"language": "fr"}, {"radio": "maybe"}):
        assert (await api.post("/api/preferences", json=wrong)).status_code == 422
