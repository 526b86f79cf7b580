"""Calls and words in what a model wrote, however it wrapped them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from assistant.messages import ToolCall
from assistant.model.tool_schemas import ANSWER

_TAG: Final = re.compile(r"</?(?:tools?|tool_calls?|function_calls?|json|answer)>|<\|[a-z_]+\|>")
_FENCE: Final = re.compile(r"```[a-z_]*\s*")
_THOUGHT: Final = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
_NAME_KEYS: Final = ("tool", "name", "function", "function_name", "tool_name", "action")
_ARGUMENT_KEYS: Final = ("arguments", "parameters", "args", "params", "input", "kwargs")
_WORD_KEYS: Final = ("text", "answer", "message", "content", "response")
_NO_TOOLS: Final = frozenset({ANSWER, "none", "null", "no_tool", "respond", "reply", "say"})
_LITERALS: Final = (("true", "True"), ("false", "False"), ("null", "None"))


@dataclass(frozen=True, slots=True)
class ParsedReply:
    """What a model wants: calls, else words; `read`: it wants to see the results."""

    calls: tuple[ToolCall, ...] = ()
    text: str = ""
    read: bool = False


def parse_reply(written: str, tools: Collection[str]) -> ParsedReply:
    """Return the calls and words of a reply.

    Understood are the form of the schema and what models write instead: tags and code fences
    around it, doubled braces, one call after the other, other keys, arguments as a JSON text or
    beside the name, and calls written as in Python. Anything else is words.

    Args:
        written: The reply.
        tools: Names of the tools there are.

    Raises:
        ValueError: The reply is a call that cannot be read.
    """
    text = _THOUGHT.sub("", written).strip()
    bare = _FENCE.sub("", _TAG.sub("", text)).strip()
    found = list(_values(bare))
    if not found:
        calls = tuple(_python_calls(bare, tools))
        if not calls and _looks_like_a_call(bare):
            raise ValueError(f"Expected a call, not {written!r:.80}")
        return ParsedReply(calls, "" if calls else bare, read=bool(calls))
    replies = [value for value in found if isinstance(value, Mapping) and "calls" in value]
    # what is not in the form of the schema cannot say so: the results are shown to it
    read = not replies or any(value.get("read") is True for value in replies)
    calls, words = [], []
    for value in found:
        for name, arguments in _wishes(value, tools):
            if name in _NO_TOOLS:
                words.append(_words_of(arguments))
            else:
                calls.append(ToolCall(name=name, arguments=arguments))
    said = " ".join(filter(None, words))
    if not calls and not said and not any(_names_none(value) for value in found):
        if bare[:1] in "{[":
            raise ValueError(f"Expected a call, not {written!r:.80}")
        said = bare
    return ParsedReply(tuple(calls), said, read)


def native_calls(calls: Iterable[Any]) -> tuple[ToolCall, ...]:
    """Return native tool calls, as litellm gives them.

    Raises:
        ValueError: Their arguments are no object.
    """
    return tuple(
        ToolCall(
            name=str(call.function.name),
            arguments=_arguments(call.function.arguments),
            id=str(call.id or ""),
        )
        for call in calls
    )


def _values(text: str) -> Iterator[Any]:
    """Yield the JSON objects and lists in a text; doubled braces are single ones."""
    if "{{" in text and "}}" in text:
        single = text.replace("{{", "{").replace("}}", "}")
        whole = _decoded(single, 0)
        text = single if whole and single.startswith("{") else text
    at = 0
    while (start := _next_bracket(text, at)) >= 0:
        found = _decoded(text, start)
        if found is None:
            at = start + 1
            continue
        value, at = found
        if isinstance(value, dict) or (value and all(isinstance(each, dict) for each in value)):
            yield value


def _next_bracket(text: str, at: int) -> int:
    places = [place for place in (text.find("{", at), text.find("[", at)) if place >= 0]
    return min(places, default=-1)


def _decoded(text: str, start: int) -> tuple[Any, int] | None:
    """Return the value that begins there and where it ends: JSON, else as Python writes it."""
    try:
        return json.JSONDecoder().raw_decode(text, start)
    except ValueError:
        pass
    depth = 0
    for end in range(start, len(text)):
        depth += (text[end] in "{[") - (text[end] in "}]")
        if depth == 0:
            try:
                return ast.literal_eval(text[start : end + 1]), end + 1
            except (ValueError, SyntaxError, MemoryError, RecursionError):
                return None
    return None


def _wishes(value: Any, tools: Collection[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the calls in a value, as (name, arguments)."""
    if isinstance(value, list):
        for each in value:
            yield from _wishes(each, tools)
        return
    if not isinstance(value, Mapping):
        return
    for key in ("calls", "tool_calls", "functions"):
        if isinstance(value.get(key), list | Mapping):
            yield from _wishes(value[key], tools)
            return
    function = value.get("function")
    if isinstance(function, Mapping):
        yield from _wishes(function, tools)
        return
    name_key = next((key for key in _NAME_KEYS if isinstance(value.get(key), str)), None)
    if name_key is None:
        for key, inner in value.items():
            if key in tools or key == ANSWER:
                yield key, _arguments(inner)
        return
    argument_key = next((key for key in _ARGUMENT_KEYS if key in value), None)
    if argument_key:
        inner = value[argument_key]
    else:  # arguments beside the name
        inner = {key: item for key, item in value.items() if key not in (name_key, "id", "read")}
    yield value[name_key].strip(), _arguments(inner)


def _arguments(written: Any) -> dict[str, Any]:
    if isinstance(written, str) and written.lstrip()[:1] == "{":
        found = _decoded(written.strip(), 0)
        written = found[0] if found else written
    if isinstance(written, Mapping):
        return {str(key): value for key, value in written.items()}
    if isinstance(written, str):
        return {"text": written}
    if not written:
        return {}
    raise ValueError(f"Expected an object of arguments, not {written!r:.80}")


def _words_of(arguments: Mapping[str, Any]) -> str:
    return next((str(arguments[key]).strip() for key in _WORD_KEYS if arguments.get(key)), "")


def _names_none(value: Any) -> bool:
    named = value.get("tool") or value.get("name") if isinstance(value, Mapping) else None
    return isinstance(named, str) and named in _NO_TOOLS


def _python_calls(text: str, tools: Collection[str]) -> Iterator[ToolCall]:
    """Yield calls such as `search_tracks(genres=["jazz"], bpm_max=90)`."""
    for match in re.finditer(r"\b([a-z_]+)\(([^()]*)\)", text):
        if match.group(1) not in tools:
            continue
        body = match.group(2)
        for json_word, word in _LITERALS:
            body = re.sub(rf"\b{json_word}\b", word, body)
        try:
            call = ast.parse(f"f({body})", mode="eval").body
            assert isinstance(call, ast.Call)
            arguments = {k.arg: ast.literal_eval(k.value) for k in call.keywords if k.arg}
        except (ValueError, SyntaxError):
            continue
        yield ToolCall(name=match.group(1), arguments=arguments)


def _looks_like_a_call(text: str) -> bool:
    return text[:1] in ("{", "[") and '"' in text
