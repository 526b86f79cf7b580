from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from pydantic import ValidationError

from store.database import db
from store.playlists.playlist_reading import newest_playlist, playlist, playlists
from store.playlists.refresh_times import is_due
from tools import edit_playlist
from tools import make_playlist as tool
from tools.base import ToolContext, ToolError
from tools.saved_playlists.finding import find_playlist
from tools.tracks.compatibility import tempo_similarity

EN, FR = ToolContext(language="en"), ToolContext(language="fr")


def made(context=EN, **wishes):
    result = tool.run(tool.arguments(**wishes), context)
    return result, tool.render(result, context)


def test_saved_in_order_with_reasons(shelf):
    result, rendering = made(keys=["8A", "9A"], limit=6)
    saved = newest_playlist()
    assert saved and [e.track.id for e in saved.entries] == list(result.track_ids)
    assert len(result.track_ids) == 6
    assert result.playlist == saved.name == "8A · 9A"
    assert saved.request == {"keys": ["8A", "9A"], "limit": 6, "seed": result.facts["seed"]}
    reasons = [entry.reason for entry in saved.entries]
    assert reasons[0].startswith("opens: ") and all(reasons)
    assert all("BPM" in r or "tempo" in r for r in reasons)
    assert rendering.kind == "playlist"
    assert rendering.sentence.startswith("“8A · 9A”: 6 tracks, ")
    assert rendering.data["tracks"][1]["why"] == [reasons[1]]
    assert rendering.data["tracks"][0]["audio_url"].endswith("/audio")


def test_no_artist_twice_in_a_row(shelf):
    result, _ = made(limit=15)
    artists = [fact["artist"] for fact in result.facts["tracks"]]
    assert all(a != b for a, b in pairwise(artists))


def test_a_length_is_met(shelf):
    result, rendering = made(duration_min=30)
    assert abs(result.facts["duration_s"] - 1800) <= 120
    assert "too little" not in rendering.sentence


def test_too_little_music_is_said(shelf):
    result, rendering = made(duration_min=60, genres=["rock"])
    assert len(result.track_ids) == 3
    assert "too little music that fits for 1 h 00 min" in rendering.sentence
    _, rendering = made(FR, duration_min=60, genres=["rock"])
    assert "trop peu de musique" in rendering.sentence


def test_too_few_tracks_are_said(shelf):
    _, rendering = made(genres=["rock"], limit=20)
    assert "of the 20 you asked for" in rendering.sentence


def test_nothing_short_enough(shelf):
    with pytest.raises(ToolError, match="short enough"):
        made(artists=["deadmau5"], duration_min=3)


def test_the_arc_rises(shelf):
    result, _ = made(arc="rise", limit=12, exclude_artists=["Nobody"])
    energies = [f["energy"] for f in result.facts["tracks"] if f["energy"] is not None]
    third = len(energies) // 3
    assert sum(energies[-third:]) > sum(energies[:third]) + 0.5


def test_named_and_unique(shelf):
    first, _ = made(name="Road trip", limit=3)
    second, _ = made(name="Road trip", limit=3)
    assert first.playlist == "Road trip"
    assert second.playlist and second.playlist != "Road trip"
    hostile, _ = made(name="../x\n#EXTM3U", limit=2)
    assert hostile.playlist == "../x #EXTM3U"


def test_a_generated_name_in_french(shelf):
    result, rendering = made(FR, moods=["happy"], genres=["house"])
    assert result.playlist == "Joyeux · House"
    assert "ouverture" in result.facts["tracks"][0]["why"][0]
    assert rendering.sentence.startswith("« Joyeux · House » : 2 morceaux")


def test_empty_says_why_and_saves_nothing(shelf):
    result, rendering = made(genres=["jazz"], bpm_min=150, duration_min=30)
    assert result.track_ids == () and result.playlist is None
    assert rendering.kind == "text" and "without the tempo 2 would" in rendering.sentence
    assert playlists() == ()


@pytest.mark.parametrize(
    ("sort", "field", "sign"), [("bpm", "bpm", 1), ("energy", "energy", -1), ("year", "year", 1)]
)
def test_a_sort_is_kept(shelf, sort, field, sign):
    result, _ = made(sort=sort, limit=8, exclude_moods=["romantic"], bpm_min=50)
    values = [sign * fact[field] for fact in result.facts["tracks"]]
    assert values == sorted(values)


def test_the_last_added(shelf):
    result, _ = made(sort="added", limit=4)
    assert shelf.id("Untitled") in result.track_ids


