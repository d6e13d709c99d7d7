"""``spacekeeper policy``: policies as files, for who keeps them beside the code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Policies as YAML files.")
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The YAML file.")]


@app.command()
def plan(file: File) -> None:
    """Show what a file would change, and whom it would hit; change nothing."""
    from bot.policy_files import differences, tell

    found = differences(file)
    for line in tell(found):
        typer.echo(line)
    if any(one.how == "wrong" for one in found):
        raise typer.Exit(1)


@app.command()
def apply(
    file: File,
    author: Annotated[
        str, typer.Option("--as", help="The officer whose policies these are: an e-mail address.")
    ],
) -> None:
    """Write what is new or changed, as versions that simulate until a second officer agrees."""
    from bot.policy_files import write

    for line in write(file, author):
        typer.echo(line)


@app.command()
def test(file: File) -> None:
    """Play a file's own examples by the real decision; the company is not looked at."""
    from bot.policy_files import play

    lines, is_good = play(file)
    for line in lines:
        typer.echo(line)
    if not is_good:
        raise typer.Exit(1)


@app.command()
def export() -> None:
    """Print the policies that there are, as a file."""
    from bot.policy_files import written

    typer.echo(written(), nl=False)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a file."""
    from retention.filing import schema as of

    typer.echo(json.dumps(of(), indent=2, ensure_ascii=False))
