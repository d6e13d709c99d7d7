"""The command line: ``spacekeeper --help`` tells all of it."""

from __future__ import annotations

import signal

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Looks after Webex spaces.")


@app.command()
def bot() -> None:
    """Run the bot until it is stopped."""
    from bot.settings import WrongSettings, load_settings
    from bot.wiring import build

    try:
        process = build(load_settings())
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
def release() -> None:
    """Bring the database to today's schema."""
    from bot.settings import WrongSettings, load_settings
    from storage.engine import open_engine
    from storage.migrate import upgrade

    try:
        upgrade(open_engine(load_settings().database_url))
    except WrongSettings as no:
        typer.echo(str(no), err=True)
        raise typer.Exit(2) from None
    typer.echo("The database is up to date.")


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def sandbox(context: typer.Context) -> None:
    """Run a Webex on this machine, for trying things out."""
    from sandbox.__main__ import main as serve

    raise typer.Exit(serve(context.args))


def main() -> None:
    app()


if __name__ == "__main__":
    main()