def test_the_same_seed_gives_the_same_list(shelf):
    first = made(limit=5)[0]
    assert made(limit=5, seed=first.facts["seed"])[0].track_ids == first.track_ids


def test_other_times_other_tracks(shelf):
    assert len({frozenset(made(limit=5)[0].track_ids) for _ in range(8)}) > 1


def test_a_seed_is_no_argument_that_is_offered():
    properties = tool.arguments.model_json_schema()["properties"]
    assert "seed" not in properties and {"from_track", "to_track"} <= set(properties)


def test_a_path_from_an_artist_to_a_track(shelf):
    result, rendering = made(from_track="Miles Davis", to_track="One More Time", limit=5)
    facts = result.facts["tracks"]
    assert facts[0]["artist"] == "Miles Davis" and facts[-1]["title"] == "One More Time"
    assert len(facts) == len({fact["id"] for fact in facts}) == 5
    assert all(a["artist"] != b["artist"] for a, b in pairwise(facts))
    assert rendering.sentence.startswith("“Miles Davis → One More Time”: 5 tracks, ")
    jumps = sum(not tempo_similarity(a["bpm"], b["bpm"]) for a, b in pairwise(facts))
    assert result.facts["jumps"] == jumps
    if jumps:
        assert "from Miles Davis to One More Time." in rendering.sentence
        assert "each a step" not in rendering.sentence and "in tempo" in rendering.sentence
    else:
        assert rendering.sentence.endswith("each a step from Miles Davis to One More Time.")


def test_a_playlist_starts_from_a_track(shelf):
    result, _ = made(from_track="Hells Bells", limit=4)
    assert result.facts["tracks"][0]["title"] == "Hells Bells"
    assert len(result.track_ids) == len(set(result.track_ids)) == 4
    lasting, _ = made(from_track="Hells Bells", duration_min=15)
    assert lasting.facts["tracks"][0]["title"] == "Hells Bells"
    assert lasting.facts["duration_s"] <= 15 * 60 + 120


def test_a_path_needs_two_ends(shelf):
    with pytest.raises(ToolError, match="where it ends"):
        made(to_track="Hells Bells")
    with pytest.raises(ToolError, match="deux bouts"):
        made(FR, from_track="Hells Bells", to_track="hells bells")
    with pytest.raises(ToolError, match="do not find"):
        made(from_track="Hells Bells", to_track="Nobody at all")
    with pytest.raises(ToolError, match="Did you mean “Massive Attack”"):
        made(from_track="Hells Bells", to_track="Masiv Atak")


def test_a_path_of_a_length_without_a_genre(shelf):
    result, _ = made(
        from_track="AC/DC", to_track="Daft Punk", duration_min=30, exclude_genres=["jazz"]
    )
    assert 20 <= result.facts["duration_s"] / 60 <= 40
    assert "jazz" not in {fact["genre"] for fact in result.facts["tracks"]}


def test_like_a_track(shelf):
    result, _ = made(like="One More Time", limit=5)
    assert shelf.id("Around the World") in result.track_ids


def test_a_song_in_two_files_comes_once(shelf, add_song):
    song = ("Thunderstruck", "AC/DC", "Best Of", 2005, 4.9, 134, "10B", 0.9, "rock", "energetic")
    add_song(shelf, song, name="again.flac", vector=np.ones(200))
    result, _ = made(artists=["ac/dc"])
    titles = [fact["title"] for fact in result.facts["tracks"]]
    assert sorted(titles) == ["Back in Black", "Hells Bells", "Thunderstruck"]


def test_random_is_random(shelf):
    drawn = {made(sort="random", limit=3)[0].track_ids for _ in range(12)}
    assert len(drawn) > 1


@pytest.mark.parametrize("wrong", [{"duration_min": 0}, {"arc": "up"}, {"limit": 201}, {"x": 1}])
def test_wrong_arguments(wrong):
    with pytest.raises(ValidationError):
        tool.arguments(**wrong)


def test_defaults():
    arguments = tool.arguments()
    assert arguments.harmonic is True
    assert arguments.name is arguments.duration_min is arguments.arc is arguments.limit is None
    assert arguments.refresh == "never"


def test_the_first_of_an_order(shelf):
    def titles(**wishes):
        return [fact["title"] for fact in made(**wishes)[0].facts["tracks"]]

    assert titles(sort="length", descending=True, limit=3) == [
        "Strobe", "So What", "Around the World",
    ]  # fmt: skip
    assert titles(sort="bpm", descending=False, limit=2) == ["Blue in Green", "Hurt"]
    artists = [fact["artist"] for fact in made(sort="artist", limit=20)[0].facts["tracks"]]
    assert artists[:3] == ["AC/DC", "AC/DC", "AC/DC"] and artists[-1] is None


