"""A query piece by piece, and without each."""

from tools.library.query_labels import query_labels

QUERY = {
    "genres": ["jazz", "soul"], "bpm_min": 90, "bpm_max": 110, "artists": ["Ada Lund"],
    "year_min": 1980, "limit": 5, "sort": "bpm",
}  # fmt: skip


def test_each_piece_has_a_label_and_the_query_without_it() -> None:
    found = dict(query_labels(QUERY, "en"))
    assert found["jazz"] == {**QUERY, "genres": ["soul"]}
    tempo = next(rest for label, rest in found.items() if "90" in label and "110" in label)
    assert "bpm_min" not in tempo and "bpm_max" not in tempo
    artist = next(rest for label, rest in found.items() if "Ada Lund" in label)
    assert "artists" not in artist
    assert len(found) == 5  # neither the limit nor the order is one


def test_labels_are_in_the_language_of_the_answer() -> None:
    labels = [label for label, _ in query_labels({"moods": ["happy"], "keys": ["8A", "9A"]}, "fr")]
    assert len(labels) == 2 and labels[0] != "happy" and "8A" in labels[1]
