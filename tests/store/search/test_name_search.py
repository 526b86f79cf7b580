import pytest

from store.search.name_search import EXACT, NameSearch, resolve_track


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Midnight Drive", "Midnight Drive"),
        ("midnight drive by the night owls", "Midnight Drive"),
        ("Night Owls - Midnight Drive", "Midnight Drive"),
        ("Midnight Drive - Night Owls", "Midnight Drive"),
        ("deja vu", "Déjà vu"),
        ("Déjà vu de Éloïse Duprès", "Déjà vu"),
        ("l hiver a paris", "L'hiver à Paris"),
        ("hiver a paris", "L'hiver à Paris"),
        ("“Halo”", "Halo"),
        ("Concrete by DJ Kessler", "Concrete"),
        ("MC Zoulou - Concrete Jungle", "Concrete Jungle"),
        ("gymnopedie no 1", "Gymnopédie No. 1"),
        ("Midnite Drvie", "Midnight Drive"),
        ("Steal Horizon", "Steel Horizon"),
        ("Wherehouse by Kesler", "Warehouse"),
        ("gymnopodie", "Gymnopédie No. 1"),
    ],
)
def test_a_track_is_found_by_what_people_write(library, text, title):
    found = resolve_track(text)
    assert found and found[0].name == title


def test_exact_names_score_as_exact_and_others_do_not(library):
    assert resolve_track("Halo")[0].score >= EXACT
    assert resolve_track("Concrete")[0].name == "Concrete"
    assert resolve_track("Steal the horison")[0].score < EXACT


@pytest.mark.parametrize("text", ["", " ", "zzqx", "qwertyuiop", "'", '"', "\x00", "🎸"])
def test_nothing_resembles_nonsense(library, text):
    assert resolve_track(text) == ()


def test_artists_and_albums_are_found(library):
    names = NameSearch()
    assert names.artists("night owls")[0].name == "The Night Owls"
    assert names.artists("eloise dupres")[0].name == "Éloïse Duprès"
    assert names.artists("the nite owls")[0].name == "The Night Owls"
    assert "MC Zoulou" in {match.name for match in names.artists("mc zoulou")}
    assert names.albums("l ete")[0].name == "L'été"
    assert names.albums("city light")[0].artist == "The Night Owls"
    assert names.artists("\x00") == names.albums("zzzz") == ()


def test_the_limit_is_kept(library):
    assert len(resolve_track("the", limit=2)) <= 2
    assert len(NameSearch().artists("the", limit=1)) <= 1
