from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cards.digest import MOST, digest_card
from commands.answering import may_answer, settle_answers, take_keep
from commands.arguments import Base
from commands.moments import parse_until
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from domain.answers import Row
from domain.errors import Refusal
from domain.ids import CaseKey
from domain.spaces import Space
from retention.digests import rows_of, still_in, waiting_for
from retention.keeping import Kept

FOREVER = frozenset({"forever", "for ever"})


@dataclass(frozen=True, slots=True, kw_only=True)
class HowLong(Base):
    """For ever, or a date or span."""

    takes_rest: bool = True

    def parse(self, words: Sequence[str], context: Context) -> tuple[datetime | None]:
        said = " ".join(words).casefold().removeprefix("until ").strip()
        if said in FOREVER:
            return (None,)
        try:
            now = context.house.clock.now()
            return (parse_until(said.removeprefix("for "), now=now,
                                zone=context.caller.time_zone).at,)  # fmt: skip
        except ValueError as no:
            raise Refusal(str(no), "Write it like 1y, 2027-06-30 or forever.") from None


@command(
    "keep all",
    args=[HowLong(name="until", label="For how long", hint="such as 1y, 2027-06-30 or forever")],
    allow=ANYONE, group="Keeping",
    help="Keep all spaces of yours that wait for your answer, until a day or for ever.",
    example=["keep all 1y", "keep all until 2031-06-30", "keep all forever"],
    aliases=["keep all of them", "keep them all"],
)  # fmt: skip
def keep_all(context: Context, until: tuple[datetime | None]) -> Reply:
    house, caller = context.house, context.caller
    with house.store.read() as tx:
        waiting = waiting_for(tx, caller.key)
        before = rows_of(tx, waiting[:MOST], caller.key)
    refused: dict[CaseKey, str] = {}
    done: list[tuple[Space, Kept]] = []
    for row in before:
        try:
            may_answer(context, row.warned.space)
            done.append((row.warned.space, take_keep(context, row, until[0])))
        except Refusal as no:
            refused[row.warned.case] = no.reason
    with house.store.read() as tx:
        now = rows_of(tx, still_in(tx, waiting[:MOST], caller.key), caller.key)
    shown: list[Row] = [replace(row, refused=refused.get(row.warned.case, "")) for row in now]
    return Reply(
        card=digest_card(
            shown, owner=caller.key, reader=house.reader(caller), more=len(waiting) - len(before)
        ),
        afterwards=lambda: settle_answers(context, done),
    )  # fmt: skip
