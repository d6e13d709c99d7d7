from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cards.exported import exported_card
from cards.sheets import Sheet, csv_file, stamp, xlsx
from cards.words import count
from commands.arguments import Choice, visible_to
from commands.permissions import ANYONE
from commands.queries import QUERY, Asked, read_asked
from commands.search import form, found
from commands.spec import Context, Reply, command
from commands.working import Result, Working, begin, work
from domain.outgoing import Attached
from domain.works import Came, Item
from query.faults import QueryFault
from query.language import parse
from spaces.tabling import COLUMNS, count_found, record_export, tabled

AT_ONCE = 3_000
"""Rows up to which the file comes with the answer; more of them is work that goes on by itself."""
KINDS = ("xlsx", "csv")


@command(
    "export", args=[
        replace(QUERY, hint="tag:finance, or all"),
        Choice(
            name="kind", label="As", marker=("as",), required=False,
            choices=(("xlsx", "XLSX, for spreadsheets"), ("csv", "CSV, plain")),
        ),
    ],
    allow=ANYONE, group="Finding",
    help="Put what a search finds into a file, with all that is known of each space.",
    example=["export tag:finance", "export all sort by title as csv"],
    aliases=["export search", "download"],
)  # fmt: skip
def export(context: Context, query: Asked | None, kind: str | None) -> Reply:
    asked = query or Asked("")
    rest, _, last = asked.text.rpartition(" ")
    if kind is None and last.casefold() in KINDS:  # “export tag:finance csv”
        asked, kind = replace(asked, text=rest), last.casefold()
    kind = kind or KINDS[0]
    text = asked.text or "all"
    try:
        text = parse(text).text
        total = count_found(
            context.house, text, visible_to=visible_to(context), zone=context.caller.time_zone
        )
    except QueryFault as fault:
        return form(asked.text, fault)
    asked = replace(asked, text=text)
    if not total:
        return found(context, asked)  # which says that there are none
    if total > AT_ONCE:
        payload = {"query": asked.words, "kind": kind}
        return begin(context, "export", f"Writing {total:,} spaces to a file", [], payload)
    file, about = _file(context, asked, kind)
    return Reply(card=exported_card(about, file.name), files=(file,))


def _file(
    context: Context, asked: Asked, kind: str
) -> tuple[Attached, tuple[tuple[str, str], ...]]:
    """The file, and what it is, in words. It is in the record before it goes out."""
    zone, house = context.caller.time_zone, context.house
    with tabled(
        house, asked.text, layout=asked.layout, visible_to=visible_to(context),
        by=context.caller.email, zone=zone,
    ) as table:  # fmt: skip
        name = f"spaces {stamp(house.clock.now())}"
        says = f"{count(table.total, 'space')}, as {context.caller.email} may see them."
        sheet = Sheet(name="Spaces", columns=COLUMNS, rows=table.rows)
        about = Sheet(name="About", columns=("What", "Said"), rows=table.about)
        made = (
            csv_file(name, sheet, zone=zone, says=says)
            if kind == "csv"
            else xlsx(name, about, sheet, zone=zone, says=says)
        )
        total, told = table.total, tuple((label, _told(said)) for label, said in table.about)
    record_export(house, context.actor, asked.words, kind=kind, rows=total)
    return made, told


def _told(said: object) -> str:
    if isinstance(said, bool):
        return "yes" if said else "no"
    return f"{said:%Y-%m-%d %H:%M} UTC" if hasattr(said, "strftime") else str(said)


def _finish(working: Working) -> Result:
    payload: Mapping[str, str] = working.payload
    file, about = _file(working.context(), read_asked(payload["query"]), payload["kind"])
    return Result(notes=tuple(f"{label}: {said}" for label, said in about if said), files=(file,))


@work("export", noun="spaces", finish=_finish)
def _each(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    """It is one piece, made in the end: half a file is none."""
    return ()
