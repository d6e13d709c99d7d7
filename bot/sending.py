"""An answer on its way out: into the thread, or 1:1, or in the place of the card it settles.

Decides where an answer goes. Nobody reads about a space that they may not see (I13), so what
is about others goes 1:1 wherever somebody else listens. An answer is no planned change of
Webex and has no intent; that it does not come twice after a crash is seen to by its marker.
"""

from __future__ import annotations

import hashlib
import logging
from contextlib import suppress

from bot.incoming import Incoming
from bot.writer import Writer
from cards.kit import Card, card, plain
from domain.ids import MessageId, RoomId
from domain.outgoing import Showable
from domain.people import Person
from spaces.spec import House
from webex.errors import Conflict, Deleted, Denied, Invalid, Missing, WebexFault
from webex.gateway import Gateway, Lane
from webex.values import Message

_log = logging.getLogger(__name__)


class Sender:
    def __init__(self, house: House, writer: Writer) -> None:
        self._house = house
        self._writer = writer

    def answer(
        self, incoming: Incoming, to: Person, shown: Showable, *, is_about_others: bool,
        instead_of: MessageId | None = None,
    ) -> None:  # fmt: skip
        """Sends an answer once.

        Args:
            instead_of: the card that this answer settles; it is edited where Webex lets us,
                else deleted (webex-facts 4).

        Raises:
            WebexFault: it may not have got there.
        """
        is_private = is_about_others and not incoming.is_private
        marker = hashlib.sha256(f"answer/{incoming.step}".encode()).hexdigest()[:20]
        bot = self._house.webex.bot(Lane.CHAT)
        if incoming.is_again and self._is_there(bot, incoming, marker):
            return
        presses = shown.presses
        nonces = (
            self._writer.now(lambda tx: tx.presses.mint(presses, card=marker)) if presses else {}
        )
        drawn = shown.render(nonces, marker)
        if instead_of is not None and is_private:
            self._replace(bot, instead_of, incoming.room, answered_card(to), None)
            instead_of = None
        if instead_of is not None:
            sent = self._replace(bot, instead_of, incoming.room, shown, drawn)
        elif is_private:
            sent = bot.send(person=to.id, text=shown.text, card=drawn)
            if incoming.press is None:
                self._point(bot, incoming)
        else:
            sent = self._in_thread(bot, incoming, shown.text, drawn)
        if presses and sent is not None:
            place = (str(sent.id), str(sent.room_id))
            self._writer.soon(lambda tx: tx.presses.sent(marker, message=place[0], room=place[1]))

    def _in_thread(
        self, bot: Gateway, incoming: Incoming, text: str, drawn: dict[str, object] | None
    ) -> Message:
        thread = None if incoming.is_private else incoming.thread
        try:
            return bot.send(room=incoming.room, parent=thread, text=text, card=drawn)
        except (Invalid, Missing):
            if thread is None:
                raise
            return bot.send(room=incoming.room, text=text, card=drawn)

    def _point(self, bot: Gateway, incoming: Incoming) -> None:
        """Says in the space that the answer is elsewhere; not worth failing for."""
        try:
            self._in_thread(bot, incoming, "I have answered you 1:1.", None)
        except WebexFault as no:
            _log.info("the note in the space was not sent: %s", no)

    def _replace(
        self, bot: Gateway, old: MessageId, room: RoomId, shown: Showable,
        drawn: dict[str, object] | None,
    ) -> Message | None:  # fmt: skip
        drawn = shown.render({}) if drawn is None else drawn
        try:
            return bot.edit(old, room, text=shown.text, card=drawn)
        except (Invalid, Conflict, Missing, Denied, Deleted):
            pass  # ten edits are over, or cards can't be edited here: delete and post anew
        with suppress(Missing, Deleted, Denied, Invalid):
            bot.delete_message(old)
        return bot.send(room=room, text=shown.text, card=drawn)

    def _is_there(self, bot: Gateway, incoming: Incoming, marker: str) -> bool:
        """Whether an earlier attempt got through. In a group we can't read our own words
        (webex-facts 3), and rather answer twice than not at all."""
        try:
            found = bot.direct_messages(incoming.person).items
        except WebexFault:
            return False
        sign = f'"sk-{marker}"'
        return any(sign in repr(one.attachments).replace("'", '"') for one in found)


def answered_card(by: Person) -> Card:
    """Stands where a card was that is settled, when its answer is for one person only."""
    return card("Answered", plain(f"{by.name} pressed this; I answered 1:1."))
