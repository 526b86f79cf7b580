"""`backbeat token`: keys with which other programs use the API."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from backbeat.terminal import console, give_up, notes, use_data_folder

if TYPE_CHECKING:
    from store.people.tokens import TokenRow

app = typer.Typer(help="Keys for other programs: add, list, revoke.", no_args_is_help=True)

UserOption = Annotated[
    str | None, typer.Option("--user", help="Whose playlists and likes it is about.")
]
DataOption = Annotated[Path | None, typer.Option("--data", help="Folder of Backbeat's data.")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What it is for, such as the program's name.")],
    user: UserOption = None,
    data: DataOption = None,
) -> None:
    """Make a token and print it, once: only its hash is kept."""
    from store.people import tokens
    from store.tables.people import OWNER_ID

    _open(data)
    person = _person(user)
    made, secret = tokens.add_token(name, OWNER_ID if person is None else person)
    notes.print(f"Token “{escape(made.name)}” of {escape(made.person)}; it is shown only now:")
    console.print(secret, highlight=False, markup=False, soft_wrap=True)
    notes.print("Programs send it as a header: Authorization: Bearer TOKEN")


@app.command("list")
def list_tokens(user: UserOption = None, data: DataOption = None) -> None:
    """List the tokens: number, name, whose, since when, last use."""
    from store.people import tokens

    _open(data)
    found = tokens.tokens(_person(user))
    for token in found:
        used = f"used {token.used_at:%Y-%m-%d %H:%M} UTC" if token.used_at else "never used"
        since = f"since {token.created_at:%Y-%m-%d}, {used}"
        console.print(
            f"{token.id}  {escape(token.name)}  {escape(token.person)}  [dim]{since}[/dim]",
            soft_wrap=True,
        )
    if not found:
        notes.print("There is no token. Make one: backbeat token add NAME")


@app.command()
def revoke(
    token: Annotated[str, typer.Argument(help="Its name, or its number in the list.")],
    user: UserOption = None,
    data: DataOption = None,
) -> None:
    """Revoke a token: programs that use it are refused from now on."""
    from store.people import tokens

    _open(data)
    found = _named(token, tokens.tokens(_person(user)))
    tokens.revoke_token(found.id)
    console.print(f"Revoked “{escape(found.name)}” of {escape(found.person)}.")


def _named(wanted: str, among: tuple[TokenRow, ...]) -> TokenRow:
    named = [token for token in among if token.name == wanted]
    found = named or [token for token in among if str(token.id) == wanted]
    if not found:
        give_up(f"There is no token “{wanted}”. See: backbeat token list")
    if len(found) > 1:
        give_up("Several people have a token of this name: give its number.")
    return found[0]


def _person(user: str | None) -> int | None:
    from store.people import users

    if user is None:
        return None
    found = users.account_named(user)
    if found is None:
        give_up(f"There is no user “{user}”. See: backbeat user list")
    return found.person.id


def _open(data: Path | None) -> None:
    from store.database import db

    use_data_folder(data)
    db.upgrade()
