""" "Export my playlist Sunday as rekordbox": which playlist, which format."""

from __future__ import annotations

from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.draft import Draft

LAST = "last"
_MAX_NAME_WORDS = 6


def read_export(scan: Scan, draft: Draft) -> bool:
    """Read an export; False when the request is something else."""
    formats = [
        (at, found)
        for at in range(len(scan.tokens))
        if (found := scan.meaning_at(at)) and found[1] == "format"
    ]
    strong = [at for at in range(min(5, len(scan.tokens))) if scan.group_at(at, "export.strong")]
    if (not strong and not formats) or _new_one(scan):
        return False
    trial = _Trial(scan)
    for at, (size, _, value) in formats:
        trial.arguments["format"] = value
        trial.use(at, size)
    named = trial.named()
    for at in range(len(scan.tokens)):
        trial.use(at, scan.group_at(at, "export.verbs"))
        if size := scan.group_at(at, "export.playlist"):
            trial.has_playlist = True
            trial.use(at, size)
    rest = trial.rest()
    if not strong and rest and not named and not trial.asks_for_file(rest):
        return False
    if not strong and not formats:
        return False
    pointed = not rest and any(scan.group_at(at, "export.it") for at in range(len(scan.tokens)))
    if not (formats or trial.has_playlist or named or pointed):
        return False
    if rest and (named or trial.other_format(rest) or not trial.span(rest)):
        return False
    draft.arguments.update(trial.arguments)
    draft.arguments.setdefault("playlist", LAST)
    scan.use(0, len(scan.tokens), "export")
    return True


def _new_one(scan: Scan) -> bool:
    """ "Save *a playlist of* jazz songs": one that is still to be made."""
    return any(
        size and scan.group_before(at, "new_one") and scan.group_at(at + size, "content")
        for at in range(len(scan.tokens))
        if (size := scan.group_at(at, "export.playlist"))
    )


class _Trial:
    """An export being read; the scan is only marked once it holds together."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.arguments: dict[str, str] = {}
        self.has_playlist = False
        self._used: set[int] = set()

    def use(self, at: int, size: int) -> None:
        self._used.update(range(at, at + size))

    def named(self) -> bool:
        """A quoted name."""
        for at, token in enumerate(self.scan.tokens):
            if token.norm in {"@q", "@name-playlist"}:
                self.arguments["playlist"] = token.raw
                self._used.add(at)
                return True
        return False

    def rest(self) -> list[int]:
        """Words that are neither grammar nor a way to say "the last one"."""
        scan = self.scan
        for at in range(len(scan.tokens)):
            for name in ("export.words", "last_names", "named.ask", "status.tail"):
                size = scan.group_at(at, name)
                if size and not self._name_word(at, size):
                    self.use(at, size)
        return [i for i in scan.leftovers() if i not in self._used]

    def _name_word(self, at: int, size: int) -> bool:
        """A capital inside the request is part of a name ("Last Night")."""
        return at > 0 and any(
            self.scan.tokens[i].capital and self.scan.norm(i) != "i" for i in range(at, at + size)
        )

    def other_format(self, rest: list[int]) -> bool:
        """ "… for Serato", "… as csv": a format or a player that is not known."""
        last, before = rest[-1], self.scan.norm(rest[-1] - 1)
        small = last > 0 and not self.scan.tokens[last - 1].capital
        target = (before,) in self.scan.language.group("export.target")
        return small and target and "format" not in self.arguments

    def asks_for_file(self, rest: list[int]) -> bool:
        """ "I'd like the playlist Night Drive as an XSPF file": a name, and nothing to be made."""
        scan = self.scan
        makes = any(scan.group_at(at, "signals.make") for at in range(len(scan.tokens)))
        return self.has_playlist and scan.tokens[rest[0]].capital and rest[0] > 0 and not makes

    def span(self, rest: list[int]) -> bool:
        """Take the words left over as the playlist's name, if they stand together."""
        first, last = rest[0], rest[-1] + 1
        sure = self.has_playlist or ("format" in self.arguments and self.scan.tokens[first].capital)
        if last - first > _MAX_NAME_WORDS or not sure:
            return False
        inside = [i for i in range(first, last) if i not in rest]
        nouns = (self.scan.group_at(i, "export.playlist") for i in inside)
        if any(nouns) or any(self.scan.meaning_at(i) for i in inside):
            return False
        self.arguments["playlist"] = self.scan.slice(first, last)
        return True
