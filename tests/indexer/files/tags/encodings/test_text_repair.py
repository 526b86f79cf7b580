"""Texts of one file in a code page that its tags do not tell."""

import pytest

from indexer.files.tags.encodings.text_repair import StoredText, read_as, repair


def stored(text, page="cp1252", *, unicode=False):
    """A text in a code page, as a frame called Latin-1 (or a program that misread it) holds it."""
    return StoredText(text.encode(page).decode("latin-1"), unicode)


@pytest.mark.parametrize(
    "text",
    ["Don’t Stop", "C’est la vie", "It’s a Man’s World", "Sinéad O’Connor", "Œuvre", "L’Œil",
     "Cœur de pirate", "ÄÖÜ", "ÅÄÖ", "ÆØÅ", "Été", "Où", "Ágætis byrjun", "Þú", "Ñu", "7½", "¥€$",
     "µ-Ziq Theme", "98.6°", "Joan of Arc †", "£20 to Get In", "„Köln“", "¿Qué será?"],
)  # fmt: skip
@pytest.mark.parametrize("unicode", [False, True])
def test_western_titles_stay(text, unicode):
    given = StoredText(text, unicode=True) if unicode else stored(text)
    assert repair([given])[0].text == text


@pytest.mark.parametrize(
    ("text", "page"),
    [("月亮代表我的心", "gbk"), ("我願意", "big5"), ("夜に駆ける", "euc_jp"), ("日本", "shift_jis"),
     ("사랑해", "euc_kr"), ("רוק ישראלי", "cp1255"), ("Φεγγάρι", "cp1253"), ("فيروز", "cp1256"),
     ("Группа крови", "cp1251"), ("Группа крови", "koi8_r"), ("ДДТ", "cp1251"),
     ("รักเธอ", "tis_620"), ("Dziwny jest ten świat", "cp1250"), ("Işıklı ağaçlar", "cp1254"),
     ("Don’t", "utf-8"), ("Кино", "utf-8"), ("Mëness", "utf-8")],
)  # fmt: skip
@pytest.mark.parametrize("unicode", [False, True])
def test_other_code_pages_are_found(text, page, unicode):
    assert repair([stored(text, page, unicode=unicode)])[0].text == text


def test_all_texts_of_a_file_decide_together():
    alone = stored("Yağmur", "cp1254")
    assert repair([alone])[0].text != "Yağmur"
    texts = [alone, stored("Gönülçelen şarkısı", "cp1254")]
    assert [one.text for one in repair(texts)] == ["Yağmur", "Gönülçelen şarkısı"]
    assert repair([alone], beside=[stored("Işıklı ağaçlar", "cp1254")])[0].text == "Yağmur"


def test_neighbours_do_not_turn_what_is_right():
    beside = [stored("Группа крови", "cp1251"), stored("Звезда по имени Солнце", "cp1251")]
    assert repair([stored("Café Français")], beside)[0].text == "Café Français"


def test_texts_of_several_code_pages_in_one_file():
    texts = [stored("Группа крови", "cp1251"), stored("Кино", "utf-8"), stored("日本", "shift_jis")]
    assert [one.codec for one in repair(texts)] == ["cp1251", "utf-8", "cp932"]


def test_what_was_changed_is_told_and_what_was_not_is_not():
    assert repair([stored("Été")])[0].codec is None
    assert repair([StoredText("plain")])[0].codec is None
    assert repair([stored("Don’t")])[0].codec == "cp1252"


def test_a_person_chooses_the_code_page():
    assert read_as(stored("ÄÖÜ"), "cp1251").text == "ДЦЬ"
    assert read_as(StoredText("Кино", unicode=True), "cp1253").text == "Кино"
    assert read_as(stored("é"), "utf-8").text == "é"
