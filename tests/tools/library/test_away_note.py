"""What is said of tracks that are away."""

from store.paths import encode_path
from store.tracks.away_tracks import confirm_gone, mark_away
from tools import make_playlist
from tools.base import ToolContext
from tools.library.away_note import away_facts, away_note
from tools.library_status import status_facts


def test_it_is_told_of_lists_and_of_the_library_and_no_playlist_is_made_of_it(shelf):
    ids = sorted(shelf.ids.values())
    assert away_note("en") == ""
    mark_away({encode_path("/music/nas"): ids[:3], encode_path("/music/usb"): ids[3:4]})
    assert away_note("en", ids[2:8]) == (
        "2 of 6 tracks are away: the folders nas and usb cannot be seen."
    )
    assert away_note("en", ids[8:]) == ""
    assert away_note("fr") == (
        "4 morceaux sur 16 sont absents : les dossiers nas et usb ne sont pas visibles."
    )
    assert [(each["folder"], each["tracks"]) for each in away_facts()] == [("nas", 3), ("usb", 1)]
    assert status_facts("en")["tracks"] == 16 and away_note("en") in status_facts("en")["notes"]
    made = make_playlist.run(make_playlist.arguments.model_validate({"limit": 16}), ToolContext())
    assert made.track_ids and not set(made.track_ids) & set(ids[:4])
    assert confirm_gone(encode_path("/music/nas")) == 3
    assert status_facts("en")["tracks"] == 13
