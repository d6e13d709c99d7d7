"""Messages that the bot carries for people: into a space that they are in, or to one of ours.

The bot may what people may not: it reaches whom the company's own rules keep somebody from
(they do not hold for bots, webex-facts 3.1), and as a moderator it writes where others only
read. So it carries nothing that its sender could not have written there, says in each message
who sends it, mentions nobody, and carries so many an hour and no more. Decision 0063.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.audit import Word
from domain.errors import Paused, Refusal
from domain.ids import MessageId, StepKey
from domain.intents import Plan
from domain.messages import MessageView
from domain.people import Actor, Person
from domain.spaces import Space
from query.protecting import stop_if_held
from spaces.effects import perform, refusal_of
from spaces.effects.messages import MOST_FILE
from spaces.looking import seat_of
from spaces.messaging import views
from spaces.spec import House
from spaces.sync.live import touch
from storage.store import UnitOfWork
from webex.errors import Deleted, Denied, Invalid, Missing, Throttled
from webex.gateway import Lane

MOST_BYTES = 7439
"""Of a message's text, and of its markdown (OAS-M)."""
_PLAIN = re.compile(r"[A-Za-z0-9][\w .,:&+'-]{0,60}", re.ASCII)
MOST_AN_HOUR = 30
MOST_FILES = 10
HOUR = timedelta(hours=1)
TAKEN_BACK_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to be carried: what is said, in its frame, and the address of its file."""

    text: str
    markdown: str = ""
    file: str = ""


def post(
    house: House, caller: Person, to: Space | Person, letters: Sequence[Letter], *, step: str
) -> tuple[MessageView, ...]:
    """Carries messages, each a step of its own, and gives them as Webex has them.

    Raises:
        Refusal: its sender may not write there, it is too long, a file can't be carried, or
            Webex would not; what was sent before stays sent.
    """
    for letter in letters:
        _check_size(letter)
    with house.store.read() as tx:
        begun = tx.intents.is_begun(f"{step}/send")
    if not begun:
        _check_place(house, caller, to)
        for letter in letters:
            if letter.file:
                _check_file(house, letter.file)
    sent = [_carry(house, caller, to, one, f"{step}/send/{n}") for n, one in enumerate(letters, 1)]
    bot = house.webex.bot(Lane.CHAT)
    read = views(house, [bot.message(id) for id in sent])
    if isinstance(to, Space):
        return read
    return tuple(replace(one, to_person_id=str(to.id), to_person_email=to.email) for one in read)


def take_back(house: House, caller: Person, messages: Sequence[MessageId], *, step: str) -> int:
    """Deletes messages that the bot carried for `caller`; says how many.

    Raises:
        Refusal: one is not theirs, or was sent too long ago; or its space is on hold.
        Paused: everything that destroys stands still.
    """
    actor = Actor(name=caller.email, person=caller.key)
    for message in messages:
        with house.store.read() as tx:
            carried = tx.messages.carried(message)
            now = tx.now
        if carried is None or carried.sender != caller.key:
            raise Refusal("I carried no message of that id for you.")
        if now - carried.at > TAKEN_BACK_FOR:
            raise Refusal(
                "I take back what was sent within a day.", "Ask a moderator to delete it in Webex."
            )
        space = touch(house, carried.room)
        made = perform(
            house,
            Plan(
                kind="take back message", step=StepKey(f"{step}/back/{message.uuid}"),
                word=Word.MESSAGE_TAKE_BACK, actor=actor, space=space.key,
                payload={"message": str(message), "room": str(carried.room)},
            ),
            check=lambda tx, space=space: _may_be_deleted(tx, space),  # type: ignore[misc]
        )  # fmt: skip
        if no := refusal_of(made, what="delete that message"):
            raise no
    return len(messages)


# -- may it be? -----------------------------------------------------------------------------


def _check_size(letter: Letter) -> None:
    for words in (letter.text, letter.markdown):
        over = len(words.encode()) - MOST_BYTES
        if over > 0:
            raise Refusal(
                f"With the line that says who sends it, that is {over:,} bytes too long: Webex"
                f" takes {MOST_BYTES:,}.",
                "Shorten it, or send it in parts.",
            )


def _check_place(house: House, caller: Person, to: Space | Person) -> None:
    """Only where the sender could write themselves."""
    if isinstance(to, Person):
        _check_person(house, to)
        return
    bot = house.webex.bot(Lane.CHAT)
    try:
        seat = seat_of(house, to.id, caller)
    except Missing:
        seat = None
    if seat is None:
        raise Refusal(
            "You are not in that space, so I write nothing there for you.",
            "Ask somebody who is in it.",
        )
    try:
        room = bot.room(to.id)
    except (Missing, Denied):
        raise Refusal(
            "I am not in that space myself, so I can't write there.",
            f"Somebody who manages it can add me: `add member {bot.me().email} to {_typed(to)}`.",
        ) from None
    with house.store.read() as tx:
        is_blocked = tx.blocks.of(to.key) is not None
    if is_blocked or room.is_read_only:
        raise Refusal("The space is blocked: nothing new is written in it.")
    if room.is_announcement_only and not seat.is_moderator:
        raise Refusal("Only its moderators write in that space.", "Ask one of them.")


def _typed(space: Space) -> str:
    """How a command names it: by its title where that is plain, else by its id."""
    title = space.title or ""
    return f'"{title}"' if _PLAIN.fullmatch(title) else str(space.id)


def _check_person(house: House, to: Person) -> None:
    if to.is_bot:
        raise Refusal("I don't write to bots.")
    if not _is_ours(house, to):
        raise Refusal(
            "I write to people of the company only.",
            "To people of other organisations, write in Webex yourself.",
        )


def _is_ours(house: House, person: Person) -> bool:
    """Not knowing is no yes: a bot's messages pass where the company's rules end."""
    if person.is_ours is not None:
        return person.is_ours
    return person.email.rpartition("@")[2] in house.own_domains


def _check_file(house: House, address: str) -> None:
    """Before anything is sent: what can't be read now is not half sent."""
    try:
        house.webex.bot(Lane.CHAT).content(address, most=MOST_FILE)
    except Throttled as no:
        if no.status != 423:
            raise
        raise Refusal(
            "Webex is still looking through the file for malware.", "Send it again in a minute."
        ) from None
    except Deleted:
        raise Refusal("Webex found malware in the file, so I don't pass it on.") from None
    except Invalid as no:
        raise Refusal(
            f"I can't pass that file on: {no.said}",
            f"Files may have up to {MOST_FILE // 1_000_000} MB.",
        ) from None
    except (Missing, Denied):
        raise Refusal("I can't read that file.", "Attach it again.") from None


