"""Which tool a request asks for, and the names that go with it."""

from __future__ import annotations

from assistant.understanding.draft import Draft
from assistant.understanding.scan import Scan
from assistant.understanding.state import ConversationState
from assistant.understanding.titles import Title, take_title

_DRUM_WORDS = frozenset({"drums", "drum", "batterie"})
_LEVEL_NOUNS = frozenset({"level", "levels", "niveau", "niveaux"})
# Before "like" these make it a verb of taste, not a comparison.
_TASTE = frozenset(
    [
        "i",
        "you",
        "we",
        "they",
        "he",
        "she",
        "would",
        "id",
        "do",
        "people",
        "dont",
        "to",
        "youd",
        "wed",
        "not",
    ]
)

# "Music *to make* sport", "pour faire le ménage": nothing is to be made.
_PURPOSE = frozenset({"for", "pour"})


def protect_names(scan: Scan) -> None:
    """Keep the word after "like", "by" or "called" from being read as a number or an order."""
    for at in range(len(scan.tokens)):
        for name in ("like.ask", "by.ask", "named.ask"):
            size = scan.group_at(at, name)
            if size and scan.meaning_at(at) is None:
                first = at + size
                first += scan.group_at(first, "track")
                scan.protected.add(first)


def read_status(scan: Scan) -> bool:
    """ "How many songs do I have?", "où en est l'indexation ?" """
    best: tuple[int, int] | None = None
    for pattern in scan.language.rules["status"]["ask"]:
        found = scan.find(pattern)
        if found and (best is None or found[2] - found[1] > best[1] - best[0]):
            best = found[1], found[2]
    if best is None:
        return False
    after = scan.group_at(best[1], "status.tail")
    if best[1] - best[0] == 1 and len(scan.leftovers()) > 1 + after:
        return False
    scan.use(*best, "status")
    for at in range(best[1], len(scan.tokens)):
        if size := scan.group_at(at, "status.tail"):
            scan.use(at, at + size, "status")
    return True


def _found_title(draft: Draft, argument: str, title: Title) -> None:
    draft.set(argument, title.text)
    if title.choices:
        draft.doubts.append("several tracks")
        draft.choices = title.choices


def read_drums(scan: Scan, draft: Draft, state: ConversationState) -> bool:
    """ "Make me a drum chart of Back in Black", with its levels."""
    places = [(at, name) for name in ("drum", "drum_verb") for at in range(len(scan.tokens))]
    for at, name in places:
        size, sure = scan.group_at(at, name), name == "drum"
        if not size:
            continue
        following = at + size
        _read_levels(scan, draft)
        while following < len(scan.tokens) and scan.used[following] == "levels":
            following += 1
        following += int(scan.norm(following) == "," and sure)
        following += scan.group_at(following, "of") if sure else 0
        said = {scan.norm(i) for i in range(at, following)}
        bare = not sure and not said & _DRUM_WORDS
        title = take_title(scan, following, state, needs_name=bare)
        if title is None and sure:
            title = _title_before(scan, at, state)
        if title is None:
            if sure:
                scan.use(at, at + size, "drums")
                draft.doubts.append("a chart of what?")
            return sure
        scan.use(at, max(following, title.first if title.first > at else at), "drums")
        scan.use(title.first, title.last, "title")
        _found_title(draft, "track", title)
        return True
    return False


def _title_before(scan: Scan, at: int, state: ConversationState) -> Title | None:
    """ "the Back in Black drum chart": capitals right before the words."""
    first = at
    while scan.free(first - 1) and not scan.group_at(first - 1, "signals.make"):
        first -= 1
        if scan.tokens[first].capital and all(
            not scan.tokens[i].capital for i in range(max(0, first - 2), first)
        ):
            break
    if first < at and scan.tokens[first].capital and (first > 0 or at - first > 1):
        last = at
        while last > first + 1 and scan.group_at(last - 1, "title_tail"):
            last -= 1
        text = scan.slice(first, last)
        return Title(text, first, at)
    return None


