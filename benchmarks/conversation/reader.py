"""How well and how fast the reader understands requests.

    python -m benchmarks.conversation.reader [FILE…] [--names N [--data FOLDER]] [--verbose]

Each line of a file is a JSON object, see `assistant.evaluation.request_sets`. With `--names`
names are looked up in a library of N tracks, as in the chat; without it they are taken as written.
`--data` keeps that library, which takes minutes to make.
The processor time is that of one request, the turns before it not counted.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from assistant.evaluation.contestants import EvaluationAnswer
from assistant.evaluation.request_sets import SetLine, read_set
from assistant.evaluation.set_scoring import VERDICTS, Counts, JudgedLine, judge, tabulate
from assistant.understanding import read
from assistant.understanding.lexing.name_lookups import NameSource

_DATA = Path(__file__).parents[1] / "data"
_AIM_P95_S = 0.010  # processor time of one request, with the names of 100,000 tracks


def answer(line: SetLine, names: NameSource | None) -> EvaluationAnswer:
    """Read one request; `seconds` is processor time."""
    state = line.conversation(names).state
    start = time.process_time()
    reading = read(line.text, state=state, names=names)
    seconds = time.process_time() - start
    called = reading.tool if reading.confident else None
    calls = ((called, dict(reading.arguments)),) if called else ()
    return EvaluationAnswer(
        id=line.id, calls=calls, by="reader", seconds=seconds, choices=reading.choices,
        partial=reading.partial,
    )  # fmt: skip


def evaluate(path: Path, names: NameSource | None, *, verbose: bool) -> None:
    """Read a set and print counts and processor time."""
    lines, _ = read_set(path)
    judged = [judge(line, answer(line, names)) for line in lines]
    for one in judged:
        if verbose and one.verdict not in ("right", None):
            print_line(one)
    print(f"\n{path.name}")
    for row in tabulate(judged):
        print_row(row)
    ordered = sorted(one.answer.seconds for one in judged)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    print(
        f"  CPU time median {statistics.median(ordered) * 1e3:.2f} ms, p95 {p95 * 1e3:.2f} ms"
        f" (aim ≤ {_AIM_P95_S * 1e3:g} ms), longest {ordered[-1] * 1e3:.2f} ms"
    )


def print_row(row: Counts) -> None:
    counts = ", ".join(
        f"{name} {row.counts[name]} ({row.counts[name] / row.asked:.1%})" for name in VERDICTS
    )
    print(f"  {row.kind} {row.language}: {row.asked} requests: {counts}; score {row.score:g}")


def print_line(one: JudgedLine) -> None:
    before = "".join(f"{text} → " for text in one.line.before)
    print(f"{one.verdict:9}{before}{one.line.text}")
    for call in one.line.expected:
        print(f"         expected {call.tool} {call.arguments}")
    print(f"         read     {one.answer.calls or one.answer.choices or one.answer.partial}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the request reader.")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--verbose", action="store_true", help="show what was not read right")
    parser.add_argument("--names", type=int, metavar="N", help="with a library of N tracks")
    parser.add_argument("--data", type=Path, help="where that library is, or is to be")
    options = parser.parse_args()
    files = options.files or sorted(_DATA.glob("requests*.jsonl"))
    if options.names is None:
        measure(files, None, verbose=options.verbose)
        return
    from assistant.turns.library_names import LibraryNames
    from benchmarks.conversation.names_library import build

    with tempfile.TemporaryDirectory() as temporary:
        folder = options.data or Path(temporary)
        print(f"names of {build(folder, options.names)} tracks")
        measure(files, LibraryNames(), verbose=options.verbose)


def measure(files: list[Path], names: NameSource | None, *, verbose: bool) -> None:
    read("songs by warm up", names=names)
    for path in files:
        evaluate(path, names, verbose=verbose)


if __name__ == "__main__":
    main()
