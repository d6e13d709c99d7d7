"""The command line: ``spacekeeper --help`` tells all of it."""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import asdict
from getpass import getuser
from typing import Annotated

import typer

from bot.cli_audit import app as audit
from bot.cli_policy import app as policy
from bot.terminal import settings as _settings
from bot.terminal import told

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Looks after Webex spaces.")
app.add_typer(audit, name="audit")
groups = typer.Typer(no_args_is_help=True, help="The directory's groups.")
app.add_typer(groups, name="groups")
app.add_typer(policy, name="policy")


@app.command()
def bot() -> None:
    """Run the bot until it is stopped."""
    from bot.settings import WrongSettings
    from bot.wiring import build
    from domain.errors import Fault

    try:
        process = build(_settings())
    except WrongSettings as no:
        typer.echo(str(no), err=True)
        raise typer.Exit(2) from None
    except Fault as no:
        typer.echo(f"The bot can't start: {no}. `spacekeeper check` says more.", err=True)
        raise typer.Exit(1) from None
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda number, frame: process.stop())
    code = 0
    try:
        process.run()
    except ConnectionError as no:
        typer.echo(f"{no}.", err=True)
        code = 1
    if not process.clockwork.is_clean:
        os._exit(code)  # a job would not leave off; what it does is safe to be cut short
    raise typer.Exit(code)


@app.command()
def web() -> None:
    """Take Webex's webhooks, where there is an address for them; beside the bot."""
    from bot.settings import WrongSettings
    from bot.wiring import build_web
    from domain.errors import Fault

    try:
        door = build_web(_settings())
    except WrongSettings as no:
        typer.echo(str(no), err=True)
        raise typer.Exit(2) from None
    except Fault as no:
        typer.echo(f"It can't start: {no}. `spacekeeper check` says more.", err=True)
        raise typer.Exit(1) from None
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda number, frame: door.stop())
    try:
        door.run()
    except OSError as no:
        typer.echo(f"It can't listen: {no.strerror}.", err=True)
        raise typer.Exit(1) from None


@app.command()
def job(
    name: Annotated[str, typer.Argument(help="Which one; without, all are listed.")] = "",
    dry_run: Annotated[bool, typer.Option(help="Show what it would do; change nothing.")] = False,
    at: Annotated[str, typer.Option(help="Which firing: when it was due, ISO 8601.")] = "",
) -> None:
    """Run a job once, here and now, and say what came of it."""
    from bot.jobs import NoJob, listing, run

    settings = _settings()
    if not name:
        typer.echo(listing())
        return
    try:
        ran = run(settings, name, at=at, is_dry=dry_run, tell=_tell)
    except NoJob as no:
        typer.echo(str(no), err=True)
        raise typer.Exit(2) from None
    typer.echo(json.dumps({"run": ran.run, "outcome": ran.outcome, **ran.summary}, indent=2))
    if not ran.is_done:
        raise typer.Exit(1)


@app.command()
def check(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for a machine.")] = False,
) -> None:
    """See whether everything is there that the bot needs, and what to do if not."""
    from bot.doctor import examine, exit_code
    from bot.wiring import build_house

    settings = _settings()
    house = build_house(settings, migrates=False)
    lines = []
    for line in examine(house, settings):
        lines.append(line)
        if not as_json:
            typer.echo(f"{line.level:<6} {line.name}: {line.said}")
            if line.to_do:
                typer.echo(f"       -> {line.to_do}")
    if as_json:
        typer.echo(json.dumps([asdict(line) for line in lines], indent=2))
    house.store.close()
    raise typer.Exit(exit_code(lines))


@groups.command()
def accept(name: str) -> None:
    """Take a group that shrank a lot as the directory has it now, because that is right."""
    from bot.wiring import build_house
    from domain.errors import Fault, Refusal
    from domain.people import Actor
    from spaces.sync.groups import accept_group

    house = build_house(_settings())
    try:
        taken = accept_group(house, Actor(name=f"operator {getuser()}"), name)
    except (Fault, Refusal) as no:
        typer.echo(str(no), err=True)
        raise typer.Exit(1) from None
    finally:
        house.store.close()
    if not taken.now:
        typer.echo(f"{name} is forgotten: the directory does not have it any more.")
        return
    typer.echo(f"{name} has {taken.members:,} members now.")


@app.command()
def release() -> None:
    """Bring the database to today's schema."""
    from bot.tasks import migrate
    from storage.engine import open_engine
    from storage.migrate import upgrade

    settings = _settings()
    with told():
        upgrade(open_engine(settings.database_url))
        migrate(settings.database_url)
    typer.echo("The database is up to date.")


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def sandbox(context: typer.Context) -> None:
    """Run a Webex on this machine, for trying things out."""
    from sandbox.__main__ import main as serve

    raise typer.Exit(serve(context.args))


def _tell(text: str) -> None:
    """How far something has come: for who watches, and in no pipe."""
    if sys.stderr.isatty():
        typer.echo(f"\r{text}\033[K", err=True, nl=False)


def main() -> None:
    app()


if __name__ == "__main__":
    main()
