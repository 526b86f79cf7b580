"""Misspelt names of the library: taken where one name alone is near enough to be meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rapidfuzz.distance import OSA

import prompts
from assistant.understanding.lexing.entities import Entity, EntityKind
from assistant.understanding.lexing.lexicon import language
from assistant.understanding.lexing.name_lookups import Lookups
from assistant.understanding.lexing.plain_text import Token
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.names.mentions import name_token
from store.folding import fold

_MOST_RUNS: Final = 2  # of words; each is compared with names of the whole library
_EDITS: Final = ((8, 2), (5, 1))
"""From so many letters on, so many letters may be wrong, missing, too many or swapped."""
_LONG_WORD: Final = 6  # letters; a shorter word with two wrong ones is another word
_NAME_ARGUMENTS: Final[Mapping[str, EntityKind | None]] = {
    "artists": "artist",
    "exclude_artists": "artist",
    "track": "track",
    "like": "track",
    "mixes_with": "track",
    "from_track": None,
    "to_track": None,
}
"""Arguments that hold names, and of what; None for a track or an artist."""


def closest(typed: str, names: Lookups, *, kind: EntityKind | None = None) -> list[Entity]:
    """Return what a misspelt name stands for, all of one name; empty where that is not certain."""
    wanted = fold(typed)
    allowed = next((edits for letters, edits in _EDITS if len(wanted) >= letters), 0)
    if not allowed:
        return []
    near = [entity for entity, _ in names.near(typed) if kind in {None, entity.kind}]
    edits = {entity: _edits(wanted, entity) for entity in near}
    best = min(edits.values(), default=allowed + 1)
    found = [entity for entity in near if edits[entity] == best]
    one_name = len({fold(entity.name) for entity in found}) == 1
    if best > allowed or not one_name:
        return []
    return [entity for entity in found if _near_by_word(wanted, fold(entity.name))]


def _near_by_word(wanted: str, name: str) -> bool:
    """Whether no short word differs in two letters: "Hey Jude" is no misspelt "Hey Joe"."""
    pairs = list(zip(wanted.split(), name.split(), strict=False))
    if len(wanted.split()) != len(name.split()):
        return True
    return all(
        OSA.distance(typed, meant) <= (1 if len(typed) < _LONG_WORD else 2)
        for typed, meant in pairs
    )


def _edits(wanted: str, entity: Entity) -> int:
    """Return the edits to a name, or to the last word of an artist's ("Brassens")."""
    name = fold(entity.name)
    forms = {name}
    if entity.kind == "artist":
        forms.add(name.split()[-1])
    alike = [form for form in forms if form[:1] == wanted[:1]]
    return min((OSA.distance(wanted, form) for form in alike), default=len(wanted))


def with_near_names(
    text: str, tokens: list[Token], scan: Scan, names: Lookups
) -> list[Token] | None:
    """Return the tokens with misspelt names as one token each; None where there are none.

    Args:
        text: The request.
        tokens: Its words.
        scan: What was read from them; only words left over are looked up.
        names: The library.
    """
    changed = list(tokens)
    for first, last in _left_over(scan)[:_MOST_RUNS]:
        if any(token.entities for token in changed if token not in tokens):
            break  # one name found is enough: the others may be parts of it
        if all(_known_word(token.norm) for token in scan.tokens[first:last]):
            continue  # "français" is no misspelt "François"
        start, end = scan.tokens[first].start, scan.tokens[last - 1].end
        entities = closest(text[start:end], names)
        if not entities:
            continue
        inside = [at for at, t in enumerate(changed) if start <= t.start and t.end <= end]
        token = name_token(changed, inside[0], inside[-1] + 1, entities[0].kind, entities)
        changed[inside[0] : inside[-1] + 1] = [token]
    return changed if changed != tokens else None


def with_library_spelling(arguments: Mapping[str, Any], names: Lookups) -> dict[str, Any]:
    """Return arguments whose misspelt names are spelt as the library does."""
    spelt = dict(arguments)
    for name, kind in _NAME_ARGUMENTS.items():
        value = arguments.get(name)
        if isinstance(value, list):
            spelt[name] = [_spelt(one, names, kind) for one in value]
        elif isinstance(value, str):
            spelt[name] = _spelt(value, names, kind)
    return spelt


def as_title(tool: str, arguments: Mapping[str, Any], names: Lookups) -> dict[str, Any]:
    """Return arguments whose only artist, whom nobody knows, is a misspelt title as that title."""
    artists = arguments.get("artists", ())
    title = {"search_tracks": "text", "play_music": "track"}.get(tool)
    if title is None or len(artists) != 1 or {"text", "track"} & set(arguments):
        return dict(arguments)
    if names.artist(artists[0]) or closest(artists[0], names, kind="artist"):
        return dict(arguments)
    meant = closest(artists[0], names, kind="track")
    if not meant:
        return dict(arguments)
    return {title: meant[0].name} | {k: v for k, v in arguments.items() if k != "artists"}


def _spelt(typed: str, names: Lookups, kind: EntityKind | None) -> str:
    known = names.artist(typed) if kind in {None, "artist"} else names.tracks(typed)
    if known:
        return typed
    found: Sequence[Entity] = closest(typed, names, kind=kind)
    return found[0].name if found else typed


def _known_word(word: str) -> bool:
    return any(word in language(name).vocabulary for name in prompts.languages())


def _left_over(scan: Scan) -> list[tuple[int, int]]:
    """Return runs of words that nothing used, the longest first.

    Small words may stand between them ("back *in* blak"); a word of the grammar may stand before
    ("*without* radiohed").
    """
    runs: list[tuple[int, int]] = []
    for at in scan.leftovers():
        between = range(runs[-1][1], at) if runs else ()
        if runs and all(scan.used[i] == "fill" for i in between):
            runs[-1] = runs[-1][0], at + 1
        else:
            runs.append((at, at + 1))
    shorter = [
        (first + 1, last)
        for first, last in runs
        if last - first > 1 and (scan.norm(first),) in scan.language.group("name_lead")
    ]
    return sorted([*runs, *shorter], key=lambda run: run[0] - run[1])