def _is_not_too_much(tx: UnitOfWork, caller: Person) -> None:
    if tx.messages.carried_since(caller.key, tx.now - HOUR) >= MOST_AN_HOUR:
        raise Refusal(
            f"I have carried {MOST_AN_HOUR} messages for you within the hour.",
            "Write in Webex yourself, or wait a while.",
        )


def _may_be_deleted(tx: UnitOfWork, space: Space) -> None:
    stop_if_held(tx, space.key)
    if (pause := tx.settings.pause()) is not None:
        raise Paused(f"paused by {pause.by}")


def _carry(
    house: House, caller: Person, to: Space | Person, letter: Letter, step: str
) -> MessageId:
    where: dict[str, object] = {"room": str(to.id)} if isinstance(to, Space) else {"to": str(to.id)}
    with house.store.read() as tx:
        is_new = tx.intents.of_step(StepKey(step)) is None
    made = perform(
        house,
        Plan(
            kind="send message", step=StepKey(step), word=Word.MESSAGE_SEND,
            actor=Actor(name=caller.email, person=caller.key),
            space=to.key if isinstance(to, Space) else None,
            person=to.key if isinstance(to, Person) else None,
            payload={**where, "text": letter.text, "markdown": letter.markdown,
                     "file": letter.file},
        ),
        check=(lambda tx: _is_not_too_much(tx, caller)) if is_new else None,
    )  # fmt: skip
    if no := refusal_of(made, what="send that message"):
        raise no
    return MessageId(str(made.evidence["message"]))
