"""`backbeat`: all commands. Each imports the heavy packages that it needs itself."""

from __future__ import annotations

import os
import sys
from importlib.metadata import PackageNotFoundError, version
from io import TextIOWrapper

import typer

from backbeat.commands import (
    backup_command,
    chat_command,
    demo_command,
    doctor_command,
    eval_command,
    import_command,
    index_command,
    mcp_command,
    models_command,
    playlist_command,
    serve_command,
    tags_command,
    token_command,
    user_command,
)
from backbeat.commands.charts import chart_command, transcribe_command
from backbeat.commands.feedback import correct_command, feedback_command
from backbeat.terminal import console, translate_errors
from store.processes import ONE_THREAD, protect_children

app = typer.Typer(
    name="backbeat",
    add_completion=False,
    help="Backbeat listens to your folder of music, answers in a chat and charts the drums. "
    "Nothing leaves your house.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_RUN = "Run"
_ASK = "Ask"
_DRUMS = "Drums"
_ANALYSE = "Analyse"
_CARE = "Care"

app.command(rich_help_panel=_RUN)(serve_command.serve)
app.command(rich_help_panel=_RUN)(index_command.index)
app.command(rich_help_panel=_RUN)(index_command.watch)
app.command(rich_help_panel=_RUN)(index_command.away)
app.command(rich_help_panel=_RUN)(index_command.pause)
app.command(rich_help_panel=_RUN)(index_command.resume)
app.command(rich_help_panel=_RUN)(demo_command.demo)
app.command(rich_help_panel=_ASK)(chat_command.chat)
app.command(rich_help_panel=_ASK)(chat_command.understand)
app.command(rich_help_panel=_ASK)(playlist_command.playlist)
app.command(rich_help_panel=_ASK)(playlist_command.export)
app.command("import", rich_help_panel=_ASK)(import_command.import_files)
app.command(rich_help_panel=_ASK)(mcp_command.mcp)
app.add_typer(chart_command.app, name="chart", rich_help_panel=_DRUMS)
app.command(rich_help_panel=_DRUMS)(transcribe_command.transcribe)
app.command(rich_help_panel=_ANALYSE)(index_command.analyze)
app.add_typer(models_command.app, name="models", rich_help_panel=_CARE)
app.command("eval", rich_help_panel=_CARE)(eval_command.evaluate)
app.command(rich_help_panel=_CARE)(correct_command.correct)
app.add_typer(feedback_command.app, name="feedback", rich_help_panel=_CARE)
app.add_typer(tags_command.app, name="tags", rich_help_panel=_ANALYSE)
app.add_typer(index_command.vectors_app, name="vectors", rich_help_panel=_CARE)
app.add_typer(user_command.app, name="user", rich_help_panel=_CARE)
app.add_typer(token_command.app, name="token", rich_help_panel=_CARE)
app.command(rich_help_panel=_CARE)(doctor_command.doctor)
app.command(rich_help_panel=_CARE)(backup_command.backup)
app.command(rich_help_panel=_CARE)(backup_command.restore)


@app.command("version", rich_help_panel=_CARE)
def show_version() -> None:
    """Print the version."""
    try:
        console.print(version("backbeat"), highlight=False)
    except PackageNotFoundError:
        console.print("unknown: Backbeat is not installed (make setup)")


def main() -> None:
    """The entry point of the `backbeat` command."""
    # A file name that is not UTF-8 must be printable.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    protect_children()
    for name, value in {**ONE_THREAD, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}.items():
        os.environ.setdefault(name, value)
    with translate_errors():
        app()
