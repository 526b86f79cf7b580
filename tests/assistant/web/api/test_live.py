"""The chat, and what goes on in the house, as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from assistant.web.api.live import chat_routes, event_routes
from store.conversations import conversations, steps
from store.database.db import rows, write
from store.jobs import indexer_state, job_queue
from store.people import tokens, users
from store.tables.people import OWNER_ID


async def test_a_turn_comes_piece_by_piece_and_goes_on(api: httpx.AsyncClient, stream: Any) -> None:
    async with stream("POST", "/api/chat", json={"text": "find jazz"}) as events:
        found = [event async for event in events]
    names = [name for name, _ in found]
    assert names[0] == "step" and names[-1] == "done" and "text" in names
    result = next(values for name, values in found if name == "result")
    assert {track["title"] for track in result["data"]["tracks"]} == {
        "Slow Harbour", "Paper Boats",
    }  # fmt: skip
    done = found[-1][1]
    assert done["answer"] == "".join(values["text"] for name, values in found if name == "text")
    said = {"text": "faster than 80 BPM", "conversation": done["conversation"], "stream": False}
    turn = (await api.post("/api/chat", json=said)).json()
    assert [track["title"] for track in turn["calls"][0]["data"]["tracks"]] == ["Paper Boats"]
    listed, _ = conversations.conversations(OWNER_ID)
    assert [(row.id, row.name) for row in listed] == [(done["conversation"], "find jazz")]
    kept = [step.body["output"] for step in steps.steps_of(done["conversation"])]
    assert kept == ["find jazz", done["answer"], said["text"], turn["answer"]]


async def test_only_ones_own_conversations(api: httpx.AsyncClient) -> None:
    turn = (await api.post("/api/chat", json={"text": "help", "stream": False})).json()
    users.add_user("Zoë", "a long secret")
    bruno = users.add_user("Bruno", "a long secret").person.id
    api.headers["Authorization"] = f"Bearer {tokens.add_token('radio', bruno)[1]}"
    said = {"text": "help", "conversation": turn["conversation"], "stream": False}
    assert (await api.post("/api/chat", json=said)).status_code == 404
    for wrong in ({}, {"text": ""}, {"text": "x", "conversation": "../x"}):
        assert (await api.post("/api/chat", json=wrong)).status_code == 422


async def test_one_message_at_a_time(
    api: httpx.AsyncClient, stream: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn = (await api.post("/api/chat", json={"text": "help", "stream": False})).json()
    over = asyncio.Event()

    async def lasting(*_: Any, **__: Any) -> AsyncIterator[Any]:
        await over.wait()
        for event in ():
            yield event

    monkeypatch.setattr(chat_routes, "take_turn", lasting)
    said = {"text": "help", "conversation": turn["conversation"]}
    both = [stream("POST", "/api/chat", json=said) for _ in range(2)]
    await asyncio.gather(*(one.__aenter__() for one in both))
    assert sorted(one.status for one in both) == [200, 409]
    over.set()
    for one in both:
        await one.__aexit__()
    async with stream("POST", "/api/chat", json=said) as again:
        assert again.status == 200


async def test_changes_of_analysis_and_jobs_are_told(stream: Any) -> None:
    async with stream("GET", "/api/events?lang=fr") as events:
        told = aiter(events)
        name, first = await anext(told)
        assert (name, first["queued"], first["paused"]) == ("indexing", 0, None)
        job = job_queue.enqueue("chart", "2:BASIC", track_id=2)
        name, values = await anext(told)
        assert (name, values["id"], values["state"]) == ("job", job.id, "queued")
        indexer_state.pause_indexing()
        name, values = await anext(told)
        assert (name, values["paused"]) == ("indexing", "owner")
        assert job_queue.claim("worker", ["chart"]) is not None
        assert (await anext(told))[1]["state"] == "running"
        job_queue.finish(job.id, {})
        assert (await anext(told))[1]["state"] == "done"


async def test_events_end_with_the_login(stream: Any) -> None:
    token, secret = tokens.add_token("radio", OWNER_ID)
    headers = {"authorization": f"Bearer {secret}"}
    async with stream("GET", "/api/events?topic=jobs", headers=headers) as events:
        tokens.revoke_token(token.id)
        assert [event async for event in events] == []


async def test_events_end_quietly_where_the_login_cannot_be_looked_up(
    stream: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_routes, "CHECK_LOGIN_EVERY_S", 0)
    headers = {"authorization": f"Bearer {tokens.add_token('radio', OWNER_ID)[1]}"}
    async with stream("GET", "/api/events?topic=jobs", headers=headers) as events:
        with write() as session:
            rows(session, "ALTER TABLE apitoken RENAME TO gone")
        assert [event async for event in events] == []
