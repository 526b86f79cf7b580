from pathlib import Path

import pytest

from indexer.mir.tags.declared_kind import FileWords, declared_kind, may_be_speech

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
    assert declared_kind(FileWords(MUSIC, genres)) == kind


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
    assert declared_kind(FileWords(Path(path))) == kind


def test_an_album_of_a_book_says_so_and_a_genre_of_music_outweighs_it() -> None:
    book = FileWords(MUSIC, names=("Der Prozess (Ungekürzte Lesung)", "Kapitel 1"))
    assert declared_kind(book) == "audiobook"
    assert declared_kind(FileWords(MUSIC, ("Rock",), names=("Unabridged",))) == "music"


def test_the_type_of_a_release_counts_too() -> None:
    assert declared_kind(FileWords(MUSIC, types=("album", "Spokenword"))) == "speech"


def test_a_genre_of_music_and_speech_only_leans() -> None:
    assert may_be_speech(("Comedy",))
    assert not may_be_speech(("Rock",))
