import pytest

from store.people import likes, ratings
from store.people.mood_labels import label_count, mood_labels
from tools import give_feedback as tool
from tools.base import ToolContext, ToolError, take_back

EN, FR = ToolContext(language="en"), ToolContext(language="fr")


def given(context=EN, **said):
    result = tool.run(tool.arguments(track="Strobe", **said), context)
    return tool.render(result, context)


def test_a_mood_that_does_not_fit_is_kept_with_what_was_predicted(shelf):
    shown = given(mood="chill", fits=False)
    assert shown.sentence == "Noted: “Strobe” by deadmau5 is not chill. I learn from that."
    [label] = mood_labels(1)
    assert (label.track_id, label.mood, label.fits) == (shelf.id("Strobe"), "chill", False)
    assert (label.strength, label.features_version) == (0.8, 1)
    given(mood="chill", fits=True)
    assert [label.fits for label in mood_labels(1)] == [True]
    assert mood_labels(2) == ()


def test_likes_and_stars(shelf):
    assert given(like=True).sentence == "Noted: you like “Strobe” by deadmau5."
    shown = given(FR, like=False, rating=4)
    assert shown.sentence == (
        "C'est noté : vous n'aimez pas « Strobe » de deadmau5. "
        "« Strobe » de deadmau5 a 4 étoiles de votre part."
    )
    strobe = shelf.id("Strobe")
    assert (likes.likes_of(1)[strobe], ratings.stars_of(1, strobe)) == (-1, 4)
    back = take_back(tool)
    assert back is not None
    assert back(shown.data, EN) == "Taken back: “Strobe” by deadmau5 is as you left it before."
    assert (likes.likes_of(1)[strobe], ratings.stars_of(1, strobe)) == (1, 0)


def test_a_label_is_taken_back(shelf):
    shown = given(mood="dark", fits=True)
    back = take_back(tool)
    assert back is not None
    back(shown.data, EN)
    assert label_count() == 0


def test_what_is_missing_is_asked_for(shelf):
    with pytest.raises(ToolError, match="do you like it"):
        given()
    with pytest.raises(ToolError, match="Which mood"):
        given(mood="dark")
