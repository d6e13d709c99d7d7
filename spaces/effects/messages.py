"""Effects on messages that the bot carries for people: send one, take it back.

A message has no invisible marker, as a card has; one that may have been sent is found again by
its words, and is never sent again where nobody can look (without a compliance identity a bot
can't read what it said in a group space, webex-facts 3.1).
"""

from __future__ import annotations

from collections.abc import Mapping

from domain.ids import MessageId, PersonId, RoomId
from domain.intents import Intent, Outcome
from spaces.effects.cards import said_since, see_message, sent_reading
from spaces.effects.rooms import bot
from spaces.effects.spec import Effect, Evidence, Reading, effect
from spaces.spec import House
from storage.store import UnitOfWork
from webex.errors import Deleted, Missing
from webex.values import Message

MOST_FILE = 25_000_000
"""Bytes of a file that is carried; Webex takes 100 MB (BAS), and it goes through our memory."""


def _send(house: House, intent: Intent) -> Evidence:
    payload, gateway = intent.plan.payload, bot(house, intent)
    to, room, address = payload.get("to"), payload.get("room"), payload.get("file")
    file = None
    if address:
        found = gateway.content(str(address), most=MOST_FILE)
        file = (found.name, found.content, found.media)
    sent = gateway.send(
        person=PersonId(str(to)) if to else None,
        room=RoomId(str(room)) if room and not to else None,
        text=str(payload.get("text") or ""), markdown=str(payload.get("markdown") or ""),
        file=file,
    )  # fmt: skip
    return {"message": str(sent.id), "room": str(sent.room_id)}


def _see_sent(house: House, intent: Intent, answered: Evidence) -> Reading:
    if "message" in answered:
        return see_message(house, intent, answered)
    if answered.get("status") == 404:  # no such person or space: there is nobody to send it to
        return Reading(outcome=Outcome.REFUSED, evidence=answered)
    payload = intent.plan.payload
    if not (payload.get("to") or house.webex.has_compliance):
        why = "I can't read what I said there, so I can't see whether it came"
        return Reading(outcome=Outcome.UNKNOWN, evidence={"why": why})
    me = bot(house, intent).me().id
    with house.store.read() as tx:
        claimed = tx.intents.claimed_results("send message", "message")
    for message in said_since(house, intent):
        if message.person_id == me and message.id not in claimed and _is_it(message, payload):
            return sent_reading(message)
    return Reading(outcome=Outcome.NOT_DONE)


def _is_it(message: Message, payload: Mapping[str, object]) -> bool:
    if bool(message.files) is not bool(payload.get("file")):
        return False
    if payload.get("markdown"):
        return _plain(message.markdown) == _plain(payload["markdown"])
    return _plain(message.text) == _plain(payload.get("text"))


def _plain(words: object) -> str:
    return " ".join(str(words or "").split())


def _record_sent(tx: UnitOfWork, intent: Intent, evidence: Evidence) -> None:
    sender = intent.plan.actor.person
    if sender is not None:
        message, room = MessageId(str(evidence["message"])), RoomId(str(evidence["room"]))
        tx.messages.carry(message, room, sender)


def _take_back(house: House, intent: Intent) -> Evidence:
    bot(house, intent).delete_message(MessageId(str(intent.plan.payload["message"])))
    return {}


def _see_taken_back(house: House, intent: Intent, answered: Evidence) -> Reading:
    try:
        bot(house, intent).message(MessageId(str(intent.plan.payload["message"])))
    except (Missing, Deleted):
        return Reading(outcome=Outcome.DONE)
    return Reading(outcome=Outcome.NOT_DONE, evidence=answered)


effect(
    Effect(
        kind="send message", do=_send, read_back=_see_sent, record=_record_sent,
        claims="message", forgets=("text", "markdown"),
    )
)  # fmt: skip
effect(
    Effect(kind="take back message", do=_take_back, read_back=_see_taken_back, is_repeatable=False)
)
