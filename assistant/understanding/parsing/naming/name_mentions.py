"""Artists and titles: where they start and end, and whom they mean."""

from __future__ import annotations

import prompts
from assistant.understanding.lexing.grammar_patterns import Phrase
from assistant.understanding.lexing.lexicon import small_words
from assistant.understanding.lexing.plain_text import fold_phrase
from assistant.understanding.lexing.tokens import Scan
from assistant.understanding.parsing.draft import Draft

# A match below this is another name (0..100, as rapidfuzz counts).
SURE_SCORE = 90.0
_MAX_NAME_WORDS = 9
_MAX_TITLE_WORDS = 14
# Looking a run of words up costs time with a large library.
_MAX_KNOWN_WORDS = 4
_AND_SIGNS = frozenset({"&", "plus"})  # "+" is read as "plus"
_LISTS = (
    "fill.words", "signals.find", "signals.make", "signals.playlist", "tracks", "negator",
    "like.ask",
)  # fmt: skip
_DESCRIBED = ("scenes", "times", "sounds", "joins")


@prompts.cached
def _compounds() -> frozenset[Phrase]:
    return frozenset(_plain(name) for name in prompts.load("names")["compound"])


@prompts.cached
def topics() -> frozenset[str]:
    """Capitalised words that are no artist ("Christmas", "French")."""
    return frozenset(prompts.load("names")["topics"])


def _plain(name: str) -> Phrase:
    return tuple(map(_plain_word, fold_phrase(name)))


def _plain_word(word: str) -> str:
    """The word, "&" where it joins parts of a name in any language."""
    return "&" if word in _AND_SIGNS or word in small_words("name_links") else word


def _compound_at(scan: Scan, at: int) -> int:
    """Tokens of a known name with an "and" or commas inside, at a free token."""
    words: list[str] = []
    best = 0
    for offset in range(_MAX_NAME_WORDS):
        if not scan.free(at + offset):
            break
        norm = scan.norm(at + offset)
        if norm != ",":
            words.append(_plain_word(norm))
        plain = tuple(words)
        article = plain[:1] and plain[0] in small_words("articles")
        if plain in _compounds() or (article and plain[1:] in _compounds()):
            best = offset + 1
    return best


def _joins(scan: Scan, at: int) -> bool:
    """Whether a small word continues a name: "Queens *of the* Stone Age"."""
    for ahead in range(at, at + 3):
        if not scan.free(ahead):
            return False
        token = scan.tokens[ahead]
        if token.capital and token.norm not in topics() and not token.norm.startswith("@"):
            return ahead > at and not token.norm.isdigit()
        if (token.norm,) not in scan.language.group("name_join") and token.norm != "&":
            return False
    return False


def _capital_name(scan: Scan, at: int) -> int:
    end = at + 1
    while scan.free(end) and end - at < _MAX_NAME_WORDS:
        token = scan.tokens[end]
        if token.norm.startswith("@") or token.norm in {",", "i"}:
            break
        if (token.capital and token.norm not in topics()) or (
            token.norm not in small_words("name_links") and _joins(scan, end)
        ):
            end += 1
        else:
            break
    return end


def _plain_name(scan: Scan, at: int) -> int:
    end = at
    stops = scan.language.group("name_stop")
    while scan.free(end) and end - at < _MAX_NAME_WORDS:
        norm = scan.norm(end)
        if norm.startswith("@") or norm == "," or (end > at and (norm,) in stops):
            break
        end += 1
    return end


def artist_end(scan: Scan, at: int, *, sure: bool) -> int:
    """End of the artist's name that starts at a token; `at` when there is none.

    Args:
        sure: A name must follow ("by …"); else only what looks like one, or is known, counts.
    """
    if not scan.free(at):
        return at
    token = scan.tokens[at]
    if token.norm == "@q" or (token.entity("artist") and (sure or token.norm == "@name-artist")):
        return at + 1
    if token.norm.startswith("@") or token.norm in {",", "-"}:
        return at
    if size := _compound_at(scan, at):
        return at + size
    capital = token.capital and token.norm not in topics()
    if capital and (sure or not _ordinary(scan, at)):
        return _capital_name(scan, at)
    if not sure:
        return _known_end(scan, at)
    if (token.norm,) in scan.language.group("name_stop") or _all_meaning(scan, at):
        return at
    if scan.group_at(at, "by.never") or _scene(scan, at):
        return at
    return _plain_name(scan, at)


def _scene(scan: Scan, at: int) -> bool:
    """ "By the fireplace", "by the sea": no name."""
    while size := scan.group_at(at, "article"):
        at += size
    return any(scan.group_at(at, f"describe.{kind}") for kind in ("scenes", "times"))


def _ordinary(scan: Scan, at: int) -> bool:
    """A word with another use, capital or not, that is not followed by another capital."""
    following = scan.tokens[at + 1] if scan.free(at + 1) else None
    if following and following.capital and not following.norm.startswith("@"):
        return False
    return scan.meaning_at(at) is not None or (scan.norm(at),) in scan.language.group("fill.words")


def _all_meaning(scan: Scan, at: int) -> bool:
    found = scan.meaning_at(at)
    if not found:
        return False
    following = at + found[0]
    return not scan.free(following) or scan.norm(following) == ","


def _known_end(scan: Scan, at: int) -> int:
    """End of the longest run of words that the library knows as an artist."""
    names = scan.names
    the = scan.norm(at) in small_words("articles")
    if names is None or _grammar_word(scan, at + the):
        return at
    for end in range(min(len(scan.tokens), at + _MAX_KNOWN_WORDS + the), at + the, -1):
        if _may_be_known(scan, at, end) and names.artist(scan.slice(at, end)):
            return end
    return at


