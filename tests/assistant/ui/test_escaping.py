"""Words as Markdown that shows them as they are."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from assistant.ui.escaping import escaped


@pytest.mark.parametrize(
    "title",
    [
        "![x](http://evil.example/x.png)", "[x](javascript:alert(1))", "<img src=x>", "`a` *b* _c_",
        "http://evil.example", "HTTPS://evil.example", "WWW.evil.example", "a@evil.example",
    ],
)  # fmt: skip
def test_a_title_stays_text(title: str) -> None:
    shown = escaped(title)
    tokens = MarkdownIt().parse(shown)
    text = "".join(child.content for token in tokens for child in token.children or ())
    assert text.replace("\u2060", "") == title
    assert not re.search(r"https?://|www\.|\w@", text, re.IGNORECASE)
