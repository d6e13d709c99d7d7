"""Custodians by a list: previewed, confirmed by a code, then put on the hold one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from cards.preview import preview_card
from cards.words import count
from commands.confirming import ask, confirmed
from commands.holding import HOLD
from commands.people import CrowdArg
from commands.permissions import COMPLIANCE
from commands.spec import Context, Reply, command
from commands.working import Result, Working, begin, work
from domain.errors import Refusal
from domain.ids import PersonKey
from domain.people import Person
from domain.works import Came, How, Item
from retention.holds import On, add_to_hold
from retention.reach import show_hold
from spaces.looking import find_person
from spaces.naming import Named

KIND = "hold people"
SHOWN = 10
BATCH = 100


@command(
    "hold import", args=[HOLD, CrowdArg(name="people", label="Custodians", marker=("people",))],
    allow=COMPLIANCE, group="Holds", aliases=["hold custodians"],
    help="Put a hold on many people at once, from a CSV file attached to the message.",
    example="hold import lawsuit-12 people ben@example.com, ana@example.com",
    details=(
        (
            "the file", "CSV as Excel or a mail program writes it; the column with the e-mail"
            " addresses is found. What names nobody stands in the result with its line.",
        ),
    ),
)  # fmt: skip
def import_people(context: Context, hold: str, people: Sequence[Named]) -> Reply:
    shown = show_hold(context.house, hold, most=0)
    if not shown.hold.is_on(context.house.clock.now()):
        raise Refusal(f"“{shown.hold.name}” is over.", "Place another one, by another name.")
    had = set(shown.targets.people)
    rows = [(one, _becomes(one, had)) for one in people]
    counts = Counter(said for _, said in rows)
    to_do = [one for one, said in rows if said in (_NEW, _ASKED)]
    if not to_do:
        raise Refusal(
            f"Nobody of that list would be new to it: {_counted(counts)}.", "Nothing was done."
        )
    made = ask(
        context, KIND,
        {
            "hold": shown.hold.name,
            "people": [_payload(one, had) for one in people],
        },
        retypes=True,
    )  # fmt: skip
    return Reply(
        card=preview_card(
            f"Hold {count(len(to_do), 'person', 'people')}?", ("Hold", shown.hold.name),
            ("Listed", f"{len(people):,}"), *((said, f"{n:,}") for said, n in counts.items()),
            rows=[(one.name, said) for one, said in rows[:SHOWN]],
            columns=("Person", "What becomes of it"), more=len(rows) - SHOWN,
            notes=(
                "Every space that they are or were in is held, also where they come into later.",
            ),
            code=made.code, which=made.which, retypes=True, do="Hold them",
        )
    )  # fmt: skip


_NEW, _ASKED = "is held", "is looked up in Webex first"
_HAD, _NOBODY = "held already", "names nobody"


def _becomes(one: Named, had: set[PersonKey]) -> str:
    if one.refusal is not None:
        return _NOBODY
    if one.person is None:
        return _ASKED
    return _HAD if one.person.key in had else _NEW


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n:,} {said}" for said, n in counts.items())


def _payload(one: Named, had: set[PersonKey]) -> dict[str, str]:
    why = str(one.refusal) if one.refusal is not None else ""
    return {"name": one.name[:200], "email": one.email, "why": why[:300]}


@confirmed(KIND)
def go(context: Context, payload: Mapping[str, Any]) -> Reply:
    if not context.is_compliance:
        raise Refusal("Not allowed: that is for compliance.")
    people = payload["people"]
    title = f"Holding {count(len(people), 'person', 'people')} for {payload['hold']}"
    return begin(context, KIND, title, people, {"hold": str(payload["hold"])})


def _finish(working: Working) -> Result:
    shown = show_hold(working.house, working.payload["hold"], most=0)
    return Result(
        notes=(
            f"The hold {shown.hold.name} reaches {count(shown.reach, 'space')} now, by"
            f" {count(len(shown.targets.people), 'person', 'people')} among others.",
        )
    )


@work(
    KIND, noun="people", batch=BATCH, finish=_finish, columns=("Person", "What came of it")
)  # fmt: skip
def hold_each(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    """Known ones by one step; who is not known is asked for in Webex by their address."""
    context, name = working.context(), working.payload["hold"]
    if not context.is_compliance:
        return [_refused(item, "That is for compliance.") for item in items]
    found = [_who(working, item) for item in items]
    people = [one for one in found if isinstance(one, Person)]
    had = set(show_hold(working.house, name, most=0).targets.people)
    flights: tuple[str, ...] = ()
    if people:
        placed = add_to_hold(working.house, working.actor, name, On(people=people))
        flights = tuple(
            f"{intent.plan.kind} in “{space.shown_title}” had begun before"
            for space, intent in placed.in_flight[:3]
        )
    came = []
    for item, one in zip(items, found, strict=True):
        if isinstance(one, str):
            came.append(_refused(item, one))
            continue
        how = How.ALREADY if one.key in had else How.DONE
        said = "; ".join(flights) if how is How.DONE else ""
        came.append(Came(how=how, name=item.payload["name"], said=said))
    return came


def _who(working: Working, item: Item) -> Person | str:
    """The person, or why nobody can be held by that line."""
    if why := item.payload["why"]:
        return why
    email = item.payload["email"]
    with working.house.store.read() as tx:
        known = tx.people.by_email(email)
    if known is not None:
        return known
    try:
        return find_person(working.house, email)
    except Refusal as no:
        return str(no)


def _refused(item: Item, why: str) -> Came:
    return Came(how=How.REFUSED, name=item.payload["name"], said=why)
