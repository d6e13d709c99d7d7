"""What the command line's parts share: the settings, and what is wrong told in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.store import Store


def settings() -> Settings:
    """The settings, with the log set up by them; what is wrong with them ends the command."""
    from bot.logs import set_up
    from bot.settings import WrongSettings, load_settings

    try:
        made = load_settings()
    except WrongSettings as no:
        typer.echo(str(no), err=True)
        raise typer.Exit(2) from None
    set_up(level=made.log_level, as_json=made.log_json, hide=made.secrets)
    return made


@contextmanager
def told() -> Iterator[None]:
    """A refusal, a fault and a database that can't be used are told and end the command."""
    from domain.errors import Fault, Refusal
    from storage.health import DatabaseFault

    try:
        yield
    except DatabaseFault as no:
        why = str(no).partition("\n")[0]
        typer.echo(f"The database can't be used: {why}. `spacekeeper check` says more.", err=True)
        raise typer.Exit(1) from None
    except (Refusal, Fault) as no:
        typer.echo(str(no), err=True)
        raise typer.Exit(1) from None


@contextmanager
def database() -> Iterator[Store]:
    """The database alone, by the machine's own clock."""
    from domain.clock import SystemClock
    from storage.engine import open_engine
    from storage.store import Store

    with told():
        store = Store(open_engine(settings().database_url), SystemClock())
        try:
            yield store
        finally:
            store.close()
