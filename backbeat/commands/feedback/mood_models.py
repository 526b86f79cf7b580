"""`backbeat models retrain`, `show` and `rollback`: the mood model that learns from feedback."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from backbeat.terminal import console, give_up, notes, use_data_folder

DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of Backbeat's data.")]
_REASONS = {
    "few": "too few judgements yet (25 are needed, 3 of each kind)",
    "not_better": "not better on your judgements",
    "worse_on_reference": "better on your judgements, but worse on clear cases of the library",
}


def retrain(
    fresh: Annotated[
        bool, typer.Option("--fresh", help="As if no learned model served yet.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Train the mood model on all judgements; it serves where it is better than the present one.

    The same judgements of the same tracks give the same version.
    """
    from indexer.moods.retraining import retrain
    from store.database import db

    use_data_folder(data)
    db.upgrade()
    done = retrain(fresh=fresh)
    if done.reason:
        give_up("There are too few analysed tracks to learn from (20 are needed).")
    for one in done.moods:
        _print_mood(asdict(one))
    if not done.moods:
        notes.print("Nobody judged a mood yet. Say “this isn't relaxed” in the chat.")
    serving = done.version or "none: the moods are those of the analysis"
    console.print(f"Serving: {serving}")
    if done.promoted:
        console.print(f"{done.rescored} tracks scored again.")


def list_mood_models() -> None:
    """Print the versions of the mood model, the newest first."""
    from store.moods.artefacts import model_versions

    for one in model_versions():
        moods = [m for m, told in one.manifest["moods"].items() if told["promoted"]]
        mark = "[green]●[/green]" if one.serves else " "
        console.print(
            f"{mark} moods {one.version}  [dim]{one.manifest['made_at'][:16]}, "
            f"{one.manifest['labels']} judgements, learned: {escape(', '.join(moods))}[/dim]"
        )


def show(
    version: Annotated[
        str | None, typer.Argument(help="A version of the mood model; the serving one without it.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Show of what a version of the mood model was made, and how good it is."""
    from store.moods.artefacts import model_versions

    use_data_folder(data)
    for one in model_versions():
        if one.version == version or (version is None and one.serves):
            console.print(f"[bold]moods {one.version}[/bold]{'  serving' if one.serves else ''}")
            for name, value in one.manifest.items():
                if name != "moods":
                    console.print(f"  {name:<17} {escape(str(value))}", soft_wrap=True)
            for told in one.manifest["moods"].values():
                _print_mood(told)
            return
    give_up(
        "No learned mood model serves." if version is None else f"There is no version {version}."
    )


def rollback(data: DataOption = None) -> None:
    """Let the mood model before the present one serve again, and score the library with it."""
    from store.database import db
    from store.moods.artefacts import roll_back
    from store.rescoring import rescore_library

    use_data_folder(data)
    db.upgrade()
    version = roll_back()
    tracks = rescore_library()
    console.print(f"Serving: {version or 'none: the moods are those of the analysis'}")
    console.print(f"{tracks} tracks scored again.")


def _print_mood(told: dict[str, Any]) -> None:
    outcome = "learned" if told["promoted"] else _REASONS.get(told["reason"], told["reason"])
    console.print(
        f"  {told['mood']:<12} {told['labels']:4d} judgements  right: {told['champion']:.0%} → "
        f"{told['challenger']:.0%}  agrees with the library: {told['reference_challenger']:.0%}  "
        f"{outcome}",
        soft_wrap=True,
    )
