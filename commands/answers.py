from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cards.digest import MOST, digest_card
from commands.answering import may_answer, settle_answers, take_keep
from commands.arguments import Base, Number, UntilArg
from commands.moments import Until, parse_until
from commands.permissions import ANYONE
from commands.spec import Argument, Context, Reply, command
from domain.answers import Choice, Row, Stand
from domain.errors import Refusal
from domain.ids import CaseKey
from domain.spaces import Space
from retention.digests import digest_of, rows_of, still_in, waiting_for
from retention.disowning import disown
from retention.keeping import Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerArg(Base):
    """What was chosen in one row."""

    required: bool = False
    is_typed: bool = False
    is_asked: bool = False
    longest_filled: int = 20

    def parse(self, words: Sequence[str], context: Context) -> Choice:
        try:
            return Choice(" ".join(words))
        except ValueError:
            raise Refusal("That card was altered, so I did nothing.") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasesArg(Base):
    """The cases of the card, from the button's own record."""

    required: bool = False
    is_typed: bool = False
    is_asked: bool = False

    def parse(self, words: Sequence[str], context: Context) -> tuple[CaseKey, ...]:
        return tuple(CaseKey(int(one)) for one in " ".join(words).split())[:MOST]


ROWS: Sequence[Argument] = [AnswerArg(name=f"a{number}") for number in range(1, MOST + 1)]


@command(
    "answers",
    args=[
        Number(name="page", label="Page", marker=("page",), required=False, least=1,
               is_asked=False),
        CasesArg(name="cases"), *ROWS, AnswerArg(name="rest"),
        UntilArg(name="until", is_typed=False, is_asked=False, required=False),
    ],
    allow=ANYONE, group="Keeping", aliases=["my warnings", "warnings"],
    help="Show all spaces of yours that wait for your answer, and answer them in one go.",
    example=["answers", "answers page 2"],
    details=[
        ("in words", "`keep all 1y` answers all of them; `keep until` and `answer` one"),
    ],
)  # fmt: skip
def answers(
    context: Context, page: int | None, cases: tuple[CaseKey, ...] | None, rest: Choice | None,
    until: Until | None, **rows: Choice | None,
) -> Reply:  # fmt: skip
    if not cases:
        return show_waiting(context, page or 1)
    chosen = [rows.get(f"a{number}") or rest for number in range(1, len(cases) + 1)]
    return _take(context, cases, chosen, until)


def show_waiting(context: Context, page: int) -> Reply:
    """What waits for the caller's answer, some at a time."""
    house, caller = context.house, context.caller
    with house.store.read() as tx:
        waiting = waiting_for(tx, caller.key)
        pages = max(1, -(-len(waiting) // MOST))
        page = min(page, pages)
        rows = rows_of(tx, waiting[(page - 1) * MOST : page * MOST], caller.key)
    return Reply(
        card=digest_card(
            rows, owner=caller.key, reader=house.reader(caller), page=page, pages=pages
        )
    )


def _take(
    context: Context, cases: Sequence[CaseKey], chosen: Sequence[Choice | None],
    until: Until | None,
) -> Reply:  # fmt: skip
    """Each answer by itself: one that is refused takes none of the others with it."""
    house, caller = context.house, context.caller
    with house.store.read() as tx:
        before = rows_of(tx, cases, caller.key)
    came: dict[CaseKey, Row] = {}
    done: list[tuple[Space, Kept]] = []
    for row, choice in zip(before, chosen, strict=True):
        if choice is None or row.stand is not Stand.OPEN:
            continue
        try:
            may_answer(context, row.warned.space)
            if choice.is_keep:
                kept = take_keep(context, row, _day_of(context, choice, until))
                done.append((row.warned.space, kept))
            elif choice is Choice.NOT_MINE:
                disown(house, context.actor, row.warned.space, caller)
            else:
                came[row.warned.case] = replace(row, asked=choice)
        except Refusal as no:
            came[row.warned.case] = replace(row, refused=no.reason)
    with house.store.read() as tx:
        now = rows_of(tx, still_in(tx, cases, caller.key), caller.key)
        about = digest_of(tx, cases, caller.key)
    shown = [_with(row, came.get(row.warned.case)) for row in now]
    return Reply(
        card=digest_card(shown, owner=caller.key, reader=house.reader(caller)),
        about=about,
        afterwards=lambda: settle_answers(context, done),
    )


def _with(row: Row, came: Row | None) -> Row:
    """A row as it is now, with what was said to it just now."""
    return row if came is None else replace(row, asked=came.asked, refused=came.refused)


def _day_of(context: Context, choice: Choice, until: Until | None) -> datetime | None:
    """Until when; None for ever. Raises Refusal: the day was not filled in."""
    match choice:
        case Choice.FOREVER:
            return None
        case Choice.DAY if until is None:
            raise Refusal("You chose a day and named none.")
        case Choice.DAY if until is not None:
            return until.at
        case _:
            now = context.house.clock.now()
            return parse_until(str(choice), now=now, zone=context.caller.time_zone).at