def test_a_flow_is_claimed_only_where_there_is_one(shelf):
    ids = [shelf.id(title) for title in ("Strobe", "One More Time", "Around the World")]
    near = replace(EN, shown=tuple(ids), from_shown=True)
    assert "in an order that flows" in made(near)[1].sentence
    far = replace(near, shown=(*ids, shelf.id("Voilà"), shelf.id("Blue in Green")))
    result, rendering = made(far)
    assert result.facts["jumps"] == 1
    assert "flows" not in rendering.sentence
    assert "One of its 4 steps is a jump in tempo" in rendering.sentence
    assert "saut de tempo" in tool.render(result, replace(far, language="fr")).sentence
    assert "flows" not in made(near, sort="year")[1].sentence


def test_steps_of_a_path_are_told_as_they_are(shelf):
    result, rendering = made(from_track="Blue in Green", to_track="Thunderstruck", limit=2)
    assert [fact["bpm"] for fact in result.facts["tracks"]] == [58, 134]
    assert result.facts["jumps"] == 1 and "each a step" not in rendering.sentence
    assert "Its one step is a jump" in rendering.sentence


def test_made_of_the_tracks_shown(shelf):
    ids = [shelf.id(title) for title in ("Angel", "Voilà", "So What", "Blue in Green", "Strobe")]
    shown = replace(EN, shown=tuple(ids), from_shown=True)
    result, _ = made(shown)
    assert set(result.track_ids) == set(ids) and result.playlist == "Selection"
    assert result.facts["seed"] is None
    result, _ = made(shown, genres=["jazz"])
    assert set(result.track_ids) == {ids[2], ids[3]} and result.playlist == "Jazz"
    result, _ = made(shown, duration_min=15)
    assert set(result.track_ids) < set(ids) and abs(result.facts["duration_s"] - 900) <= 120
    assert len(made(shown, limit=2)[0].track_ids) == 2
    assert made(shown, name="Mine")[0].playlist == "Mine"
    result, _ = made(shown, artists=["AC/DC"])
    assert result.track_ids == ()


def test_many_tracks_shown_all_go_in(shelf):
    ids = tuple(shelf.ids.values())
    result, _ = made(replace(EN, shown=ids, from_shown=True))
    assert set(result.track_ids) == set(ids)


def test_nothing_was_shown(shelf):
    with pytest.raises(ToolError, match="not shown any tracks"):
        made(replace(EN, from_shown=True))
    assert playlists() == ()


def test_it_belongs_to_the_person(shelf):
    result, _ = made(replace(EN, person=2), limit=2, name="Gym")
    assert playlists() == () and newest_playlist(person=2).id == result.playlist_id
    assert made(limit=2, name="Gym")[0].playlist == "Gym"


def day_before(number):
    with db.write() as session:
        at = "UPDATE playlist SET refreshed_at = '2024-01-01 12:00:00.000000' WHERE id = :id"
        db.rows(session, at, id=number)


@pytest.mark.parametrize("refresh", ["daily", "weekly", "on_new"])
def test_its_tracks_change_when_it_is_opened_and_due(shelf, refresh):
    result, rendering = made(keys=["8A", "9A"], limit=3, refresh=refresh)
    number = result.playlist_id
    assert "It gets other tracks" in rendering.sentence
    edit_playlist.run(edit_playlist.arguments(action="lock", position=1), EN)
    assert find_playlist("last", EN).entries[1].track.id == result.track_ids[1]
    day_before(number)
    opened = [entry.track.id for entry in find_playlist("last", FR).entries]
    assert opened[0] == result.track_ids[0] and not {*opened[1:]} & {*result.track_ids}
    assert [entry.track.id for entry in find_playlist("last", EN).entries] == opened
    assert (
        "same" in playlist(number).entries[1].reason or "BPM" in playlist(number).entries[1].reason
    )
    edit_playlist.run(edit_playlist.arguments(action="undo"), EN)
    assert [entry.track.id for entry in playlist(number).entries] == list(result.track_ids)


def test_where_nothing_else_fits_it_stays(shelf):
    result, _ = made(genres=["jazz"], refresh="daily")
    day_before(result.playlist_id)
    found = find_playlist("last", EN)
    assert [entry.track.id for entry in found.entries] == list(result.track_ids)
    assert not is_due(result.playlist_id)
