"""The effect of sending a card, and the use case that mints its presses in the same breath.

Webex has no key that makes a message come once, so the card carries an invisible marker, and
whoever does not know whether it was sent looks for the marker first (I5). In a group space a
bot can't read its own messages (webex-facts 1.5); there the compliance identity looks, and
without one the card is sent again rather than not at all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from domain.audit import Word
from domain.ids import CaseKey, MessageId, PersonId, PersonKey, RoomId, SpaceKey, StepKey
from domain.intents import Intent, Outcome, Plan
from domain.outgoing import Showable
from domain.people import Actor
from spaces.effects.kernel import perform
from spaces.effects.rooms import SKEW, bot, compliance
from spaces.effects.spec import Check, Effect, Evidence, Reading, effect
from spaces.spec import House
from storage.store import UnitOfWork
from webex.errors import Missing, Unclear
from webex.values import Message

MOST_PAGES = 100
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def marker_of(step: StepKey) -> str:
    """What a card is found by again: the same step gives the same marker."""
    return hashlib.sha256(step.encode()).hexdigest()[:20]


def code_of(marker: str) -> str:
    """What is printed on a card, for its reader to ask whether it is ours: five signs that are
    not taken for each other. It opens nothing, so it need not be secret."""
    number = int(hashlib.sha256(f"code/{marker}".encode()).hexdigest(), 16)
    return "".join(SIGNS[number // len(SIGNS) ** place % len(SIGNS)] for place in range(5))


def send_card(
    house: House, card: Showable, *, step: StepKey, word: Word, actor: Actor,
    person: tuple[PersonKey, PersonId] | None = None, room: RoomId | None = None,
    space: SpaceKey | None = None, case: CaseKey | None = None, run: str | None = None,
    about: str = "", check: Check | None = None,
) -> Intent:  # fmt: skip
    """Sends `card` once, 1:1 to a person or into a room, and says whether it got there.

    `about` names what the card is about, so that it can be found and replaced later.
    Raises what `perform` raises.
    """
    marker = marker_of(step)
    with house.store.begin() as tx:
        known = tx.intents.of_step(step)
        if known is None:
            nonces = tx.presses.mint(card.presses, card=marker)
            drawn = json.dumps(card.render(nonces, marker))
            tx.commit()
    payload: dict[str, object] = {
        "marker": marker, "about": about, "title": card.text.partition("\n")[0][:200],
    }  # fmt: skip
    if known is None:
        payload |= {"text": card.text, "card": drawn}
    if person is not None:
        payload["to"] = str(person[1])
    if room is not None:
        payload["room"] = str(room)
    return perform(
        house,
        Plan(
            kind="send card", step=step, word=word, actor=actor, payload=payload, space=space,
            person=person[0] if person else None, case=case, run=run,
        ),
        check=check,
    )  # fmt: skip


def _send(house: House, intent: Intent) -> Evidence:
    payload = intent.plan.payload
    to, room = payload.get("to"), payload.get("room")
    sent = bot(house, intent).send(
        person=PersonId(str(to)) if to else None,
        room=RoomId(str(room)) if room and not to else None,
        text=str(payload["text"]),
        card=json.loads(str(payload["card"])),
    )
    return {"message": str(sent.id), "room": str(sent.room_id)}


def _see_sent(house: House, intent: Intent, answered: Evidence) -> Reading:
    """By its id when Webex told it, else by its marker among what was said since."""
    if "message" in answered:
        return see_message(house, intent, answered)
    if answered.get("status") == 404:  # no such person or space: there is nobody to send it to
        return Reading(outcome=Outcome.REFUSED, evidence=answered)
    payload = intent.plan.payload
    marker = f'"sk-{payload["marker"]}"'
    for message in said_since(house, intent):
        if any(marker in json.dumps(dict(one), default=dict) for one in message.attachments):
            return sent_reading(message)
    could_look = payload.get("to") or house.webex.has_compliance
    evidence = {} if could_look else {"why": "I could not look whether it came"}
    return Reading(outcome=Outcome.NOT_DONE, evidence=evidence)


def see_message(house: House, intent: Intent, answered: Evidence) -> Reading:
    """Somebody may have deleted it since; an officer still reads it then (webex-facts 1.5)."""
    id = MessageId(str(answered["message"]))
    eyes = [bot(house, intent)]
    if house.webex.has_compliance:
        eyes.append(compliance(house, intent))
    for gateway in eyes:
        try:
            return sent_reading(gateway.message(id))
        except Missing:
            continue
    return Reading(outcome=Outcome.OPEN, evidence=answered)


def said_since(house: House, intent: Intent) -> Iterator[Message]:
    """What was said where the card was to go, newest first, back to when it was planned.

    Nothing without a compliance identity in a group space, which a bot can't read.
    Raises Unclear when it can't be read to that point.
    """
    payload, start = intent.plan.payload, intent.made_at - SKEW
    if to := payload.get("to"):
        gateway = bot(house, intent)
        try:
            page = gateway.direct_messages(PersonId(str(to)))
        except Missing:  # no conversation with this person yet, so nothing in it
            return
    elif house.webex.has_compliance:
        gateway = compliance(house, intent)
        page = gateway.messages(RoomId(str(payload["room"])))
    else:
        return
    for _ in range(MOST_PAGES):
        if page.faulty:
            raise Unclear("some of what was said can't be read")
        yield from page.items
        if not page.items or page.items[-1].created < start:
            return
        last = page.items[-1]
        page = gateway.messages(last.room_id, before_message=last.id)
    raise Unclear("too much was said since to find it again")


def sent_reading(message: Message) -> Reading:
    return Reading(
        outcome=Outcome.DONE,
        evidence={
            "message": str(message.id), "room": str(message.room_id),
            "sent": message.created.isoformat(),
        },
    )  # fmt: skip


def _record_sent(tx: UnitOfWork, intent: Intent, evidence: Evidence) -> None:
    payload = intent.plan.payload
    tx.presses.sent(
        str(payload["marker"]), message=str(evidence["message"]), room=str(evidence["room"]),
        about=str(payload.get("about", "")), person=intent.plan.person,
        title=str(payload.get("title", "")),
    )  # fmt: skip


effect(
    Effect(
        kind="send card",
        do=_send,
        read_back=_see_sent,
        record=_record_sent,
        forgets=("card", "text"),  # the buttons' nonces among it
    )
)
