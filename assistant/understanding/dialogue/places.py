"""Places in a list: "the second one", "number 4", "2 and 5", "the first three"."""

from __future__ import annotations

from assistant.understanding.lexing.tokens import Scan

_MOST_PLACES = 100


def skip_articles(scan: Scan, at: int) -> int:
    """The token after the articles at a place."""
    while size := scan.group_at(at, "article"):
        at += size
    return at


def place_at(scan: Scan, at: int) -> tuple[int, int] | None:
    """(end, 1-based place) of "the second one", "number 3", "le deuxième"; -1 is the last."""
    start = skip_articles(scan, at)
    ordinals = scan.language.ordinals
    determined = scan.group_at(at, "determiner")
    if determined and not scan.tokens[at].capital and scan.norm(at + determined) in ordinals:
        start = at + determined  # "that last one"
    skipped = start > at
    if not scan.free(start):
        return None
    if scan.norm(start) in ordinals:
        end = start + 1
        end += scan.group_at(end, "one_word")
        return end, ordinals[scan.norm(start)]
    if scan.tokens[start].capital and not scan.norm(start).isdigit():
        return None
    size = 1 if scan.norm(start) == "#" else scan.group_at(start, "number_word")
    number = scan.norm(start + size) if scan.free(start + size) else ""
    if number in {"one", "un", "une"} and size:
        return start + size + 1, 1
    several = skipped and scan.group_before(start, "plural_article")  # "les trois"
    if number.isdigit() and (size or (skipped and not several and len(number) < 3)):
        return start + size + 1, int(number)
    return None


def count_at(scan: Scan, at: int) -> tuple[int, int] | None:
    """(end, number) of "all three", "les trois": so many tracks, no place."""
    end = at + scan.group_at(at, "plural_article")
    number = scan.norm(end)
    if end > at and scan.free(end) and number.isdigit() and 1 < int(number) < _MOST_PLACES:
        return end + 1, int(number)
    return None


def places_at(scan: Scan, at: int) -> tuple[int, tuple[int, ...]]:
    """(end, 1-based places) of "number 4", "2 and 5", "the first three"; no places: none there."""
    places: list[int] = []
    end = at
    while found := _first_or_last_few(scan, end) or _one_place(scan, end, listed=bool(places)):
        end, more = found
        places += more
        link = scan.group_at(end, "list_and") or int(scan.norm(end) == "," and scan.free(end))
        if not link or not (
            _first_or_last_few(scan, end + link) or _one_place(scan, end + link, listed=True)
        ):
            break
        end += link
    return (end, tuple(dict.fromkeys(places))) if places else (at, ())


def _one_place(scan: Scan, at: int, *, listed: bool) -> tuple[int, list[int]] | None:
    if found := place_at(scan, at):
        return found[0], [found[1]]
    start = at + scan.group_at(at, "number_words")
    number = scan.norm(start)
    if scan.free(start) and number.isdigit() and len(number) < 4 and (listed or start > at):
        return start + 1, [int(number)]
    return None


def _first_or_last_few(scan: Scan, at: int) -> tuple[int, list[int]] | None:
    """ "the first three", "les deux derniers"."""
    start = skip_articles(scan, at)
    for edge, count in ((start, start + 1), (start + 1, start)):
        number = scan.norm(count)
        if not (number.isdigit() and 1 < int(number) < _MOST_PLACES):
            continue
        for group, sign in (("few_first", 1), ("few_last", -1)):
            if scan.group_at(edge, group):
                end = start + 2
                return end + scan.group_at(end, "tracks"), [
                    sign * place for place in range(1, int(number) + 1)
                ]
    return None
