from dataclasses import replace

import numpy as np
import pytest

from tools import find_similar as tool
from tools.base import ToolContext, ToolError

EN, FR = ToolContext(language="en"), ToolContext(language="fr")


def similar(context=EN, **arguments):
    result = tool.run(tool.arguments(**arguments), context)
    return result, tool.render(result, context)


def test_neighbours_by_sound(shelf):
    result, rendering = similar(track="One More Time", limit=2)
    assert set(result.track_ids) == {shelf.id("Around the World"), shelf.id("Strobe")}
    assert rendering.kind == "tracks"
    assert rendering.sentence == "These 2 tracks sound most like “Daft Punk - One More Time”."
    first = next(f for f in rendering.data["tracks"] if f["title"] == "Around the World")
    assert first["why"] == ["also house", "same mood (happy)", "121 BPM"]
    assert 0 <= first["similarity"] <= 1 and first["audio_url"]
    assert rendering.data["like"]["title"] == "One More Time"


def test_french_reasons(shelf):
    _, rendering = similar(FR, track="Blue in Green", limit=1)
    assert rendering.sentence == "Voici ce qui ressemble le plus à « Miles Davis - Blue in Green »."
    assert rendering.data["tracks"][0]["why"][:2] == ["même genre (jazz)", "même ambiance (chill)"]


def test_neither_itself_nor_a_copy(shelf, add_song):
    rng = np.random.default_rng(5)
    vector = rng.normal(size=200)
    song = ("Twin", "Someone", None, 2000, 3.0, 100, "8A", 0.5, "rock", "happy")
    first = add_song(shelf, song, name="first.flac", vector=vector)
    copy = add_song(shelf, song, name="copy.flac", vector=vector)
    longer = add_song(shelf, ("Longer", *song[1:4], 5.0, *song[5:]), name="l.flac", vector=vector)
    result, _ = similar(track="Twin", limit=5)
    assert result.track_ids[0] == longer
    assert first not in result.track_ids and copy not in result.track_ids


def test_never_heard(shelf):
    with pytest.raises(ToolError, match="not listened to “Untitled” yet"):
        similar(track="Untitled")


def test_ten_when_nothing_is_said(shelf):
    result, _ = similar(track="Angel")
    assert len(result.track_ids) == 10
    assert shelf.id("Angel") not in result.track_ids


def test_more_neighbours_leave_out_what_was_shown(shelf):
    first, _ = similar(track="Angel")
    rest, rendering = similar(replace(EN, seen=first.track_ids), track="Angel")
    assert len(rest.track_ids) == 4 and not set(rest.track_ids) & set(first.track_ids)
    assert rest.facts["shown_before"] == 10
    assert rendering.sentence.startswith("These 4 come next after those that sound like “Massive")
    both = first.track_ids + rest.track_ids
    _, rendering = similar(replace(FR, seen=both), track="Angel")
    assert rendering.sentence.startswith("Ce sont tous les morceaux que j'ai comparés à")
