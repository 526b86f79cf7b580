from pathlib import Path

import pytest

from indexer.files.tags.tag_reading import FileTags
from indexer.ingest.declared_kind import declared_kind, may_be_speech

MUSIC = Path("/music/Band/Album/01 Song.mp3")


@pytest.mark.parametrize(
    ("genres", "kind"),
    [
        (("Podcast",), "podcast"),
        (("Podcast", "Jazz"), "podcast"),
        (("Audiobook",), "audiobook"),
        (("Hörbuch",), "audiobook"),
        (("Livres audio",), "audiobook"),
        (("Books & Spoken",), "audiobook"),
        (("Аудиокнига",), "audiobook"),
        (("有声书",), "audiobook"),
        (("Spoken Word",), "speech"),
        (("Hörspiel",), "speech"),
        (("Speech", "Hip-Hop"), "music"),
        (("Sound Effects",), "sound"),
        (("Bruitages",), "sound"),
        (("Rock",), "music"),
        (("Comedy",), None),
        (("Zydecore",), None),
        ((), None),
    ],
)
def test_the_genre_says_what_it_is(genres: tuple[str, ...], kind: str | None) -> None:
    assert declared_kind(MUSIC, FileTags(title="Song", genres=genres)) == kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/music/Podcasts/Show/12 Episode.mp3", "podcast"),
        ("/music/My Podcasts/12.mp3", "podcast"),
        ("/music/Hörbücher/Autor/Band 1.mp3", "audiobook"),
        ("/music/Livres audio/Verne/1.ogg", "audiobook"),
        ("/music/book.m4b", "audiobook"),
        ("/music/Sound Effects/door.wav", "sound"),
        ("/music/Speech/3 Years/01.mp3", None),
        ("/music/Songs from a podcast about trains/01.mp3", None),
        ("/music/Band/The Interview/01.mp3", None),
    ],
)
def test_folder_and_ending_say_what_it_is(path: str, kind: str | None) -> None:
    assert declared_kind(Path(path), FileTags(title="x")) == kind


def test_an_album_of_a_book_says_so_and_a_genre_of_music_outweighs_it() -> None:
    book = FileTags(title="Kapitel 1", album="Der Prozess (Ungekürzte Lesung)")
    assert declared_kind(MUSIC, book) == "audiobook"
    song = FileTags(title="Song", album="Unabridged", genres=("Rock",))
    assert declared_kind(MUSIC, song) == "music"


def test_the_type_of_a_release_counts_too() -> None:
    tags = FileTags(title="x", extra={"musicbrainzalbumtype": ("album", "Spokenword")})
    assert declared_kind(MUSIC, tags) == "speech"


def test_a_genre_of_music_and_speech_only_leans() -> None:
    assert may_be_speech(FileTags(title="x", genres=("Comedy",)))
    assert not may_be_speech(FileTags(title="x", genres=("Rock",)))
