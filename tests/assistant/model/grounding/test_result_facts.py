"""Results as a model reads them."""

from __future__ import annotations

import json

from assistant.model.grounding.result_facts import clean, facts_for_model

TRACK = {"id": 1, "title": "Night Drive", "artist": "Neon Coast", "bpm": 118.0, "why": ["dark"]}


def test_references_stand_first_and_ids_stay_home() -> None:
    facts, references = facts_for_model({"tracks": [TRACK, {**TRACK, "title": "Ladder"}]})
    first = json.loads(facts)["tracks"][0]
    assert next(iter(first)) == "ref"
    assert set(first) == {"ref", "title", "artist", "bpm"}
    assert references == {"T1": "Night Drive", "T2": "Ladder"}


def test_ten_tracks_at_most() -> None:
    facts, references = facts_for_model({"tracks": [{"title": f"a{n}"} for n in range(40)]})
    assert len(json.loads(facts)["tracks"]) == len(references) == 10


def test_untrusted_text_is_cut_and_cleaned() -> None:
    assert clean("a\x00b\u202e\n\tc") == "a b c"
    assert len(clean("x" * 500)) == 80
