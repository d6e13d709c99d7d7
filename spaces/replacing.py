"""Old cards, once what they are about has changed: what holds now takes their place.

Their buttons are void already, by the transaction that changed it; this is only what people
see. So a card that can't be replaced stops nothing, and is tried once.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress

from domain.errors import Fault
from domain.ids import MessageId, RoomId, SpaceKey
from domain.outgoing import Showable
from domain.people import Reader
from spaces.effects.cards import code_of
from spaces.spec import House
from storage.presses import SentCard
from webex.errors import Conflict, Deleted, Denied, Invalid, Missing
from webex.gateway import Lane
from webex.values import Message

_log = logging.getLogger(__name__)
_NO_EDIT = (Invalid, Conflict, Missing, Denied, Deleted)


def replace_cards(
    house: House, about: str, drawn: Callable[[Reader], Showable], *,
    but_in: RoomId | None = None, of: SpaceKey | None = None,
) -> int:  # fmt: skip
    """Puts another card where the cards about something are, and says how many.

    Args:
        about: as it was said when they were sent, such as ``case/12``.
        drawn: the card for each one's reader.
        but_in: the conversation of whoever was answered anyway.
        of: a space; of what they left people learn nothing any more (I13), so their cards stay.
    """
    with house.store.read() as tx:
        cards = [one for one in tx.presses.sent_about(about) if one.room != but_in]
        people = tx.people.by_keys(one.person for one in cards if one.person is not None)
        if of is not None:
            cards = [
                one for one in cards
                if one.person is None or tx.spaces.is_member(of, one.person)
            ]  # fmt: skip
    done = 0
    for one in cards:
        person = people.get(one.person) if one.person is not None else None
        code = code_of(instead_of(one.marker))
        reader = house.reader(person, code=code) if person else Reader(language=house.language)
        try:
            replace_card(house, one, drawn(reader))
            done += 1
        except Fault as no:
            _log.info("a card about %s could not be replaced: %s", about, no)
    return done


def instead_of(marker: str) -> str:
    """The marker of the card that takes a card's place."""
    return hashlib.sha256(f"instead/{marker}".encode()).hexdigest()[:20]


def replace_card(house: House, old: SentCard, shown: Showable, *, about: str = "") -> None:
    """Puts `shown` in a card's place. `about`: by which it is found again. Raises WebexFault."""
    marker, message, room = old.marker, MessageId(old.message), RoomId(old.room)
    new = instead_of(marker)
    with house.store.begin() as tx:
        nonces = tx.presses.mint(shown.presses, card=new)
        tx.commit()
    sent = _put(house, message, room, shown, shown.render(nonces, new))
    with house.store.begin() as tx:
        tx.presses.replaced(marker)
        tx.presses.sent(
            new, message=str(sent.id), room=str(sent.room_id), about=about, person=old.person,
            title=shown.text.partition("\n")[0],
        )  # fmt: skip
        tx.commit()


def _put(
    house: House, old: MessageId, room: RoomId, shown: Showable, drawn: dict[str, object]
) -> Message:
    """In its place where Webex lets us, else anew (webex-facts 4)."""
    bot = house.webex.bot(Lane.BACKGROUND)
    try:
        return bot.edit(old, room, text=shown.text, card=drawn)
    except _NO_EDIT:
        with suppress(*_NO_EDIT):
            bot.delete_message(old)
        return bot.send(room=room, text=shown.text, card=drawn)
