"""The command line: ``spacekeeper --help`` tells all of it."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Looks after Webex spaces.")


@app.command()
def bot() -> None:
    """Run the bot until it is stopped."""
    from bot.settings import WrongSettings
    from bot.wiring import build

    try:
        process = build(_settings())
    except WrongSettings as no:
        typer.echo(str(no), err=True)
        raise typer.Exit(2) from None
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda number, frame: process.stop())
    try:
        process.run()
    except ConnectionError as no:
        typer.echo(f"{no}.", err=True)
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
        ran = run(settings, name, at=at, is_dry=dry_run)
    except NoJob as no:
        typer.echo(str(no), err=True)
        raise typer.Exit(2) from None
    typer.echo(json.dumps({"run": ran.run, "outcome": ran.outcome, **ran.summary}, indent=2))
    if not ran.is_done:
        raise typer.Exit(1)


@app.command()
def release() -> None:
    """Bring the database to today's schema."""
    from bot.tasks import migrate
    from storage.engine import open_engine
    from storage.migrate import upgrade

    settings = _settings()
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


def _settings() -> Settings:
    from bot.settings import WrongSettings, load_settings

    try:
        return load_settings()
    except WrongSettings as no:
        typer.echo(str(no), err=True)
        raise typer.Exit(2) from None


def main() -> None:
    app()


if __name__ == "__main__":
    main()
