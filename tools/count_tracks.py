"""How many tracks there are of something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import Field

from store.library import counting
from store.library.counting import By, Group
from tools.base import Rendering, ToolContext, ToolResult, TrackQuery
from tools.library.query_words import query_words
from tools.search_tracks import nothing_fits, search_tracks
from tools.text.words import Language, duration, say, say_count
from tools.tracks.selection import exact
from tools.tracks.track_groups import group_fact, group_item, largest_text

DEFAULT_GROUPS: Final = 50
_ABOUT_GROUPS: Final = frozenset({"sort", "descending", "limit"})
"""Fields that order and cut the groups; all tracks that fit are counted."""


class CountTracksArguments(TrackQuery):
    """Which tracks to count, and by what."""

    by: By | None = Field(default=None, description="One count for each of these")


class CountTracks:
    """Counts of the tracks that a search finds."""

    name = "count_tracks"
    description = (
        "Count tracks and their hours: all that fit, or by genre, artist, album, year, decade, "
        "mood, key or file format."
    )
    arguments = CountTracksArguments
    selects_tracks = True

    def run(self, arguments: CountTracksArguments, context: ToolContext) -> ToolResult:
        """Count what `search_tracks` finds for the same query."""
        given = arguments.model_dump(exclude_unset=True, exclude={"by", *_ABOUT_GROUPS})
        query = TrackQuery.model_validate(given)
        found = search_tracks.run(query, context).facts
        facts = {key: found[key] for key in found.keys() - {"tracks", "shown_before"}}
        selection = exact(query, context)
        _, duration_s = counting.totals(selection.query, selection.ids)
        facts |= {
            "duration_s": round(duration_s),
            "what": query_words(query, found["total"], context.language),
            "by": arguments.by,
        }
        if arguments.by:
            groups = _ordered(
                counting.groups(selection.query, arguments.by, selection.ids), arguments
            )
            shown = groups[: arguments.limit or DEFAULT_GROUPS]
            facts |= {"groups": [group_fact(one) for one in shown], "groups_total": len(groups)}
        return ToolResult(facts=facts)

    def render(self, result: ToolResult, context: ToolContext) -> Rendering:
        """One number with the length, or the groups as a list."""
        facts, language = result.facts, context.language
        if not facts["total"]:
            none = say(language, "count_tracks.none", what=facts["what"])
            why = nothing_fits(facts, language) if _explained(facts) else ""
            return Rendering(f"{none} {why}".rstrip(), "text", dict(facts))
        if not facts["by"]:
            sentence = say_count(
                language,
                "count_tracks.total",
                facts["total"],
                what=facts["what"],
                length=duration(language, facts["duration_s"]),
            )
            return Rendering(sentence, "text", dict(facts))
        sentence = _by_sentence(facts, language)
        if not facts["groups"]:
            return Rendering(sentence, "text", dict(facts))
        title = say_count(language, f"groups.{facts['by']}", facts["groups_total"])
        items = [group_item(group, facts["by"], language) for group in facts["groups"]]
        return Rendering(sentence, "list", {**facts, "title": title, "items": items})


def _ordered(groups: Sequence[Group], arguments: CountTracksArguments) -> list[Group]:
    """The groups, the largest first, or as `sort` says."""
    descending = arguments.descending
    if arguments.sort in ("title", "artist"):
        ranked = sorted(groups, key=lambda one: one.name.casefold(), reverse=bool(descending))
    elif arguments.sort == "year":
        ranked = sorted(groups, key=lambda one: one.year_min or 0, reverse=bool(descending))
    elif arguments.sort == "length":
        ranked = sorted(groups, key=lambda one: one.duration_s, reverse=descending is not False)
    else:
        ranked = list(groups)
        if descending is False:
            ranked.reverse()
    return ranked


def _explained(facts: Mapping[str, Any]) -> bool:
    """Whether an empty count needs a reason: the library is empty, or several filters met."""
    return (
        not facts["library"]["tracks"]
        or bool(facts.get("puzzling"))
        or (facts["filters"] > 1 and any(c["would_fit"] for c in facts["emptied_by"]))
    )


def _by_sentence(facts: Mapping[str, Any], language: Language) -> str:
    by, groups = facts["by"], facts["groups"]
    tracks = say_count(language, "count_tracks.among", facts["total"], what=facts["what"])
    counted = say_count(language, f"groups.{by}", facts["groups_total"])
    if not groups:
        return say(language, "count_tracks.no_groups", tracks=tracks, groups=counted)
    largest = largest_text(groups, facts["groups_total"], by, language)
    return say(language, "count_tracks.groups", tracks=tracks, groups=counted, largest=largest)


count_tracks = CountTracks()
