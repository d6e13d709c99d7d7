"""What the commands about erasing people share: whom is meant, the looking, telling the others."""

from __future__ import annotations

from collections.abc import Sequence

from cards.done import done_card
from cards.erasure import erasure_wanted_card
from cards.kit import press
from cards.sheets import Sheet, xlsx
from cards.words import moment
from commands.spec import Context
from commands.working import Result, Working, work
from domain.audit import Word
from domain.erasures import Erasure, ErasureState, Obstacle
from domain.errors import Refusal
from domain.ids import ErasureKey, SpaceKey, StepKey
from domain.outgoing import Attached
from domain.people import Person, Role
from domain.works import Came, How, Item
from retention.erasing.agreeing import SAMPLE
from retention.erasing.looking import (
    finish_looking,
    look_at_or_note,
    look_elsewhere,
)
from spaces.effects import send_card
from spaces.looking import find_person
from spaces.naming import addresses, who_is

LOOK = "look for a person"
LISTED = (
    "Space", "Space id", "Kind", "Messages", "Files", "Erased", "Membership", "How it stands",
    "Why",
)  # fmt: skip


def whom(context: Context, said: str) -> Person:
    """Exactly one person. Raises Refusal."""
    found = addresses(said)
    if len(found) != 1:
        raise Refusal("Which one person?", "Name them by their e-mail address.")
    named = who_is(context.house, found[0], home=context.caller.email.rpartition("@")[2])
    if named.person is None:
        raise named.refusal or Refusal(
            f"I know nobody with the address {named.email[:60]}.",
            "Nobody with it was ever seen in a space, so there is nothing to erase.",
        )
    return named.person


@work(LOOK, noun="places", columns=("Where", "What there is"), finish=lambda it: _finish(it))
def look_each(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    _refuse_others(working)
    return [_look(working, item) for item in items]


def _look(working: Working, item: Item) -> Came:
    one, name = _of(working), item.payload["name"]
    if one.state is not ErasureState.LOOKING:
        raise Refusal("The request has moved on.")
    if "space" not in item.payload:
        found = look_elsewhere(working.house, one)
        return Came(how=How.DONE, name=name, said=f"{found} spaces more")
    key = SpaceKey(int(item.payload["space"]))
    part = look_at_or_note(working.house, one, key)
    if part.counted is None and part.obstacle is Obstacle.UNSEEN:
        return Came(how=How.UNCLEAR, name=name, said=part.why)
    said = "not counted" if part.counted is None else f"{part.counted:,} messages"
    return Came(how=How.DONE, name=name, said=f"{said}{f'; {part.why}' if part.why else ''}")


def _finish(working: Working) -> Result:
    """Counted; the other officers learn that one of them is wanted."""
    _refuse_others(working)
    house, one = working.house, _of(working)
    if one.state is ErasureState.LOOKING:
        one = finish_looking(house, working.actor, one)
    if one.state is not ErasureState.SHOWN:
        return Result(notes=("The request has moved on meanwhile.",))
    tell_officers(working, one)
    return Result(
        notes=(
            f"`erasure {one.number}` shows it whole. Nothing was erased: another officer has to"
            f" agree, with `erasure approve {one.number}`.",
        )
    )


def tell_officers(working: Working, one: Erasure) -> None:
    house = working.house
    with house.store.read() as tx:
        totals = tx.erasures.totals(one.key)
        by = tx.people.by_key(one.by)
    messages = sum(each["counted"] for each in totals.values())
    for email in sorted(house.compliance - {by.email}):
        try:
            reader = find_person(house, email)
        except Refusal:
            continue
        shown = erasure_wanted_card(one, by=by.name, messages=messages, zone=reader.time_zone)
        send_card(
            house, shown, step=StepKey(f"{working.work.step}/wanted/{reader.key}"),
            word=Word.ALERT_SEND, actor=working.actor, person=(reader.key, reader.id),
            about=f"erasure/{one.number}",
        )  # fmt: skip


def _of(working: Working) -> Erasure:
    with working.house.store.read() as tx:
        return tx.erasures.get(ErasureKey(int(working.payload["erasure"])))


def _refuse_others(working: Working) -> None:
    if working.role is not Role.COMPLIANCE:
        raise Refusal("Not allowed: that is for compliance.")


def tell_who_asked(context: Context, one: Erasure) -> None:
    """Whoever took a request in learns that a second agreed, and when it begins."""
    house = context.house
    with house.store.read() as tx:
        reader = tx.people.by_key(one.by)
    shown = done_card(
        f"{context.caller.name} agreed to an erasure.",
        ("Request", one.number),
        ("Begins", f"not before {moment(one.begins_at, reader.time_zone)}"),
        note="Until then, and while it lasts, anybody of compliance can call it off.",
        undo=press("Call it off", "erasure cancel", typed=f"erasure cancel {one.number}",
                   number=one.number),
    )  # fmt: skip
    send_card(
        house, shown, step=StepKey(f"{context.step}/agreed/{reader.key}"), word=Word.ALERT_SEND,
        actor=context.actor, person=(reader.key, reader.id), about=f"erasure/{one.number}",
    )  # fmt: skip


def whole_list(context: Context, one: Erasure) -> tuple[Attached, ...]:
    """All of a request's spaces as a file, where its card can't name them all."""
    with context.house.store.read() as tx:
        parts = tx.erasures.parts(one.key)
        if len(parts) <= SAMPLE:
            return ()
        spaces = tx.spaces.by_keys(part.space for part in parts)
    rows = (
        (
            spaces[part.space].shown_title, str(spaces[part.space].id),
            "conversation of two" if part.is_direct else "space", part.counted, part.files,
            part.deleted + part.already, part.membership, str(part.state), part.why,
        )
        for part in parts
    )  # fmt: skip
    sheet = Sheet(name="Spaces", columns=LISTED, rows=rows)
    says = f"All {len(parts):,} spaces of {one.number}"
    return (xlsx(one.number, sheet, zone=context.caller.time_zone, says=says),)
