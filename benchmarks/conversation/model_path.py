"""What a real model makes of the requests that the reader defers, over the whole path.

    python -m benchmarks.conversation.model_path --model NAME [--every N] [--answers FILE]

The model is that of BACKBEAT_OLLAMA_HOST (see `ollama_bench`), the library one of well-known names
that is made for it. Each request opens a conversation of its own; what the reader acts on counts
apart. Right: an acceptable call was made first, or, where none is asked for, the model answered in
words. Invented: arguments that no acceptable call has, and quoted names that are no titles of the
library.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import prompts
from assistant.settings import Settings
from assistant.turns.conversation import Conversation
from assistant.turns.events import AnswerText, ToolFailed, ToolShown, TurnDone
from assistant.turns.turn import take_turn
from benchmarks.conversation import names_library
from benchmarks.conversation.deferred_scoring import (
    Answered,
    invented_arguments,
    invented_titles,
    verdict,
)

_REFUSALS = ("nothing", "question", "remark", "remark_again", "other_action")
_SET = Path(__file__).with_name("deferred.jsonl")


async def answered(text: str, settings: Settings) -> Answered:
    """Ask one request in a new conversation."""
    conversation = Conversation()
    started = time.monotonic()
    first_s, calls, words, of_tools, by = 0.0, [], [], [], "none"
    async for event in take_turn(text, conversation, settings=settings):
        if isinstance(event, AnswerText | ToolShown) and not first_s:
            first_s = time.monotonic() - started
        if isinstance(event, ToolShown | ToolFailed):
            calls.append((event.call.name, event.call.arguments))
            shown = isinstance(event, ToolShown)
            of_tools.append(event.rendering.sentence if shown else event.message)
        elif isinstance(event, AnswerText):
            words.append(event.text)
        elif isinstance(event, TurnDone):
            by = event.by
    said = own = "".join(words)
    for sentence in of_tools:
        own = own.replace(sentence, "")
    own = "" if by != "model" or _is_stand_in(said) else own
    return Answered(
        tuple(calls), said, own, by, _is_stand_in(said), time.monotonic() - started, first_s,
        conversation.prompt_tokens, conversation.reply_tokens,
    )  # fmt: skip


def _is_stand_in(text: str) -> bool:
    fixed: list[str] = []
    for name in prompts.languages():
        claims = prompts.load("model", name)["claims"]
        fixed += [claims["which_music"], claims["not_done"]]
        refusals = prompts.load("assistant", name)["refusals"]
        fixed += [refusals[kind] for kind in _REFUSALS]
        fixed.append(refusals["words"].partition("{")[0])
    return any(text.startswith(each) for each in fixed)


async def measure(cases: list[dict[str, Any]], settings: Settings, file: Path | None) -> None:
    """Ask all requests and print the figures."""
    titles = [
        f"{title} {album.artist} {album.album}"
        for album in names_library.known_albums()
        for title in album.titles
    ]
    counts: Counter[str] = Counter()
    seconds, firsts, tokens, replies = [], [], [], []
    with (file or Path("/dev/null")).open("w", encoding="utf-8") as out:
        for case in cases:
            found = await answered(case["text"], settings)
            judged = verdict(case, found)
            arguments = invented_arguments(case, found)
            names = invented_titles(found, titles)
            if found.by == "reader":
                counts[f"by the reader, {judged}"] += 1
            else:
                counts.update([judged, f"{judged} {case['language']}", case["language"], "all"])
                counts["invented arguments"] += bool(arguments)
                counts["invented titles"] += bool(names)
                seconds.append(found.seconds)
                firsts.append(found.first_s or found.seconds)
                tokens.append(found.prompt_tokens)
                replies.append(found.reply_tokens)
            row = {"verdict": judged, "text": case["text"], "calls": found.calls,
                   "answer": found.text, "by": found.by, "seconds": round(found.seconds, 2),
                   "tokens": [found.prompt_tokens, found.reply_tokens],
                   "invented": [*arguments, *names]}  # fmt: skip
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            out.flush()
    print(f"{counts['all']} deferred requests, {settings.model} at {settings.model_address}")
    for name in ("right", "deferred", "wrong", "invented arguments", "invented titles"):
        print(f"{name:20} {counts[name]:3} {counts[name] / counts['all']:6.1%}")
    for name in ("by the reader, right", "by the reader, deferred", "by the reader, wrong"):
        print(f"{name:24} {counts[name]}")
    for name in prompts.languages():
        print(f"right {name:14} {counts[f'right {name}'] / max(counts[name], 1):10.1%}")
    for name, values in (("seconds, whole", seconds), ("seconds, first", firsts)):
        ordered = sorted(values)
        p95 = ordered[round(0.95 * (len(ordered) - 1))]
        print(f"{name:20} median {statistics.median(ordered):.1f}, p95 {p95:.1f}")
    read, written = statistics.mean(tokens), statistics.mean(replies)
    print(f"tokens read and written, mean: {read:.0f} + {written:.0f}")


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", type=Path, default=_SET)
    parser.add_argument("--model", required=True)
    parser.add_argument("--every", type=int, default=1, help="take every so many request pairs")
    parser.add_argument("--answers", type=Path, help="write each answer to this file")
    given = parser.parse_args()
    lines = given.set.read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines if line.strip()]
    kept = [case for at, case in enumerate(cases) if (at // 2) % given.every == 0]
    with tempfile.TemporaryDirectory() as folder:
        names_library.build(Path(folder))
        asyncio.run(measure(kept, Settings(model=given.model), given.answers))


if __name__ == "__main__":
    main()