def _may_be_known(scan: Scan, at: int, end: int) -> bool:
    """Whether a run of words is worth looking up: all free, and not closed by a small word."""
    free = all(scan.free(i) and not scan.norm(i).startswith("@") for i in range(at, end))
    last = (scan.norm(end - 1),)
    return free and (end == at + 1 or last not in scan.language.group("fill.words"))


def _grammar_word(scan: Scan, at: int) -> bool:
    """A word with a use of its own, typed small: no artist, whoever the library has."""
    if scan.meaning_at(at) is not None or any(scan.group_at(at, name) for name in _LISTS):
        return True
    small = at < len(scan.tokens) and not scan.tokens[at].capital
    if small and (scan.group_at(at, "by.never") or _inside_sound(scan, at)):
        return True
    return small and any(scan.group_at(at, f"describe.{kind}") for kind in _DESCRIBED)


def _inside_sound(scan: Scan, at: int) -> bool:
    """ "Voix de *femme*": the end of a phrase about how music sounds."""
    return any(scan.group_at(at - back, "describe.sounds") > back for back in range(1, 4))


def resolved_artist(scan: Scan, typed: str) -> str:
    """The library's spelling of an artist, or what was typed."""
    if scan.names is None:
        return typed
    if known := scan.names.artist(typed):
        return known
    best = next(iter(scan.names.near_artists(typed)), None)
    return best.name if best and best.score >= SURE_SCORE else typed


def take_artists(scan: Scan, at: int, draft: Draft, argument: str, *, sure: bool) -> int:
    """Read "Radiohead, Blur and Pulp" at a token; gives the end, `at` when there is no name."""
    end = artist_end(scan, at, sure=sure)
    if end == at:
        return at
    while True:
        known = scan.tokens[at].entity("artist")
        typed = scan.slice(at, end)
        draft.add(argument, known.name if known else resolved_artist(scan, typed))
        scan.use(at, end, "artist")
        link = scan.group_at(end, "list_and")
        if not link and scan.norm(end) == "," and scan.free(end):
            link = 1 + scan.group_at(end + 1, "list_and")
        start = end + link
        if not link or not scan.free(start) or scan.group_at(start, "negator"):
            return end
        if _counts_tracks(scan, start):
            return end
        opening = start + (scan.norm(start) in small_words("articles") and scan.free(start + 1))
        capital = scan.tokens[opening].capital and not scan.norm(opening).startswith("@")
        following = artist_end(scan, start, sure=capital and scan.meaning_at(start) is None)
        if following == start:
            following = _listed_name(scan, start)
        if following == start:
            return end
        scan.use(end, start, "artist")
        at, end = start, following


def _listed_name(scan: Scan, at: int) -> int:
    """End of an item of a list that is an artist of small words: "the Stones, *the who*, or …"."""
    end = at
    while scan.free(end) and end - at < _MAX_KNOWN_WORDS:
        if scan.norm(end) == "," or scan.norm(end).startswith("@"):
            break
        if end > at and scan.group_at(end, "list_and"):
            break
        end += 1
    closed = end == len(scan.tokens) or scan.norm(end) == "," or scan.group_at(end, "list_and")
    if end == at or not closed or scan.names is None or scan.meaning_at(at):
        return at
    return end if scan.names.artist(scan.slice(at, end)) else at


def _counts_tracks(scan: Scan, at: int) -> bool:
    """ "Radiohead and Blur, *12 songs*": a number before a small word is no name."""
    following = at + 1
    return (
        scan.norm(at).isdigit()
        and scan.free(following)
        and not scan.tokens[following].capital
        and scan.norm(following) != ","
        and not scan.group_at(following, "list_and")
    )


def title_end(scan: Scan, at: int) -> int:
    """End of a title that starts at a token: titles hold anything, so it ends at a stop."""
    end = at
    while scan.free(end) and end - at < _MAX_TITLE_WORDS:
        norm = scan.norm(end)
        if scan.tokens[end].entity("artist") and scan.group_before(end, "title_by"):
            return end + 1  # "Roads by *Portishead*"
        if scan.tokens[end].is_name:
            return _quoted_end(scan, end) if end == at else end
        if norm == "," or (norm.startswith("@") and end > at):
            break
        if end > at and (scan.group_at(end, "title_stop") or _wish_follows(scan, end)):
            break
        end += 1
    return end


def _quoted_end(scan: Scan, at: int) -> int:
    by = scan.group_at(at + 1, "title_by")
    if not by:
        return at + 1
    end = artist_end(scan, at + 1 + by, sure=True)
    return end if end > at + 1 + by else at + 1


def _wish_follows(scan: Scan, at: int) -> bool:
    """ "… for running", "… pour courir": the title is over."""
    if scan.norm(at) not in small_words("wish_leads") or scan.tokens[at].capital:
        return False
    skip = at + 1
    while scan.norm(skip) in small_words("wish_skips"):
        skip += 1
    found = scan.meaning_at(skip)
    return found is not None and not scan.tokens[skip].capital


def only_meaning(scan: Scan, first: int, last: int) -> bool:
    """Whether words are all wishes or filler, typed without capitals: no title."""
    at = first
    while at < last:
        found = scan.meaning_at(at)
        size = found[0] if found else scan.group_at(at, "fill.words") or scan.group_at(at, "tracks")
        if not size or scan.tokens[at].capital:
            return False
        at += size
    return True
