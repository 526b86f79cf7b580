"""What a model is told before the first request: rules, tools and example turns.

All of it is made from the tools and the words of a language, and is the same bytes every time, so
that a server reads it once and keeps it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import prompts
from assistant.answers import Language
from assistant.messages import Message
from assistant.model.tool_schemas import ANSWER, fields_of
from store.search.query import TrackQuery
from tools.base import Tool

_DESCRIPTION: Final = re.compile(r"^(.*?)(?:[:.;,(]|$)")
_FILTERS: Final = tuple(TrackQuery.model_fields)
_CHOICES_SHOWN: Final = 12  # of an argument; more would make the prompt long


def compact(calls: Sequence[Mapping[str, Any]], *, read: bool = False) -> str:
    """Return calls in the form that a reply has, in as few tokens as possible."""
    reply: dict[str, Any] = {"calls": list(calls)}
    if read:
        reply["read"] = True
    return json.dumps(reply, ensure_ascii=False, separators=(",", ":"))


def opening_messages(language: Language, tools: Sequence[Tool]) -> list[Message]:
    """Return the instructions with the tools, then the example turns."""
    rules = prompts.system_prompt(language).strip()
    lines = [_line(tool) for tool in tools]
    if any(_selects_tracks(tool) for tool in tools):
        lines.append(f"* = {', '.join(_FILTERS)}")
    messages = [Message(role="system", content="\n".join([rules, *lines]))]
    for example in _examples(language, tools):
        messages.append(Message(role="user", content=example["text"]))
        said = compact(example["calls"], read=example.get("read", False))
        messages.append(Message(role="assistant", content=said))
    return messages


def _line(tool: Tool) -> str:
    """ "search_tracks(*): Find tracks"; the filters of tracks are one star."""
    fields = fields_of(tool)
    own = [_field(name, field) for name, field in fields.items() if name not in _FILTERS]
    if _selects_tracks(tool):
        own.insert(0, "*")
    found = _DESCRIPTION.match(tool.description)
    return f"{tool.name}({', '.join(own)}): {found.group(1) if found else ''}"


def _field(name: str, field: Mapping[str, Any]) -> str:
    choices = field.get("enum") or field.get("items", {}).get("enum")
    if choices and len(choices) <= _CHOICES_SHOWN:
        return f"{name} {'|'.join(map(str, choices))}"
    return name


def _selects_tracks(tool: Tool) -> bool:
    return {"genres", "bpm_min", "sort"} <= fields_of(tool).keys()


def _examples(language: Language, tools: Sequence[Tool]) -> list[dict[str, Any]]:
    """Return the example turns whose tools there are; of a tool without any, its first request."""
    by_name = {tool.name: tool for tool in tools}
    others = [name for name in prompts.languages() if name != language]
    written = list(prompts.load("model", language)["example"])
    for at in range(1, len(written), 2):  # every other one in another language, turn about
        examples = prompts.load("model", others[at // 2 % len(others)])["example"] if others else ()
        written[at] = examples[at] if at < len(examples) else written[at]
    kept = [example for example in (_known(each, by_name) for each in written) if example]
    used = {call["tool"] for example in kept for call in example["calls"]}
    for tool in tools:
        if tool.name not in used:
            kept += _first_request(tool, language)
    return kept


def _known(example: Mapping[str, Any], tools: Mapping[str, Tool]) -> dict[str, Any] | None:
    """Return an example without arguments that a tool lacks; None without one of its tools."""
    calls = []
    for call in example["calls"]:
        if call["tool"] == ANSWER:
            calls.append(call)
            continue
        if call["tool"] not in tools:
            return None
        fields = fields_of(tools[call["tool"]])
        kept = {name: value for name, value in call["arguments"].items() if name in fields}
        calls.append({"tool": call["tool"], "arguments": kept})
    return {**example, "calls": calls}


def _first_request(tool: Tool, language: Language) -> list[dict[str, Any]]:
    for name in dict.fromkeys([language, *prompts.languages()]):
        try:
            words = prompts.load(f"tools/{tool.name}", name)
        except prompts.PromptError:
            continue
        for test in words.get("reader_tests", ())[:1]:
            call = {"tool": tool.name, "arguments": test.get("arguments", {})}
            return [{"text": test["text"], "calls": [call]}]
    return []
