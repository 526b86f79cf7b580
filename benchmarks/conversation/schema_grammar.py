"""A JSON schema as a grammar (GBNF) that holds a model to it, as Ollama's `format` does.

Supported is what schemas of calls need: objects with optional properties in the order of the
schema, arrays with bounds, enumerations, constants, alternatives, text, numbers and truth values.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

_BASE: Final = r"""
ws ::= | " " | "\n" [ \t]*
hex ::= [0-9a-fA-F]
char ::= [^"\\\x7F\x00-\x1F] | "\\" (["\\bfnrt] | "u" hex hex hex hex)
string ::= "\"" char* "\""
integer ::= "-"? ("0" | [1-9] [0-9]*)
number ::= integer ("." [0-9]+)?
boolean ::= "true" | "false"
null ::= "null"
"""
_PLAIN: Final = ("string", "integer", "number", "boolean", "null")


def grammar(schema: Mapping[str, Any]) -> str:
    """Return the grammar whose root is the schema.

    Raises:
        ValueError: The schema holds something that is not supported.
    """
    rules: list[str] = []
    root = _Rules(rules, schema.get("$defs", {})).of(schema)
    return "\n".join([f"root ::= {root}", *rules, _BASE.strip(), ""])


class _Rules:
    def __init__(self, rules: list[str], definitions: Mapping[str, Any]) -> None:
        self._rules = rules
        self._definitions = definitions

    def of(self, schema: Mapping[str, Any]) -> str:
        """Return an expression for a schema; rules that it needs are added."""
        if "$ref" in schema:
            return self.of(self._definitions[schema["$ref"].rsplit("/", 1)[-1]])
        if "const" in schema:
            return _literal(json.dumps(schema["const"], ensure_ascii=False))
        if "enum" in schema:
            values = (_literal(json.dumps(v, ensure_ascii=False)) for v in schema["enum"])
            return self._rule(" | ".join(values))
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self._rule(" | ".join(self.of(option) for option in schema[word]))
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema)
        if kind == "array":
            return self._array(schema)
        if kind in _PLAIN:
            return kind
        raise ValueError(f"Expected a schema of a known kind, not {dict(schema)!r:.120}")

    def _object(self, schema: Mapping[str, Any]) -> str:
        """Required properties first, then any of the optional ones, in the schema's order."""
        required = set(schema.get("required", ()))
        pairs = {
            name: f'{_literal(json.dumps(name))} ws ":" ws {self.of(value)}'
            for name, value in schema.get("properties", {}).items()
        }
        first = [self._rule(pair) for name, pair in pairs.items() if name in required]
        later = [self._rule(pair) for name, pair in pairs.items() if name not in required]
        tails = [""]  # what may follow each optional property
        for pair in reversed(later[1:]):
            tails.insert(0, self._rule(f'("," ws {pair})? {tails[0]}'.strip()))
        starts = [f"{pair} {tail}".strip() for pair, tail in zip(later, tails, strict=False)]
        body = ' "," ws '.join(first)
        if starts:
            options = self._rule(" | ".join(starts))
            body = f'{body} ("," ws {options})?' if body else f"({options})?"
        return self._rule(f'"{{" ws {body} ws "}}"')

    def _array(self, schema: Mapping[str, Any]) -> str:
        item = self.of(schema.get("items", {"type": "string"}))
        least, most = schema.get("minItems", 0), schema.get("maxItems")
        more = f'("," ws {item})'
        if most is None:
            tail = f"{more}*" if least < 2 else f"{' '.join([more] * (least - 1))} {more}*"
        else:
            tail = " ".join([more] * max(least - 1, 0))
            for _ in range(most - max(least, 1)):
                tail += f" ({more}"
            tail += ")?" * (most - max(least, 1))
        body = f"{item} {tail}".strip()
        return self._rule(f'"[" ws {body if least else f"({body})?"} ws "]"')

    def _rule(self, expression: str) -> str:
        name = f"r{len(self._rules)}"
        self._rules.append(f"{name} ::= {expression}")
        return name


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
