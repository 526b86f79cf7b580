"""Which tool a request asks for, and the names that go with it."""

from __future__ import annotations

from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.doubts import Doubt
from assistant.understanding.parsing.draft import Draft
from assistant.understanding.parsing.naming.titles import Title, take_reference, take_title

_LONGEST_PROPERTY = 6  # words
_YEAR_DIGITS = 4
_DESCRIBING = frozenset({"moods", "weak_moods", "genres", "tempo", "energy", "vocals"})
_PROPERTIES = frozenset({"flags", "drum_level", "groove"})


def protect_names(scan: Scan) -> None:
    """Keep the word after "like", "by" or "called" from being read as a number or an order."""
    for at in range(len(scan.tokens)):
        for name in ("like.ask", "by.ask", "named.ask"):
            size = scan.group_at(at, name)
            weak = scan.group_at(at, "like.needs_name") == size
            if weak and not scan.tokens[at + size : at + size + 1]:
                continue
            if weak and not scan.tokens[at + size].capital:
                continue  # "genre avant 1950"
            if size and scan.meaning_at(at) is None:
                first = at + size
                first += scan.group_at(first, "track")
                scan.protected.add(first)


def read_status(scan: Scan) -> bool:
    """ "How many songs do I have?", "où en est l'indexation ?" """
    best = scan.longest(scan.language.rules["status"])
    if best is None:
        return False
    after = scan.group_at(best[1], "status.tail")
    if best[1] - best[0] == 1 and len(scan.leftovers()) > 1 + after:
        return False
    # "What's in my library from 2004 that's sad" asks for tracks.
    if any(
        scan.meaning_at(at) or scan.norm(at)[:2] == "@d" or _is_year(scan.norm(at))
        for at in range(best[1] + after, len(scan.tokens))
    ):
        return False
    scan.use(*best, "status")
    for at in range(best[1], len(scan.tokens)):
        if size := scan.group_at(at, "status.tail"):
            scan.use(at, at + size, "status")
    return True


def _is_year(norm: str) -> bool:
    return len(norm) == _YEAR_DIGITS and norm.isdigit() and norm[:2] in {"19", "20"}


def found_title(draft: Draft, argument: str, title: Title) -> None:
    """Set a track, with its id or what else may be meant."""
    draft.set(argument, title.text)
    if title.track_id is not None:
        draft.entities[title.text] = title.track_id
    if title.choices:
        draft.doubts.append(Doubt.SEVERAL_TRACKS)
        draft.choices = title.choices


def read_drums(scan: Scan, draft: Draft, state: ConversationState) -> bool:
    """ "Make me a drum chart of Back in Black", with its levels."""
    places = [
        (at, size, name == "drum")
        for name in ("drum", "drum_verb")
        for at in range(len(scan.tokens))
        if (size := scan.group_at(at, name)) and not _of_tracks(scan, at, size)
    ]
    if places:
        _read_levels(scan, draft)
        _read_chart_tempo(scan, draft)
        _read_chart_again(scan, draft)
    for find in (_title_after, _title_before):
        for at, size, sure in places:
            found = find(scan, at, size, state, sure=sure)
            if found is None:
                continue
            first, title = found
            scan.use(at, first, "drums")
            scan.use(title.first, title.last, "title")
            found_title(draft, "track", title)
            _use_all(scan, "drum", "drums")
            return True
    if _play_along(scan, draft, state):
        return True
    if not any(sure for _, _, sure in places):
        return False
    _use_all(scan, "drum", "drums")
    draft.doubts.append(Doubt.CHART_OF_WHAT)
    return True


def _of_tracks(scan: Scan, at: int, size: int) -> bool:
    """ "An easy *drum part*", "that have a *drum chart*": says which tracks, asks for no chart."""
    for first in range(max(0, at - _LONGEST_PROPERTY), at + 1):
        found = scan.meaning_at(first)
        if found and found[1] in _PROPERTIES and at + size <= first + found[0] > first + size:
            return True
    return False


def _play_along(scan: Scan, draft: Draft, state: ConversationState) -> bool:
    """ "I want to play X on drums": a verb, a title, and the drums behind it."""
    start = scan.group_at(0, "drum_play")
    behind = [at for at in range(start + 1, len(scan.tokens)) if scan.group_at(at, "drum_behind")]
    if not start or not behind:
        return False
    title = take_title(scan, start, state, needs_name=True)
    if title is None or title.last != behind[0]:
        return False
    scan.use(0, behind[0] + scan.group_at(behind[0], "drum_behind"), "drums")
    _read_levels(scan, draft)
    found_title(draft, "track", title)
    return True


def _use_all(scan: Scan, group: str, label: str) -> None:
    for at in range(len(scan.tokens)):
        scan.use(at, at + scan.group_at(at, group), label)


def _title_after(
    scan: Scan, at: int, size: int, state: ConversationState, *, sure: bool
) -> tuple[int, Title] | None:
    """ "drum chart *of Back in Black*": (first token of the title, title)."""
    following = at + size
    while following < len(scan.tokens) and scan.used[following] == "levels":
        following += 1
    following += int(scan.norm(following) == "," and sure)
    following += scan.group_at(following, "of") if sure else 0
    drums = any((scan.norm(i),) in scan.language.group("drums") for i in range(at, following))
    title = take_title(scan, following, state, needs_name=not sure and not drums)
    return title and (max(following, title.first), title)


