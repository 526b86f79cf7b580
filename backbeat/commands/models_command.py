"""`backbeat models`: the language models of the model server."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from backbeat.commands.feedback import mood_models
from backbeat.terminal import console, give_up, notes, use_data_folder

if TYPE_CHECKING:
    from assistant.model.checked_models import ModelCheck
    from assistant.model.ollama_models import InstalledModel, ModelState
    from assistant.settings import Settings

_VARIABLES: Final = (
    "All variables of the network are there, whole, of the right shapes and with finite values"
)
_CHECKS: Final = {
    "archive": f"This is the published archive: its SHA-256 is the known one. {_VARIABLES}.",
    "names": f"{_VARIABLES}, and the files have the published names. No checksum is known of "
    "unpacked files, so nothing proves that they are the published ones; the zip would.",
    "none": f"Not verified, as you asked: this is not the published checkpoint. {_VARIABLES}.",
}
"""Message for each `indexer.models.egmd.Check`."""
app = typer.Typer(help="Language models of the Ollama server, and the mood model that learns.")
app.command()(mood_models.retrain)
app.command()(mood_models.show)
app.command()(mood_models.rollback)


@app.callback(invoke_without_command=True)
def models(context: typer.Context) -> None:
    """Language models of the Ollama server."""
    if context.invoked_subcommand is None:
        list_models()


@app.command("list")
def list_models() -> None:
    """Which models the server has, what they can do, and which one suits this machine."""
    from assistant.model import ollama_models
    from assistant.settings import Settings, memory_bytes, recommended_model

    mood_models.list_mood_models()
    settings = Settings()
    if not settings.uses_ollama:
        _list_other_provider(settings)
        return
    memory = memory_bytes()
    recommended = recommended_model(memory)
    try:
        found = asyncio.run(_installed(settings))
    except ollama_models.ModelServerError as error:
        _advise(memory, recommended, ())
        give_up(str(error))
    if found:
        console.print(_table(settings, found, recommended))
    else:
        notes.print("The server has no model yet.")
    _advise(memory, recommended, tuple(model.name for model, _ in found))


def _list_other_provider(settings: Settings) -> None:
    from assistant.model.ollama_models import model_state

    state = asyncio.run(model_state(settings))
    if state.problem == "no_server":
        give_up(f"No model server answers at {settings.model_address}.")
    console.print(escape(f"{settings.provider} at {settings.model_address}"))
    for name in state.installed:
        console.print(f"{'[green]●[/green]' if name == settings.model else ' '} {escape(name)}")
    if host := settings.leaves_house(settings.model):
        notes.print(f"[yellow]Requests leave your house: they go to {escape(host)}.[/yellow]")


def _table(
    settings: Settings,
    found: list[tuple[InstalledModel, frozenset[str]]],
    recommended: str | None,
) -> Table:
    from assistant.model.ollama_models import resolve

    names = tuple(model.name for model, _ in found)
    used: dict[str, str] = {}
    for wanted, purpose in (
        (settings.embed_model, "for descriptions"),
        (settings.fallback_model, "when the other fails"),
        (settings.model, "for the chat"),
    ):
        if wanted and (name := resolve(wanted, names)):
            used[name] = purpose
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("Model", "Size", "Can", "Self-check", ""):
        table.add_column(column, justify="right" if column == "Size" else "left")
    for model, can in found:
        remarks = [used.get(model.name, "")]
        if recommended and resolve(recommended, (model.name,)):
            remarks.append("recommended here")
        table.add_row(
            escape(model.name),
            f"{model.size_bytes / 1e9:.1f} GB",
            escape(", ".join(sorted(can)) or "not told"),
            _checked(model),
            ", ".join(filter(None, remarks)),
        )
    return table


def _checked(model: InstalledModel) -> str:
    from assistant.model.checked_models import saved_check
    from assistant.model.ollama_models import ModelState

    check = saved_check(ModelState(model.name, None, digest=model.digest))
    return _describe_check(check) if check else ""


def _describe_check(check: ModelCheck) -> str:
    style = "tool calls" if check.style == "native" else "JSON schema"
    return f"{check.points[check.style]}/{check.most} by {style}, {check.seconds:.1f} s a request"


def _advise(memory: int | None, recommended: str | None, installed: tuple[str, ...]) -> None:
    from assistant.model.ollama_models import resolve

    has = f"This machine has {memory / 2**30:.0f} GB of memory" if memory else "Memory unknown"
    if recommended is None:
        notes.print(f"{has}: too little for a language model; the built-in reader needs none.")
    elif resolve(recommended, installed) is None:
        text = f"{has}. Recommended: backbeat models pull {recommended}"
        notes.print(text, soft_wrap=True)


async def _installed(settings: Settings) -> list[tuple[InstalledModel, frozenset[str]]]:
    from assistant.model import ollama_models

    found = await ollama_models.list_models(settings)
    able = await asyncio.gather(*(ollama_models.capabilities(settings, m.name) for m in found))
    return list(zip(found, able, strict=True))


@app.command()
def check(
    name: Annotated[str | None, typer.Argument(help="Model; that of the chat without it.")] = None,
) -> None:
    """Try a model on a few requests; the chat asks it in the way in which it did better."""
    from assistant.model.llm import ModelError
    from assistant.model.self_check import check_model
    from assistant.settings import Settings
    from tools import TOOLS

    settings = Settings()

    async def tried() -> tuple[ModelState, ModelCheck | None]:
        from assistant.model.ollama_models import model_state

        state = await model_state(settings, name)
        return state, await check_model(settings, state, TOOLS) if state.usable else None

    try:
        with notes.status("Asking; a small machine needs some minutes …"):
            state, found = asyncio.run(tried())
    except ModelError as error:
        give_up(f"The model did not answer ({error}).")
    if found is None:
        give_up(f"{state.model} cannot be asked: {str(state.problem).replace('_', ' ')}.")
    console.print(f"{escape(state.model)}: {_describe_check(found)}")


@app.command()
def pull(
    name: Annotated[
        str | None, typer.Argument(help="Model; without it the one of the settings.")
    ] = None,
) -> None:
    """Download a model onto the Ollama server."""
    from assistant.settings import Settings

    asyncio.run(_pull(name or Settings().model))


async def _pull(name: str) -> None:
    from assistant.model import ollama_models
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


@app.command("import-egmd")
def import_egmd(
    checkpoint: Annotated[
        Path, typer.Argument(help="e-gmd_checkpoint.zip, or the folder that it unpacks to.")
    ],
    unverified: Annotated[
        bool, typer.Option("--unverified", help="Take one that is not the published checkpoint.")
    ] = False,
    data: Annotated[Path | None, typer.Option(help="Folder of Backbeat's data.")] = None,
) -> None:
    """Import Magenta's E-GMD network, as the chart profile magenta."""
    from indexer.models.converting import ConversionError
    from indexer.models.egmd import import_checkpoint
    from store.settings import StoreSettings

    use_data_folder(data)
    try:
        with notes.status("Converting the network (once, about half a minute) …"):
            check = import_checkpoint(
                checkpoint.expanduser(), StoreSettings().models, unverified=unverified
            )
    except ConversionError as error:
        give_up(str(error))
    console.print(_CHECKS[check.value], soft_wrap=True)
    console.print("The network is ready: backbeat chart SONG --profile magenta")
