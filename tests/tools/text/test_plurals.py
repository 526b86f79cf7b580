import pytest

from tools.text.plurals import plural_form

POLISH = {
    "one": "n = 1",
    "few": "n % 10 = 2..4 and n % 100 != 12..14",
    "many": "n % 10 = 0..1, 5..9 or n % 100 = 12..14",
}


@pytest.mark.parametrize(
    ("count", "form"),
    [(1, "one"), (2, "few"), (5, "many"), (12, "many"), (21, "many"), (22, "few")],
)
def test_a_language_of_several_plurals(count, form):
    assert plural_form(count, POLISH) == form


def test_none_is_singular_in_french_alone():
    assert [plural_form(n, {"one": "n = 0..1"}) for n in (0, 1, 2)] == ["one", "one", "other"]
    assert [plural_form(n, {"one": "n = 1"}) for n in (0, 1, 2)] == ["other", "one", "other"]


def test_a_rule_that_cannot_be_read_is_named():
    with pytest.raises(ValueError, match="n > 1"):
        plural_form(2, {"one": "n > 1"})
