"""How well and how fast the reader understands requests.

    python benchmarks/reader.py [FILE…] [--verbose]

Each line of a file is a JSON object: `language`, `text`, `tool` (or null), `arguments`, and, for a
follow-up, `before`: the earlier requests. With `--names` names are looked up in the library of
`BACKBEAT_DATA`, which shows what that costs; nothing is counted then. Right: same tool and
arguments, or null where null is expected. Deferred: null where a call is expected. Wrong: any
other call.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.understanding import ConversationState, Reading, ResultTrack, read

_HERE = Path(__file__).parent
# What the first request of a conversation is taken to have found.
_SHOWN = (ResultTrack(1, "First", "A"), ResultTrack(2, "Second", "B"), ResultTrack(3, "Third", "C"))


def requests(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def state_after(earlier: list[str]) -> ConversationState:
    state = ConversationState()
    for text in earlier:
        reading = read(text, state=state)
        if reading.tool:
            playlist = "New playlist" if reading.tool == "make_playlist" else None
            state = state.after(
                reading.tool, reading.arguments, results=_SHOWN, playlist=playlist,
                language=reading.language,
            )  # fmt: skip
    return state


def canonical(arguments: dict[str, Any]) -> dict[str, Any]:
    return {k: sorted(v) if isinstance(v, list) else v for k, v in arguments.items()}


def verdict(case: dict[str, Any], reading: Reading) -> str:
    if reading.tool is None:
        return "right" if case["tool"] is None else "deferred"
    same = reading.tool == case["tool"]
    same = same and canonical(reading.arguments) == canonical(case["arguments"])
    return "right" if same else "wrong"


def time_names(path: Path) -> None:
    """Print the seconds that requests take with the names of the library at hand."""
    from assistant.turns.library_names import LibraryNames

    names = LibraryNames()
    read("play warm up", names=names)
    seconds = []
    for case in requests(path):
        state = state_after(case.get("before", []))
        start = time.process_time()
        read(case["text"], state=state, names=names)
        seconds.append(time.process_time() - start)
    ordered = sorted(seconds)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    print(f"{path.name} with names")
    print(f"  CPU time median {statistics.median(seconds) * 1e3:.2f} ms, p95 {p95 * 1e3:.2f} ms")


def evaluate(path: Path, *, verbose: bool) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    seconds = []
    for case in requests(path):
        state = state_after(case.get("before", []))
        start = time.process_time()
        reading = read(case["text"], state=state)
        seconds.append(time.process_time() - start)
        result = verdict(case, reading)
        counts[case["language"], result] += 1
        if verbose and result != "right":
            print(f"{result:9}{case['text']}")
            print(f"         expected {case['tool']} {case['arguments']}")
            print(f"         read     {reading.tool} {reading.arguments or reading.partial}")
    print(f"\n{path.name}")
    for name in sorted({language for language, _ in counts}):
        row = {kind: counts[name, kind] for kind in ("right", "deferred", "wrong")}
        total = sum(row.values())
        shares = ", ".join(f"{kind} {n} ({n / total:.1%})" for kind, n in row.items())
        print(f"  {name}: {total} requests: {shares}")
    ordered = sorted(seconds)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    print(f"  CPU time median {statistics.median(seconds) * 1e3:.2f} ms, p95 {p95 * 1e3:.2f} ms")
    return counts


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the request reader.")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--verbose", action="store_true", help="show what was not read right")
    parser.add_argument("--names", action="store_true", help="time with the library's names")
    options = parser.parse_args()
    read("warm up")
    for path in options.files or sorted(_HERE.glob("requests*.jsonl")):
        if options.names:
            time_names(path)
        else:
            evaluate(path, verbose=options.verbose)


if __name__ == "__main__":
    main()