def _title_before(
    scan: Scan, at: int, size: int, state: ConversationState, *, sure: bool
) -> tuple[int, Title] | None:
    """ "the *Back in Black* drum chart": capitals right before the words."""
    first = at
    while sure and scan.free(first - 1) and not scan.group_at(first - 1, "signals.make"):
        first -= 1
        if scan.tokens[first].capital and all(
            not scan.tokens[i].capital for i in range(max(0, first - 2), first)
        ):
            break
    if first == at or not scan.tokens[first].capital or (first == 0 and at == 1):
        return None
    last = at
    while last > first + 1 and scan.group_at(last - 1, "title_tail"):
        last -= 1
    return at + size, Title(scan.slice(first, last), first, at)


def _read_chart_tempo(scan: Scan, draft: Draft) -> None:
    """ "Chart Iron Tide *at 168 bpm*": no part of the title."""
    for _, match, first, last in scan.longest_first(scan.language.rules["chart_tempo"]):
        if first and not draft.chart_bpm:
            draft.chart_bpm = float(match["n"].replace(",", "."))
            scan.use(first, last, "drums")


def _read_chart_again(scan: Scan, draft: Draft) -> None:
    """ "*Redo* the drum chart of X", "make *the* drum chart of X *again*"."""
    if size := scan.group_at(0, "drum_redo"):
        scan.use(0, size, "drums")
        draft.chart_again = True
    end = len(scan.tokens)
    size = scan.group_before(end, "drum_again")
    first = end - size
    # "Make a drum chart of On the Road Again" names no chart that is there.
    is_title = any(scan.tokens[at].capital for at in range(first, end))
    if size and not is_title and any(scan.group_at(at, "drum_known") for at in range(first)):
        scan.use(first, end, "drums")
        draft.chart_again = True


def _read_levels(scan: Scan, draft: Draft) -> None:
    """Levels, unless they may be part of a title ("Master of Puppets")."""
    for at in range(len(scan.tokens)):
        found = scan.meaning_at(at)
        if not found or found[1] != "levels":
            continue
        token = scan.tokens[at]
        title_like = token.capital and not token.raw.isupper()
        listed = scan.group_before(at, "level_noun") or scan.used[at - 1] == "levels"
        puppets = scan.group_at(at + 1, "of") and not listed
        if title_like or puppets:
            continue
        draft.add("levels", found[2])
        scan.use(at, at + found[0], "levels")
        for side in (at - 1, at + found[0]):
            if (scan.norm(side),) in scan.language.group("level_side"):
                scan.use(side, side + 1, "levels")


def read_summary(scan: Scan, draft: Draft, state: ConversationState) -> bool:
    """ "Tell me about X", "what key is X in?" """
    best = scan.longest(scan.language.rules["summary"])
    if best is None:
        return _read_sound(scan, draft, state)
    first, last = best
    if scan.group_at(last, "summary.never") and not scan.tokens[last].capital:
        return False
    words = tuple(scan.norm(i) for i in range(first, last))
    weak = words in scan.language.group("summary.needs_name")
    title = take_title(scan, last, state, needs_name=weak, tail="summary.after")
    if title is None or (title.last < len(scan.tokens) and _says_more(scan, title.last)):
        return False
    alike = any(at + scan.group_at(at, "like.ask") > first for at in range(first))
    if alike and title.last == len(scan.tokens):
        return False  # "dans *le genre de* X"
    scan.use(first, title.first, "summary")
    scan.use(title.first, title.last, "title")
    found_title(draft, "track", title)
    return True


def _read_sound(scan: Scan, draft: Draft, state: ConversationState) -> bool:
    """ "What does X sound like?", "what is number two like?": words on both sides of a track."""
    last = len(scan.tokens)
    for kind in ("place", "sound"):
        start = scan.group_at(0, f"summary.{kind}")
        end = scan.group_before(last, f"summary.{kind}_end")
        if not start or (scan.language.group(f"summary.{kind}_end") and not end):
            continue
        if kind == "place":
            title = take_reference(scan, start, state)
        else:
            title = take_title(scan, start, state, needs_name=True, tail="summary.sound_end")
        if title is not None and title.last in {last, last - end}:
            scan.use(0, len(scan.tokens), "summary")
            found_title(draft, "track", title)
            return True
    return False


def _says_more(scan: Scan, at: int) -> bool:
    return any(label in {"years", "quantity", "key"} for label in scan.used[at:])


def read_signals(scan: Scan, *, playlist: bool = True) -> set[str]:
    """Verbs and nouns that show the tool; returns which kinds there are."""
    seen: set[str] = set()
    for at in range(len(scan.tokens)):
        sizes = {
            name: scan.group_at(at, name)
            for name in ("signals.playlist", "tracks", "signals.make", "signals.find")
            if playlist or name != "signals.playlist"
        }
        if scan.group_at(at, "described_noun") and scan.used[at - 1] in _DESCRIBING and at:
            sizes = {"signals.playlist": 1}  # "a *chill list* for the evening"
        elif scan.group_before(at, "purpose"):
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
        if size := max(scan.group_at(at, "fill.words"), scan.group_at(at, "fill.people")):
            scan.use(at, at + size, "fill")
