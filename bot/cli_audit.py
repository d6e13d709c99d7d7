"""``spacekeeper audit``: the record, verified, and given away whole."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.terminal import database, settings

app = typer.Typer(no_args_is_help=True, help="The record of what was done.")


@app.command()
def verify(
    head: Annotated[
        str, typer.Option(help="A seal that was kept elsewhere: it has to stand in the record.")
    ] = "",
    anchors: Annotated[
        Path | None, typer.Option(help="A folder of anchors, or a copy of it, to hold it against.")
    ] = None,
) -> None:
    """Verify the record: each row is sealed to the one before, and as it was given away."""
    from retention.anchoring import hold_against, read_anchors

    with database() as store, store.read() as tx:
        chain = tx.audit.verify()
        is_there = not head or tx.audit.has_seal(head.strip())
        folder = anchors or settings().anchor_folder
        try:
            held = hold_against(tx, *read_anchors(folder)) if folder else None
        except OSError as no:
            typer.echo(f"The anchors can't be read: {no.strerror or no}.", err=True)
            raise typer.Exit(1) from None
    if not chain:
        typer.echo(f"The record is broken at row {chain.broken_at}.", err=True)
    if held is not None and held.differs_at is not None:
        typer.echo(
            f"The record differs from its anchors: row {held.differs_at} is the first.", err=True
        )
    for one in () if held is None else held.wrong:
        typer.echo(f"Of the anchors, {one}.", err=True)
    if not is_there:
        typer.echo("The seal that you kept does not stand in it: it was cut or replaced.", err=True)
    if not (chain and is_there and (held is None or held)):
        raise typer.Exit(1)
    typer.echo(f"The record is whole: {chain.length} rows, the last one sealed {chain.head}.")
    if held is not None:
        typer.echo(f"It is as {held.anchors} anchors say, up to row {held.rows}.")


@app.command()
def export(
    since: Annotated[str, typer.Option(help="From this day on, such as 2026-01-01.")] = "",
    until: Annotated[str, typer.Option(help="Before this day.")] = "",
) -> None:
    """Print the record as JSON lines, with each row's seal, for whoever has to check it.

    The rows are all of those days, in order; the last line says how the record stood as a whole.
    Whoever has them can seal them again: SHA-256 over the row's JSON without its own hash, keys
    sorted, moments as milliseconds since 1970, as docs/record.md says.
    """
    start, end = _day(since), _day(until)
    with database() as store, store.read() as tx:
        for text in tx.audit.exported(since=start, until=end):
            typer.echo(text)
        chain = tx.audit.verify()
    typer.echo(
        json.dumps({"whole": bool(chain), "rows": chain.length, "head": chain.head}), nl=True
    )
    if not chain:
        typer.echo(f"The record is broken at row {chain.broken_at}.", err=True)
        raise typer.Exit(1)


def _day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        typer.echo(f"{text!r} is no day; write one like 2026-01-31.", err=True)
        raise typer.Exit(2) from None
