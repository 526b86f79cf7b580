import pytest
from pydantic import ValidationError

from tools import compare_tracks as tool
from tools.base import ToolContext, ToolError

EN, FR = ToolContext(language="en"), ToolContext(language="fr")


def compared(*tracks, context=EN):
    result = tool.run(tool.arguments(tracks=list(tracks)), context)
    return result, tool.render(result, context)


@pytest.mark.parametrize(
    ("tracks", "english"),
    [
        (
            ("Strobe", "Windowlicker"),
            "“deadmau5 - Strobe” and “Aphex Twin - Windowlicker” mix: 128 and 124 BPM, 3.2 % "
            "apart, both in 9A.",
        ),
        (
            ("One More Time", "Around the World"),
            "“Daft Punk - One More Time” and “Daft Punk - Around the World” can be brought to one "
            "tempo, but their keys do not fit well: 123 and 121 BPM, 1.7 % apart, "
            "10B and 8A clash.",
        ),
        (
            ("Angel", "Around the World"),
            "“Massive Attack - Angel” and “Daft Punk - Around the World” have keys that fit, but "
            "their tempos are too far apart to mix: 108 and 121 BPM, 12 % apart, both in 8A.",
        ),
        (
            ("Strobe", "Teardrop"),
            "“deadmau5 - Strobe” and “Massive Attack - Teardrop” do not mix: 128 and 77 BPM, half "
            "or double time, 20.3 % apart, 9A and 4B clash.",
        ),
        (
            ("Strobe", "Untitled"),
            "Whether “deadmau5 - Strobe” and “Untitled” mix is not known: a tempo is not known, "
            "a key is not known.",
        ),
    ],
)
def test_a_pair(shelf, tracks, english):
    result, rendering = compared(*tracks)
    assert rendering.kind == "tracks" and rendering.sentence == english
    assert result.track_ids == tuple(shelf.id(title) for title in tracks)


def test_french(shelf):
    assert compared("Strobe", "Windowlicker", context=FR)[1].sentence == (
        "« deadmau5 - Strobe » et « Aphex Twin - Windowlicker » se mixent : 128 et 124 BPM, à "
        "3,2 % d'écart, tous deux en 9A."
    )


def test_side_by_side(shelf):
    _, rendering = compared("Strobe", "So What")
    first, second = rendering.data["tracks"]
    assert first["why"] == ["house", "energy 75 %", "11 min"]
    assert second["bpm"] == 136 and second["camelot"] == "7A"
    assert rendering.data["pairs"][0]["energy_change"] == -0.4


def test_several_tracks(shelf):
    result, rendering = compared("Strobe", "Windowlicker", "Teardrop", "Angel")
    assert len(result.facts["pairs"]) == 6
    assert rendering.sentence == (
        "Of 6 pairs one mixes in tempo and key: “deadmau5 - Strobe” and "
        "“Aphex Twin - Windowlicker”."
    )
    assert compared("Teardrop", "Angel", "So What", "Hells Bells")[1].sentence.startswith("Of 6")


def test_names_resolved_before_are_kept(shelf):
    context = ToolContext(entities={"Hurt": shelf.id("Hurt", "Johnny Cash")})
    result, _ = compared("Hurt", "Strobe", context=context)
    assert result.track_ids[0] == shelf.id("Hurt", "Johnny Cash")


def test_an_ambiguous_name_is_asked_about(shelf):
    with pytest.raises(ToolError, match="several tracks") as error:
        compared("Strobe", "Hurt")
    assert len(error.value.choices) == 2


def test_one_track_twice(shelf):
    with pytest.raises(ToolError, match="two different tracks"):
        compared("Strobe", "strobe")


@pytest.mark.parametrize("count", [1, 6])
def test_two_to_five(count):
    with pytest.raises(ValidationError):
        tool.arguments(tracks=["x"] * count)
