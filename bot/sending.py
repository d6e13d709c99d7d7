"""An answer on its way out: into the thread, or 1:1, or in the place of the card it settles.

Decides where an answer goes. Nobody reads about a space that they may not see (I13), so what
is about others goes 1:1 wherever somebody else listens. An answer is no planned change of
Webex and has no intent; that it does not come twice after a crash is seen to by its marker.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

from bot.incoming import Incoming
from bot.writer import Writer
from cards.kit import Card, card, plain
from domain.ids import MessageId, RoomId
from domain.outgoing import Attached, Showable
from domain.people import Person
from spaces.spec import House
from webex.errors import (
    Conflict,
    Deleted,
    Denied,
    Invalid,
    Missing,
    Throttled,
    Unclear,
    WebexFault,
)
from webex.gateway import Gateway, Lane
from webex.values import Message

_log = logging.getLogger(__name__)


LATE = timedelta(minutes=15)
"""An answer that may have got there is not sent once more after so long."""
PATIENCE = 20.0
"""Seconds that a worker tries to get an answer through, before the letter goes back to the rest."""
PAUSES = (0.3, 0.8, 2.0, 4.0)


class Sender:
    def __init__(self, house: House, writer: Writer) -> None:
        self._house = house
        self._writer = writer

    def answer(
        self, incoming: Incoming, to: Person, shown: Showable, *, is_about_others: bool,
        instead_of: MessageId | None = None, about: str = "", files: Sequence[Attached] = (),
    ) -> None:  # fmt: skip
        """Sends an answer once, and the files that belong to it after it.

        Args:
            instead_of: the card that this answer settles; it is edited where Webex lets us,
                else deleted (webex-facts 4).
            about: by which the card is found again.

        Raises:
            WebexFault: it may not have got there.
        """
        is_private = is_about_others and not incoming.is_private
        marker = hashlib.sha256(f"answer/{incoming.step}".encode()).hexdigest()[:20]
        bot = self._house.webex.bot(Lane.CHAT)
        if incoming.is_again and self._was_sent(bot, incoming, marker, is_private, about):
            self._send_files(bot, incoming, to, files, is_private)
            return
        presses = shown.presses
        nonces = (
            self._writer.now(lambda tx: tx.presses.mint(presses, card=marker, to=to.key))
            if presses
            else {}
        )
        drawn = shown.render(nonces, marker)

        def send() -> Message | None:
            if instead_of is not None:
                if not is_private:
                    return self._replace(bot, instead_of, incoming.room, shown, drawn)
                self._replace(bot, instead_of, incoming.room, answered_card(to), None)
            if is_private:
                return bot.send(person=to.id, text=shown.text, card=drawn)
            return self._in_thread(bot, incoming, shown.text, drawn)

        def is_there() -> bool:
            return self._was_sent(bot, incoming, marker, is_private, about)

        sent = _patiently(send, is_there)
        if is_private and incoming.press is None:
            self._point(bot, incoming)
        if sent is not None and (presses or about):
            self._remember(marker, sent, about, to if is_private or incoming.is_private else None)
        self._send_files(bot, incoming, to, files, is_private)

    def _send_files(
        self, bot: Gateway, incoming: Incoming, to: Person, files: Sequence[Attached],
        is_private: bool,
    ) -> None:  # fmt: skip
        """Each as a message of its own. One whose answer was lost may come twice; a file that
        is missing would be worse."""
        is_private = is_private or incoming.is_private
        person, room = (to.id, None) if is_private else (None, incoming.room)
        for file in files:
            send = partial(bot.send, person=person, room=room, text=file.text, file=file.parts)
            _patiently(send, lambda: False)

    def _remember(self, marker: str, sent: Message, about: str, to: Person | None = None) -> None:
        place = (str(sent.id), str(sent.room_id))
        self._writer.soon(
            lambda tx: tx.presses.sent(
                marker, message=place[0], room=place[1], about=about,
                person=to.key if to is not None and about else None,
            )
        )  # fmt: skip

    def _was_sent(
        self, bot: Gateway, incoming: Incoming, marker: str, is_private: bool, about: str
    ) -> bool:
        """Whether an earlier attempt got through. Where nobody of ours can read our own words
        (webex-facts 3.1) we rather answer twice than not at all, but not after a long time."""
        try:
            if is_private or incoming.is_private:
                found = bot.direct_messages(incoming.person).items
            elif self._house.webex.has_compliance:
                found = self._house.webex.compliance(Lane.CHAT).messages(incoming.room).items
            else:
                return self._is_late(incoming)
        except Missing:
            return False
        except WebexFault:
            return self._is_late(incoming)
        sign = f'"sk-{marker}"'
        for one in found:
            if any(sign in json.dumps(dict(a), default=dict) for a in one.attachments):
                self._remember(marker, one, about)
                return True
        return False

    def _is_late(self, incoming: Incoming) -> bool:
        said_at = incoming.said_at
        return said_at is not None and self._house.clock.now() - said_at > LATE

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


def _patiently(send: Callable[[], Message | None], is_there: Callable[[], bool]) -> Message | None:
    """Tries again where Webex had no time or gave no answer; looks first, where it may have
    got there. None: it got there by an earlier attempt. Raises the last WebexFault."""
    until = time.monotonic() + PATIENCE
    for pause in (*PAUSES, None):
        try:
            return send()
        except Throttled as no:
            wait = max(0.1, (no.retry_at - datetime.now(UTC)).total_seconds())
            if pause is None or time.monotonic() + wait > until:
                raise
            time.sleep(wait)
        except Unclear:
            if pause is None or time.monotonic() + pause > until:
                raise
            time.sleep(pause)
            if is_there():
                return None
    raise AssertionError("the last attempt returns or raises")


def answered_card(by: Person) -> Card:
    """Stands where a card was that is settled, when its answer is for one person only."""
    return card("Answered", plain(f"{by.name} pressed this; I answered 1:1."))
