"""`backbeat models`: the language models of the Ollama server, and Backbeat's own networks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from backbeat.terminal import console, give_up, notes

if TYPE_CHECKING:
    from assistant.ollama_models import InstalledModel

app = typer.Typer(help="Language models of the Ollama server.", no_args_is_help=True)


@app.command("list")
def list_models() -> None:
    """Which models the server has, and whether they can call tools."""
    from assistant import ollama_models
    from assistant.settings import Settings

    settings = Settings()
    try:
        found = asyncio.run(_installed())
    except ollama_models.ModelServerError as error:
        give_up(str(error))
    if not found:
        notes.print(f"The server has no model yet: backbeat models pull {settings.model}")
    for model, can in found:
        mark = "[green]●[/green]" if model.name == settings.model else " "
        about = (
            f"{model.size_bytes / 1e9:.1f} GB  {', '.join(sorted(can)) or 'no capabilities told'}"
        )
        console.print(f"{mark} {escape(model.name)}  [dim]{escape(about)}[/dim]")


async def _installed() -> list[tuple[InstalledModel, frozenset[str]]]:
    from assistant import ollama_models
    from assistant.settings import Settings

    settings = Settings()
    return [
        (model, await ollama_models.capabilities(settings, model.name))
        for model in await ollama_models.list_models(settings)
    ]


@app.command()
def pull(
    name: Annotated[str | None, typer.Argument(help="Model; the default one without it.")] = None,
) -> None:
    """Download a model onto the Ollama server."""
    from assistant.settings import Settings

    asyncio.run(_pull(name or Settings().model))


async def _pull(name: str) -> None:
    from assistant import ollama_models
    from assistant.settings import Settings

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    try:
        with Progress(*columns, console=notes) as progress:
            task = progress.add_task(name, total=None)
            async for step in ollama_models.pull(Settings(), name):
                progress.update(
                    task,
                    description=escape(step.status),
                    total=step.total_bytes or None,
                    completed=step.completed_bytes,
                )
    except ollama_models.ModelServerError as error:
        give_up(str(error))
    console.print(f"{escape(name)} is ready.")
