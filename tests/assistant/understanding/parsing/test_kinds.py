import pytest

from assistant.understanding import read


@pytest.mark.parametrize(
    ("text", "tool", "arguments"),
    [
        ("podcasts", "search_tracks", {"kind": "speech"}),
        ("mes podcasts", "search_tracks", {"kind": "speech"}),
        ("play a podcast", "play_music", {"kind": "speech"}),
        ("mets un livre audio", "play_music", {"kind": "speech"}),
        ("audio books by Jane Austen", "search_tracks",
         {"artists": ["Jane Austen"], "kind": "speech"}),
        ("make a playlist of audiobooks", "make_playlist", {"kind": "speech"}),
        ("rock without podcasts", "search_tracks", {"genres": ["rock"], "kind": "music"}),
        ("no podcasts or audiobooks", "search_tracks", {"kind": "music"}),
        ("no spoken word", "search_tracks", {"kind": "music"}),
        ("pas de livres audio", "search_tracks", {"kind": "music"}),
        ("du jazz sans podcasts", "search_tracks", {"genres": ["jazz"], "kind": "music"}),
    ],
)  # fmt: skip
def test_speech_is_asked_for_and_left_out(text, tool, arguments):
    request = read(text)
    assert (request.tool, dict(request.arguments)) == (tool, arguments)
