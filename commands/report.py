from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC

from cards.charts import Bars, bar_charts
from cards.facets import Counts, Share
from cards.report import report_card, said
from cards.sheets import Cell, Sheet, stamp, xlsx
from commands.arguments import Choice, visible_to
from commands.facets import counts_of
from commands.permissions import ANYONE
from commands.queries import QUERY, Asked
from commands.search import form
from commands.spec import Context, Reply, command
from domain.outgoing import Attached
from query.faults import QueryFault
from spaces.counting import narrowed
from spaces.reporting import MOST, MOST_IN_FILE, Report
from spaces.reporting import report as read_report

CLOSER = (
    ("Without an owner", "owner:none"), ("Unused for a year", "inactive:365d"),
    ("With people from outside", "scope:external"),
    ("From outside, unused for 90 days", "scope:external inactive:90d"),
    ("Without a tag", "tag:none"),
)  # fmt: skip
DRAWN = ("inactive", "age", "size", "scope", "classification", "domain", "state")


@command(
    "report", args=[
        replace(QUERY, hint="all, or tag:finance"),
        Choice(
            name="kind", label="As", marker=("as",), required=False,
            choices=(("card", "Card and picture"), ("xlsx", "XLSX, a sheet a figure")),
        ),
    ],
    allow=ANYONE, group="Finding", only_reads=True,
    help="Spaces in figures: type, scope, age, size, owners, outsiders, growth, use and state.",
    example=["report", "report tag:finance as xlsx"], aliases=["insight", "figures", "statistics"],
)  # fmt: skip
def report(context: Context, query: Asked | None, kind: str | None) -> Reply:
    text = (query.text if query else "") or "all"
    zone = context.caller.time_zone
    try:
        made = read_report(
            context.house, text, visible_to=visible_to(context), zone=zone,
            most=MOST_IN_FILE if kind == "xlsx" else MOST,
        )  # fmt: skip
    except QueryFault as fault:
        return form(text, fault)
    figures = [_told(made, counts_of(made.query, one)) for one in made.figures]
    closer = tuple(_closer(made, figures))
    file = _book(context, made, figures) if kind == "xlsx" else _picture(made, figures)
    return Reply(
        card=report_card(
            made.query.text, made.total, figures,
            [(one.name, one.made, one.then) for one in made.months],
            sentence=made.query.sentence, is_whole=context.is_compliance,
            inventory_at=made.inventory_at, is_complete=made.is_complete, closer=closer,
            outsiders=tuple(made.outsiders.items()), looks=made.looks, zone=zone,
        ),
        files=(file,) if made.total else (),
    )  # fmt: skip


def _told(made: Report, counts: Counts) -> Counts:
    """Of owners it is told how many have one, too."""
    if counts.name != "owner":
        return counts
    none = counts.shares[0]
    rest = Share(
        label="With an owner", number=made.total - none.number - counts.unknown,
        query=narrowed(made.query, "-owner:none"),
    )  # fmt: skip
    return replace(counts, shares=(rest, none))


def _closer(made: Report, figures: Sequence[Counts]) -> Iterator[Share]:
    """What deserves a look and is counted anyway."""
    known = {share.query: share.number for one in figures for share in one.shares}
    old = sum(
        share.number
        for one in figures
        if one.name == "inactive"
        for share in one.shares
        if share.label in ("1 to 2 years", "2 years and more")
    )
    for label, part in CLOSER:
        query = narrowed(made.query, part)
        number = old if part == "inactive:365d" else known.get(query)
        if query and number:
            yield Share(label=label, number=number, query=query)


def _picture(made: Report, figures: Sequence[Counts]) -> Attached:
    bars = [
        Bars(title=one.label, bars=[(s.label, s.number) for s in _drawn(one)])
        for name in DRAWN
        for one in figures
        if one.name == name and any(share.number for share in one.shares)
    ]
    bars.append(
        Bars(title="Made in", bars=[(one.name, one.made) for one in made.months], is_upright=True)
    )
    words = "; ".join(f"{one.label}: {said(one, made.total)}" for one in figures)
    title = f"{made.total:,} spaces"
    return bar_charts("spaces", title, bars, says=f"{title} as a picture. {words}"[:2000])


def _drawn(counts: Counts) -> Sequence[Share]:
    """What is not known is a bar like the others."""
    unknown = [Share(label="not known", number=counts.unknown)] if counts.unknown else []
    return [*counts.shares[:10], *unknown]


def _book(context: Context, made: Report, figures: Sequence[Counts]) -> Attached:
    zone = context.caller.time_zone
    about: list[Sequence[Cell]] = [
        ["Search", made.query.text], ["In words", f"Spaces {made.query.sentence}"],
        ["Spaces", made.total],
        ["Seen through", "the whole company" if context.is_compliance else
         f"only spaces that {context.caller.email} is in"],
        ["Made by", context.caller.email], ["Made at", context.house.clock.now()],
        ["Made at (UTC)", f"{context.house.clock.now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"],
        ["List of spaces complete as of", made.inventory_at or "never complete"],
        ["Latest look complete", made.is_complete],
    ]  # fmt: skip
    sheets = [Sheet(name="About", columns=("What", "Said"), rows=about)]
    for one in figures:
        rows = [_line(share, made.total) for share in one.shares]
        if one.unknown:
            rows.append(["not known", one.unknown, _share(one.unknown, made.total), ""])
        sheets.append(
            Sheet(
                name=one.label,
                columns=(one.label, "Spaces", "Share in %", "Search for them"),
                rows=rows,
            )
        )
    sheets += [
        Sheet(
            name="People from outside", columns=("Domain", "People"),
            rows=[[name, number] for name, number in made.outsiders.items()],
        ),
        Sheet(
            name="Growth", columns=("Month", "Made", "There at its end", "Search for them"),
            rows=[
                [one.name, one.made, one.then, narrowed(made.query, one.query)]
                for one in made.months
            ],
        ),
        *(
            [Sheet(name="Counted then", columns=("Look", "Spaces"),
                   rows=[[at, number] for at, number in made.looks])]
            if made.looks
            else []
        ),
    ]  # fmt: skip
    name = f"spaces in figures {stamp(context.house.clock.now())}"
    return xlsx(name, *sheets, zone=zone, says=f"{made.total:,} spaces in figures.")


def _line(share: Share, total: int) -> Sequence[Cell]:
    return [share.label, share.number, _share(share.number, total), share.query]


def _share(number: int, total: int) -> float:
    return round(100 * number / total, 1) if total else 0.0
