"""What tracks are to resemble: "songs like X", "dans le style de X"."""

from __future__ import annotations

from assistant.understanding.dialogue.state import ConversationState
from assistant.understanding.lexing.lexicon import small_words
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.doubts import Doubt
from assistant.understanding.parsing.draft import Draft
from assistant.understanding.parsing.intents import found_title
from assistant.understanding.parsing.naming.titles import Title, take_title


def read_like(scan: Scan, draft: Draft, state: ConversationState) -> None:
    """ "songs like X", "dans le style de X"."""
    for at in range(len(scan.tokens)):
        size = scan.group_at(at, "like.ask")
        if not size:
            continue
        if scan.norm(at) == "like" and scan.group_before(at, "taste"):
            continue
        if _like_a_number(scan, at, size):
            scan.use(at, at + size, "around")
            continue
        if _genre_follows(scan, at + size):
            scan.use(at, at + size, "fill")
            continue  # "something like bossa nova"
        if scan.group_before(at, "like.never_after"):
            continue  # "what have we got *like* …" in French asks for a kind
        weak = scan.group_at(at, "like.needs_name") == size
        title = take_title(scan, at + size, state, needs_name=weak)
        if title is None:
            continue
        if scan.group_at(at, "like.scene") and _is_scene(scan, title):
            scan.use(at, at + size, "like")
            return
        if title.track_id is None and _opens_small(scan, title):
            continue  # "music like in a western"
        scan.use(at, title.first, "like")
        scan.use(title.first, title.last, "title")
        found_title(draft, "like", title)
        link = scan.group_at(title.last, "list_and")
        if link and any(t.is_name for t in scan.tokens[title.last + link : title.last + link + 1]):
            draft.doubts.append(Doubt.SEVERAL_TRACKS)  # "like Dire Straits and Supertramp"
        return


def _genre_follows(scan: Scan, at: int) -> bool:
    """Whether a genre typed small closes the request or its part."""
    while scan.free(at) and scan.norm(at) in small_words("partitives"):
        at += 1
    found = scan.meaning_at(at)
    if not found or found[1] not in {"genres", "subgenres"} or scan.tokens[at].capital:
        return False
    following = at + found[0]
    return following >= len(scan.tokens) or not scan.free(following) or scan.norm(following) == ","


def _opens_small(scan: Scan, title: Title) -> bool:
    """Whether what is no name of the library opens as no name does: "in a western", "a party"."""
    token = scan.tokens[title.first]
    small = bool(scan.group_at(title.first, "no_name_opens")) and not token.capital
    return small and not title.choices and not token.entities


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


def _like_a_number(scan: Scan, at: int, size: int) -> bool:
    """ "*Like* 15 tracks", "like two hours of soul": about that many."""
    following = scan.norm(at + size)
    counted = following.isdigit() and (
        scan.group_at(at + size + 1, "tracks") or scan.norm(at + size + 1) == "bpm"
    )
    return size == 1 and (following.startswith("@t") or bool(counted))
