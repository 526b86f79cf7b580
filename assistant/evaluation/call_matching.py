"""Whether the calls of a request are among those that are right for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from assistant.evaluation.request_sets import ExpectedCall
from store.folding import fold

MatchVerdict = Literal["right", "partly", "deferred", "wrong"]
Call = tuple[str, Mapping[str, Any]]

ANY: Final = "*"
_NOTHING: Final = object()
_QUERY_TOOLS: Final = frozenset({"search_tracks", "make_playlist"})
_BY: Final = re.compile(r"\s+(?:by|par|de|from)\s+|\s+d['’]\s*|\s+[-–—]\s+", re.IGNORECASE)
_NARROWING: Final = {"descending": "sort", "about": "track"}
"""Arguments that older sets do not name; they count as said beside the argument they belong to."""


def verdict(calls: Sequence[Call], expected: Sequence[ExpectedCall]) -> MatchVerdict:
    """Return the verdict on the calls made for one request.

    Right: every call equals one of the expected ones. Partly: the right tool, and what is missing
    is the only fault. Deferred: no call where one is expected. Wrong: everything else.
    """
    if not calls:
        return "right" if any(call.tool is None for call in expected) else "deferred"
    found = {_best(call, expected) for call in calls}
    if "wrong" in found:
        return "wrong"
    return "partly" if "partly" in found else "right"


def _best(call: Call, expected: Sequence[ExpectedCall]) -> MatchVerdict:
    verdicts = {
        _compare(arguments, each)
        for each in expected
        if each.tool is not None
        for arguments in _forms(call, each)
    }
    for best in ("right", "partly"):
        if best in verdicts:
            return best
    return "wrong"


def _forms(call: Call, expected: ExpectedCall) -> Iterator[Mapping[str, Any]]:
    """Yield the arguments in each form that can be compared with those of the expected call.

    "Play X" plays: where a search is expected, play_music on the same query is as right, and its
    `track` "Title by Artist" says what `text` and `artists` say.
    """
    name, arguments = call
    if name == expected.tool:
        yield arguments
    if name == "play_music" and (expected.tool in _QUERY_TOOLS or name == expected.tool):
        yield arguments
        if track := arguments.get("track"):
            rest = {key: value for key, value in arguments.items() if key != "track"}
            yield {**rest, "text": track}
            for title, artist in _splits(str(track)):
                yield {**rest, "text": title, "artists": [artist]}
        elif set(arguments) == {"text"} and "track" in expected.arguments:
            yield {"track": arguments["text"]}
        elif set(arguments) == {"text", "artists"} and "track" in expected.arguments:
            yield {"track": f"{arguments['text']} by {' and '.join(arguments['artists'])}"}


def _compare(given: Mapping[str, Any], expected: ExpectedCall) -> MatchVerdict:
    wanted = {key: value for key, value in expected.arguments.items() if key != ANY}
    for name, value in given.items():
        right = wanted.get(name, expected.optional.get(name, _NOTHING))
        if right is _NOTHING:
            if ANY not in expected.arguments and not _narrows(name, given, wanted):
                return "wrong"
        elif not _same(name, value, right):
            return "wrong"
    missing = wanted.keys() - given.keys()
    if missing and missing == wanted.keys():
        return "wrong"  # nothing of the request is left: it would select everything
    return "partly" if missing else "right"


def _narrows(name: str, given: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    beside = _NARROWING.get(name)
    return beside is not None and beside in given and beside in wanted


def _same(name: str, value: Any, right: Any) -> bool:
    if right in (ANY, [ANY]):
        return value not in (None, "", [])
    if isinstance(right, list | tuple):
        items = value if isinstance(value, list | tuple) else [value]
        return sorted(map(_plain, items), key=str) == sorted(map(_plain, right), key=str)
    if _plain(value) == _plain(right):
        return True
    if name in {"track", "like", "from_track", "to_track", "mixes_with"}:
        return any(_plain(title) == _plain(right) for title, _ in _splits(str(value)))
    return False


def _plain(value: Any) -> Any:
    """Return a comparable form: folded names, numbers as numbers."""
    if isinstance(value, bool):
        return str(value)  # True is not the number 1
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str):
        return value
    return _BY.sub(" by ", f" {fold(_BY.sub(' by ', value))} ").strip()


def _splits(name: str) -> Iterator[tuple[str, str]]:
    """Yield title and artist of "Title by Artist", at each place where it can be split."""
    for cut in _BY.finditer(name):
        yield name[: cut.start()], name[cut.end() :]
