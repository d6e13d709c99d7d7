"""What is done with all that a search finds: the preview, its yes, and each space's turn.

The list is found once and shown; what is confirmed is exactly that list, which becomes the items
of a long work (`commands/working.py`). Whether the caller may is asked again for each space when
its turn comes. A command of these declares what it does to one space (or to some), and which
spaces it leaves out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cards.preview import preview_card
from cards.words import count
from commands.confirming import MANY, ask, confirmed
from commands.queries import QueryArg
from commands.spec import Context, Reply
from commands.working import Result, Working, begin
from domain.errors import Refusal, Stopped
from domain.ids import SpaceKey
from domain.people import Role
from domain.spaces import Space
from domain.works import Came, How, Item
from query.faults import QueryFault
from spaces.many import Chosen, WhyNot, choose, names_in, spaces_now, to_change

WHERE = QueryArg(
    name="query", label="Where", marker=("where",), required=True,
    hint="tag:finance inactive:>90d",
)  # fmt: skip
KIND = "bulk"
MOST_REASONS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """One thing to do with many spaces.

    Args:
        work: the work's name, which is the command's.
        does: what it does, as a title begins: “Tag with finance”.
        params: what each space's turn needs to know.
        why_not: which spaces it leaves out.
        is_for_compliance: nobody else may.
        rows: what a preview says that becomes of each.
    """

    work: str
    does: str
    params: Mapping[str, str]
    why_not: WhyNot
    becomes: str
    do: str
    is_for_compliance: bool = False
    most: int | None = None
    too_many: str = ""
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def preview(context: Context, query: str, bulk: Bulk) -> Reply:
    """Exactly what would be done, with a way to say yes to it. Raises Refusal."""
    try:
        chosen = choose(
            context.house, context.caller, query, sees_all=context.is_compliance,
            why_not=bulk.why_not,
        )  # fmt: skip
    except QueryFault as fault:
        raise Refusal(str(fault.reason), "`help search` tells what can be asked.") from None
    total = len(chosen.todo)
    if bulk.most is not None and total > bulk.most:
        raise Refusal(f"That would be {count(total, 'space')}.", bulk.too_many)
    made = ask(
        context, KIND,
        {
            "work": bulk.work, "does": bulk.does, "params": dict(bulk.params),
            "for_compliance": bulk.is_for_compliance, "spaces": [int(key) for key in chosen.todo],
            "skipped": [list(one) for one in chosen.skipped],
        },
        retypes=total > MANY,
    )  # fmt: skip
    return Reply(
        card=preview_card(
            f"{bulk.does}: {count(total, 'space')}?", ("Of the spaces", chosen.sentence),
            *_left_out(chosen), columns=("Space", "What becomes of it"),
            rows=[(name, bulk.becomes) for _, name in chosen.first],
            more=total - len(chosen.first), warnings=bulk.warnings, notes=bulk.notes,
            code=made.code, which=made.which, retypes=made.retypes, do=bulk.do,
        )
    )  # fmt: skip


def _left_out(chosen: Chosen) -> list[tuple[str, str]]:
    if not chosen.skipped:
        return []
    return [("Left out", _said(chosen.skipped))]


def _said(skipped: Sequence[Sequence[Any]]) -> str:
    shown = "; ".join(f"{number:,} {reason}" for reason, number in skipped[:MOST_REASONS])
    rest = sum(number for _, number in skipped[MOST_REASONS:])
    return f"{shown}; {rest:,} for other reasons" if rest else shown


@confirmed(KIND)
def follow(context: Context, payload: Mapping[str, Any]) -> Reply:
    if payload["for_compliance"] and not context.is_compliance:
        raise Refusal("Not allowed: that is for compliance.")
    keys = [SpaceKey(key) for key in payload["spaces"]]
    names = names_in(context.house, keys)
    return begin(
        context, payload["work"], f"{payload['does']}: {count(len(keys), 'space')}",
        [{"space": str(key), "name": names.get(key, "?")[:200]} for key in keys],
        {**payload["params"], "skipped": json.dumps(payload["skipped"])},
    )  # fmt: skip


# -- a space's turn --------------------------------------------------------------------------

DoOne = Callable[[Context, Space, Working], Came]


def each(working: Working, items: Sequence[Item], do: DoOne) -> list[Came]:
    """Each space by itself. A Refusal of `do` is what came of that space."""
    came, now = [], _now(working, items)
    for item in items:
        if working.stop():
            raise Stopped
        name = item.payload["name"]
        try:
            came.append(do(working.context(item), _mine(working, now.get(_key(item))), working))
        except Refusal as no:
            came.append(Came(how=How.REFUSED, name=name, said=str(no)))
    return came


def _mine(working: Working, space: Space | None) -> Space:
    return to_change(working.house, space, working.caller, is_compliance=is_officer(working))


def _now(working: Working, items: Sequence[Item]) -> Mapping[SpaceKey, Space]:
    return spaces_now(working.house, [_key(item) for item in items])


def _key(item: Item) -> SpaceKey:
    return SpaceKey(int(item.payload["space"]))


def is_officer(working: Working) -> bool:
    return working.role is Role.COMPLIANCE


Outcomes = Mapping[SpaceKey, tuple[str, ...] | Refusal]


def together(
    working: Working, items: Sequence[Item], do: Callable[[Sequence[SpaceKey]], Outcomes], *,
    already: str,
) -> list[Came]:  # fmt: skip
    """All of `items` that the caller may change, in one go: no call of Webex is needed but to
    see that they may."""
    now = _now(working, items)
    may: dict[int, Came | Space] = {}
    for item in items:
        if working.stop():
            raise Stopped
        try:
            may[item.number] = _mine(working, now.get(_key(item)))
        except Refusal as no:
            may[item.number] = Came(how=How.REFUSED, name=item.payload["name"], said=str(no))
    came = do([one.key for one in may.values() if isinstance(one, Space)])
    return [_came(item, may[item.number], came, already) for item in items]


def _came(item: Item, one: Came | Space, came: Outcomes, already: str) -> Came:
    if isinstance(one, Came):
        return one
    result, name = came[one.key], item.payload["name"]
    if isinstance(result, Refusal):
        return Came(how=How.REFUSED, name=name, said=str(result))
    if not result:
        return Came(how=How.ALREADY, name=name, said=already)
    return Came(how=How.DONE, name=name)


def finish(working: Working) -> Result:
    """What was left out from the start is told again."""
    skipped = json.loads(working.payload.get("skipped", "[]"))
    return Result(notes=(f"Left out from the start: {_said(skipped)}.",) if skipped else ())
