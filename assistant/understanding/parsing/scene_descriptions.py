"""Scenes and sounds there is no argument for: "a rainy Sunday in a café", "with saxophone".

They become the `text` of a search by meaning, but only where it is certain that they describe
music: every word that is left over stands in a run that names a scene or a sound.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.understanding.lexing.plain_text import fold
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.draft import Draft

_MAX_WORDS = 12
# Words that are neither scene nor filler ("my *grandmother's* kitchen in *Rome*").
_MAX_OTHER_WORDS = 3
# Ways from the run to a time of day or a weekday beside it ("driving *at the* …").
_MAX_BRIDGE = 3
# Wishes that may stand inside a description.
_INSIDE = frozenset({None, "moods", "tempo", "energy", "tracks", "find"})
# Arguments that say nothing of how the music should sound.
_OUTER = frozenset({"limit", "duration_min", "name", "arc", "harmonic", "sort"})
_KINDS = ("sounds", "scenes", "times")


@dataclass(frozen=True, slots=True)
class _WordRun:
    """Words that stand together.

    Attributes:
        kinds: Kind of scene or sound by place.
        others: Words left over that are neither that nor filler.
    """

    kinds: dict[int, str]
    others: list[int]

    @property
    def first(self) -> int:
        return min([*self.kinds, *self.others])

    @property
    def last(self) -> int:
        return max([*self.kinds, *self.others]) + 1


def read_description(scan: Scan, draft: Draft, seen: set[str]) -> None:
    """Take the words of scenes and sounds as `text`; leaves everything else alone."""
    arguments = set(draft.arguments)
    if arguments & {"text", "like"}:
        return
    unknown = _unknown(scan)
    wishes = arguments - _OUTER
    runs = _runs(scan, _kinds(scan, weak=not unknown and not wishes), unknown)
    about_music = bool({"tracks", "playlist"} & seen or wishes)
    if not runs or any(_broken(scan, run) for run in runs):
        return
    if not all(_certain(scan, run, about_music=about_music, bare=not seen) for run in runs):
        return
    texts = []
    for run in runs:
        first, last = _widened(scan, run.first, run.last)
        texts.append(_as_said(scan, first, last))
        before = scan.group_before(first, "describe.frame")
        first -= before or scan.group_before(first, "describe.link")
        scan.use(first, last, "text")
    draft.set("text", ", ".join(texts))


def _runs(scan: Scan, kinds: dict[int, str], unknown: list[int]) -> list[_WordRun]:
    """The words in runs that no comma and no other wish divides."""
    runs: list[_WordRun] = []
    before = -1
    for at in sorted({*kinds, *unknown}):
        between = range(before + 1, at)
        apart = any(scan.norm(i) == "," or scan.used[i] not in _INSIDE for i in between)
        if not runs or apart:
            runs.append(_WordRun({}, []))
        if at in kinds:
            runs[-1].kinds[at] = kinds[at]
        else:
            runs[-1].others.append(at)
        before = at
    return runs


def _unknown(scan: Scan) -> list[int]:
    """Free words that are no filler, and no "through" or "along" either."""
    filled: set[int] = set()
    for at in scan.leftovers():
        if size := scan.group_at(at, "fill.words") or scan.group_at(at, "describe.joins"):
            filled.update(range(at, at + size))
    return [at for at in scan.leftovers() if at not in filled]


def _kinds(scan: Scan, *, weak: bool) -> dict[int, str]:
    """Free words of scenes and sounds; weak ones are filler elsewhere ("Sunday morning")."""
    found: dict[int, str] = {}
    faint = 0
    for at in range(len(scan.tokens)):
        for kind in _KINDS:
            size = scan.group_at(at, f"describe.{kind}")
            if not size or at in found:
                continue
            if scan.group_at(at, "fill.words") >= size:
                if not weak:
                    continue
                faint += 1
            found |= dict.fromkeys(range(at, at + size), kind)
    return {} if faint == len(found) == 1 else found


def _broken(scan: Scan, run: _WordRun) -> bool:
    """Whether something in or before a run is no part of a description."""
    first, last = run.first, run.last
    if not run.kinds or last - first > _MAX_WORDS:
        return True
    if any(scan.norm(at)[0] in "@0123456789" for at in run.others):
        return True
    around = range(max(0, first - 2), min(last + 1, len(scan.tokens)))
    return any(scan.group_at(at, "describe.never") for at in around) or any(
        scan.group_before(at, "negator") for at in range(max(1, first - 2), last)
    )


def _certain(scan: Scan, run: _WordRun, *, about_music: bool, bare: bool) -> bool:
    """Whether the words describe music rather than anything else."""
    if run.others:
        return about_music and len(run.others) <= _MAX_OTHER_WORDS and _framed(scan, run.first)
    # "late night drive through the city" stands alone; "a restaurant in Paris" may not
    return about_music or (bare and {"times", "scenes"} <= set(run.kinds.values()))


def _framed(scan: Scan, first: int) -> bool:
    """Whether "for", "while", "that feels like" … leads to the words."""
    while first and scan.norm(first - 1) not in {",", ""}:
        if scan.group_before(first, "describe.frame"):
            return True
        if not scan.free(first - 1) or not scan.group_at(first - 1, "fill.words"):
            return False
        first -= 1
    return False


def _widened(scan: Scan, first: int, last: int) -> tuple[int, int]:
    """The run with the weekday or the time of day beside it."""
    while size := scan.group_at(last, "describe.joins"):
        last += size
    for end in range(last + 1, min(len(scan.tokens), last + _MAX_BRIDGE) + 1):
        if not scan.free(end - 1):
            break
        if scan.group_at(end - 1, "describe.times"):
            last = end
    while first and scan.free(first - 1) and (size := scan.group_before(first, "describe.joins")):
        first -= size
    for start in range(first - 1, max(-1, first - 1 - _MAX_BRIDGE), -1):
        if not scan.free(start) or scan.group_before(start + 1, "describe.frame"):
            break
        if scan.group_at(start, "describe.times"):
            first = start
    return first, last


def _as_said(scan: Scan, first: int, last: int) -> str:
    """The words as typed; a slip that was corrected, and capitals throughout, are not kept."""
    corrected = any(token.norm != fold(token.raw) for token in scan.tokens[first:last])
    if corrected:
        return " ".join(token.norm for token in scan.tokens[first:last] if token.norm != ",")
    said = scan.slice(first, last)
    return said.lower() if scan.text.isupper() else said
