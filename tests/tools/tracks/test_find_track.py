import pytest

from tools.base import ToolContext, ToolError
from tools.tracks.track_facts import find_track


@pytest.mark.parametrize(
    ("name", "title", "artist"),
    [
        ("Back in Black", "Back in Black", None),
        ("teardrop", "Teardrop", None),
        ("Hurt by Johnny Cash", "Hurt", "Johnny Cash"),
        ("Johnny Cash - Hurt", "Hurt", "Johnny Cash"),
        ("le temps de l'amour", "Le Temps de l'amour", None),
        ("Around the Wrld", "Around the World", None),
    ],
)
def test_found(shelf, name, title, artist):
    assert find_track(name, ToolContext(language="en")) == shelf.id(title, artist)


def test_by_number(shelf):
    assert find_track(f"#{shelf.id('Angel')}", ToolContext(language="en")) == shelf.id("Angel")
    with pytest.raises(ToolError):
        find_track("#999999", ToolContext(language="en"))


def test_misspelt(shelf):
    with pytest.raises(ToolError) as error:
        find_track("Bak in Blak", ToolContext(language="en"))
    assert str(error.value).startswith("I do not find “Bak in Blak”. Did you mean ")
    assert error.value.choices[0] == "AC/DC - Back in Black"
    with pytest.raises(ToolError, match=r"Je ne trouve pas « Bak in Blak »\. Vouliez-vous dire"):
        find_track("Bak in Blak", ToolContext(language="fr"))


def test_ambiguous(shelf):
    with pytest.raises(ToolError, match="may be several tracks") as error:
        find_track("Hurt", ToolContext(language="en"))
    assert set(error.value.choices) == {"Johnny Cash - Hurt", "Nine Inch Nails - Hurt"}
    for choice in error.value.choices:
        assert find_track(choice, ToolContext(language="en")) in (
            shelf.id("Hurt", "Johnny Cash"), shelf.id("Hurt", "Nine Inch Nails")
        )  # fmt: skip


def test_nothing_like_it(shelf):
    with pytest.raises(ToolError, match="I do not find “Qzxwv”") as error:
        find_track("Qzxwv", ToolContext(language="en"))
    assert error.value.choices == ()


def test_a_hostile_name_is_cut(shelf):
    with pytest.raises(ToolError) as error:
        find_track("x\n" * 90 + "{0}", ToolContext(language="en"))
    assert "\n" not in str(error.value) and len(str(error.value)) < 120
