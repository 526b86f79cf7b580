"""`backbeat user`: who may sign in on the page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from backbeat.terminal import console, give_up, notes, use_data_folder

app = typer.Typer(
    help="Users of the chat: add, list, password, app-password, remove.", no_args_is_help=True
)

NameArgument = Annotated[str, typer.Argument(help="Name of the user.")]
StdinOption = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input.")
]
DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of Backbeat's data.")]


@app.command()
def add(name: NameArgument, password_stdin: StdinOption = False, data: DataOption = None) -> None:
    """Add a user; from the first one on, the page asks for name and password."""
    from store.people import users
    from store.tables.people import OWNER_ID

    _open(data)
    added = users.add_user(name, _password(password_stdin)).person
    console.print(f"Added {escape(added.name)}.")
    if added.id == OWNER_ID:
        notes.print("Playlists, likes and history of this library so far belong to this user.")


@app.command("list")
def list_users(data: DataOption = None) -> None:
    """List the users."""
    from store.people import users

    _open(data)
    found = [account for account in users.accounts() if account.password is not None]
    for account in found:
        since = f"since {account.created_at:%Y-%m-%d}"
        console.print(f"{escape(account.person.name)}  [dim]{since}[/dim]")
    if not found:
        notes.print("There is no user. Add one: backbeat user add NAME")


@app.command()
def password(
    name: NameArgument, password_stdin: StdinOption = False, data: DataOption = None
) -> None:
    """Change a user's password; who is signed in with the old one has to sign in again."""
    from store.people import users

    _open(data)
    changed = users.set_password(name, _password(password_stdin))
    console.print(f"The password of {escape(changed.person.name)} is changed.")


@app.command("app-password")
def app_password(
    name: NameArgument,
    label: Annotated[str, typer.Option("--for", help="Which app gets it.")] = "app",
    listed: Annotated[bool, typer.Option("--list", help="List those there are.")] = False,
    revoke: Annotated[
        int | None, typer.Option("--revoke", metavar="NUMBER", help="Revoke one of the list.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Make a password for a music player app; it also serves as an API key."""
    from store.people import app_passwords

    _open(data)
    if revoke is not None:
        app_passwords.revoke_app_password(name, revoke)
        console.print(f"App password {revoke} is revoked.")
    elif listed:
        for row in app_passwords.app_passwords(name):
            since = f"since {row.created_at:%Y-%m-%d}"
            console.print(f"{row.id}  {escape(row.label)}  [dim]{since}[/dim]")
    else:
        console.print(app_passwords.make_app_password(name, label), highlight=False)
        notes.print("It is shown this once. In the app, give the name of the user with it.")


@app.command()
def remove(
    name: NameArgument,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    data: DataOption = None,
) -> None:
    """Remove a user with playlists, likes and conversations."""
    from store.people import users

    _open(data)
    if not yes:
        typer.confirm(f"Remove {name} with all playlists, likes and conversations?", abort=True)
    if users.remove_user(name):
        console.print(f"Removed {escape(name)}.")
    else:
        console.print(f"{escape(name)} cannot sign in any more.")
        notes.print("Playlists, likes and history stay: they belong to the library's owner.")
    if not users.users_exist():
        notes.print("That was the last user: on this machine nobody has to sign in now.")


def _open(data: Path | None) -> None:
    from store.database import db

    use_data_folder(data)
    db.upgrade()


def _password(from_stdin: bool) -> str:
    """Return a new password: asked for twice on the terminal, or one line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        give_up("The password is asked for on a terminal; elsewhere use --password-stdin.")
    return typer.prompt("Password", hide_input=True, confirmation_prompt="The same again")