def _read_levels(scan: Scan, draft: Draft) -> None:
    """Levels, unless they may be part of a title ("Master of Puppets")."""
    for at in range(len(scan.tokens)):
        found = scan.meaning_at(at)
        if not found or found[1] != "levels":
            continue
        token = scan.tokens[at]
        title_like = token.capital and not token.raw.isupper()
        puppets = scan.norm(at + 1) in {"of", "de"} and scan.norm(at - 1) not in _LEVEL_NOUNS
        if title_like or puppets:
            continue
        draft.add("levels", found[2])
        scan.use(at, at + found[0], "levels")
        for side in (at - 1, at + found[0]):
            if scan.norm(side) in {"and", "et", "on", "only", "in", "level", "levels", "at", "en",
                                   "the", "niveau", "niveaux", "seulement", "just", "uniquement",
                                   "au", "aux", "le", "les", "to", "difficulty", "a"}:  # fmt: skip
                scan.use(side, side + 1, "levels")


def read_summary(scan: Scan, draft: Draft, state: ConversationState) -> bool:
    """ "Tell me about X", "what key is X in?" """
    best: tuple[int, int] | None = None
    for pattern in scan.language.rules["summary"]["before"]:
        found = scan.find(pattern)
        if found and (best is None or found[2] - found[1] > best[1] - best[0]):
            best = found[1], found[2]
    if best is None:
        return False
    first, last = best
    words = tuple(scan.norm(i) for i in range(first, last))
    weak = words in scan.language.group("summary.needs_name")
    title = take_title(scan, last, state, needs_name=weak, tail="summary.after")
    if title is None or (title.last < len(scan.tokens) and _says_more(scan, title.last)):
        return False
    scan.use(first, title.first, "summary")
    scan.use(title.first, title.last, "title")
    _found_title(draft, "track", title)
    return True


def _says_more(scan: Scan, at: int) -> bool:
    return any(label in {"years", "quantity", "key"} for label in scan.used[at:])


def read_like(scan: Scan, draft: Draft, state: ConversationState) -> None:
    """ "songs like X", "dans le style de X"."""
    for at in range(len(scan.tokens)):
        size = scan.group_at(at, "like.ask")
        if not size:
            continue
        if scan.norm(at) == "like" and scan.norm(at - 1) in _TASTE:
            continue
        weak = size == 1 and scan.norm(at) in {"genre", "style", "facon"}
        title = take_title(scan, at + size, state, needs_name=weak)
        if title is None:
            continue
        if scan.group_at(at, "like.scene") and _is_scene(scan, title):
            scan.use(at, at + size, "like")
            return
        scan.use(at, title.first, "like")
        scan.use(title.first, title.last, "title")
        _found_title(draft, "like", title)
        return


def _is_scene(scan: Scan, title: Title) -> bool:
    """ "Music that feels like walking in the snow": no title, unless the library has it."""
    small = not scan.tokens[title.first].capital and scan.norm(title.first) != "@q"
    typed = title.text == scan.slice(title.first, title.last) and not title.choices
    return (
        small
        and typed
        and any(
            scan.group_at(at, f"describe.{kind}")
            for at in range(title.first, title.last)
            for kind in ("scenes", "times")
        )
    )


def read_signals(scan: Scan, *, playlist: bool = True) -> set[str]:
    """Verbs and nouns that show the tool; returns which kinds there are."""
    seen: set[str] = set()
    for at in range(len(scan.tokens)):
        sizes = {
            name: scan.group_at(at, name)
            for name in ("signals.playlist", "tracks", "signals.make", "signals.find")
            if playlist or name != "signals.playlist"
        }
        if scan.norm(at - 1) in _PURPOSE:
            sizes["signals.make"] = 0
        best = max(sizes, key=lambda name: sizes[name])
        if at == 0 and sizes.get("signals.find") == sizes[best]:
            best = "signals.find"
        # "songs *which are* sad" asks nothing.
        if sizes[best] > 1 or (sizes[best] and scan.group_at(at, "fill.words") < 2):
            label = best.removeprefix("signals.")
            scan.use(at, at + sizes[best], label)
            seen.add(label)
    return seen


def read_fill(scan: Scan) -> None:
    """Use up the words that say nothing about the music."""
    for at in range(len(scan.tokens)):
        if size := scan.group_at(at, "fill.words"):
            scan.use(at, at + size, "fill")
