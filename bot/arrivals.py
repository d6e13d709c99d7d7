"""What an arrival means: read it from Webex, and hand it on.

An inbox row holds ids only; here its message or press is read, and everything that is ours,
a bot's or an edit is left alone. What is older than a day is not answered any more: whoever asked
has found another way, and an answer out of nowhere confuses.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.changes import Changes
from bot.dispatch import Dispatch
from bot.frames import MEMBERSHIP
from bot.incoming import Incoming
from bot.intake import Handled, Later, Turn
from bot.matching import text_without_mention
from bot.signs import hear
from domain.errors import Refusal
from domain.ids import ActionId, MessageId, PersonId, RoomId
from domain.spaces import SpaceType
from spaces.effects import Busy
from spaces.spec import House
from storage.inbox import Letter
from webex.errors import Deleted, Missing, NotAuthorised, Throttled, WebexFault
from webex.gateway import Gateway, Lane

T = TypeVar("T")
TOO_OLD = timedelta(days=1)
Resolve = Callable[[Mapping[str, object]], str]
"""The REST id of an arrival, from the ids of its frame. Raises WebexFault."""
_log = logging.getLogger(__name__)


class Arrivals:
    def __init__(
        self, house: House, dispatch: Dispatch, changes: Changes, *, me: PersonId,
        resolve: Resolve, heard: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """Args: heard: called when something that is watched was written down."""
        self._house = house
        self._dispatch = dispatch
        self._changes = changes
        self._me = me
        self._resolve = resolve
        self._heard = heard

    def handle(self, letter: Letter, turn: Turn) -> Handled | Later:
        """Handles one arrival, whatever it is. Raises what is a bug."""
        try:
            self._hear(letter)  # first: what is looked at anew is not as it was any more
            match letter.kind:
                case "message":
                    return self._message(letter, turn)
                case "press":
                    return self._press(letter, turn)
                case "sign":
                    return Handled.ANSWERED
                case _:
                    return self._change(letter)
        except Throttled as no:
            return Later(max(0.5, min(seconds_until(no), 120.0)))
        except (Missing, Deleted):
            return Handled.FAILED  # deleted before we could read it, or hidden from us
        except NotAuthorised as no:
            _log.error("arrival %s: %s", letter.id, no)
            return Later(30.0)
        except Busy:
            return Later(2.0)  # a process that has just died was at it; what it held comes free
        except WebexFault as no:
            _log.warning("arrival %s waits: %s", letter.id, no)
            return Later(2.0)

    def _hear(self, letter: Letter) -> None:
        """What it is a sign of is told to whoever watches for that."""
        said = letter.body.get("room_id")
        with self._house.store.read() as tx:
            is_watched = tx.watches.interest().since is not None
        if not is_watched or _author(letter) == self._me.uuid:
            return
        room = said or self._find_room(str(letter.body.get("room")))
        if room is not None and hear(self._house, letter, room=str(room)):
            self._heard()

    def _message(self, letter: Letter, turn: Turn) -> Handled:
        bot = self._house.webex.bot(Lane.CHAT)
        named = letter.body.get("message")
        id = MessageId(str(named or _patiently(lambda: self._resolve(letter.body))))
        read = _patiently(lambda: bot.message(id))
        if read.person_id.uuid == self._me.uuid:
            return Handled.ANSWERED
        if self._house.clock.now() - read.created > TOO_OLD:
            _log.info("arrival %s is too old to be answered", letter.id)
            return Handled.FAILED
        is_private = read.room_type is SpaceType.DIRECT
        self._dispatch.answer(
            Incoming(
                step=f"message/{letter.id}", person=read.person_id, room=read.room_id,
                is_private=is_private, files=read.files, is_again=letter.attempts > 1,
                text=text_without_mention(read.text, read.html, (self._me, self._me.uuid)),
                thread=None if is_private else read.parent_id or read.id, said_at=read.created,
            ),
            turn,
        )  # fmt: skip
        return Handled.ANSWERED

    def _press(self, letter: Letter, turn: Turn) -> Handled:
        bot = self._house.webex.bot(Lane.CHAT)
        id = ActionId(_patiently(lambda: self._resolve(letter.body)))
        press = _patiently(lambda: bot.press(id))
        if self._house.clock.now() - press.created > TOO_OLD:
            return Handled.FAILED
        is_private = bool(letter.body.get("is_private"))
        self._dispatch.answer(
            Incoming(
                step=f"press/{letter.id}", person=press.person_id, room=press.room_id,
                is_private=is_private, press=press, is_again=letter.attempts > 1,
                thread=None if is_private else press.message_id, said_at=press.created,
            ),
            turn,
        )  # fmt: skip
        return Handled.ANSWERED

    def _change(self, letter: Letter) -> Handled:
        """Somebody came or went, or the space changed."""
        said = letter.body.get("room_id")
        room = RoomId(str(said)) if said else self._find_room(str(letter.body.get("room")))
        if room is None:
            return Handled.FAILED
        self._changes.look(room, heard_at=letter.received_at)
        is_us = letter.body.get("about") == self._me.uuid
        if letter.kind == MEMBERSHIP and letter.body.get("verb") == "add" and is_us:
            try:
                self._changes.welcome(room, by=str(letter.body.get("person", "")))
            except Refusal:
                _log.info("a space that we were added to can't be seen any more")
        return Handled.ANSWERED

    def _find_room(self, uuid: str) -> RoomId | None:
        """Frames may lack a space's REST id, and it is never made up (webex-facts 1.0)."""
        bot: Gateway = self._house.webex.bot(Lane.BACKGROUND)
        address: str | None = None
        for _ in range(50):
            page = bot.rooms(address=address)
            for room in page.items:
                if room.id.uuid == uuid:
                    return room.id
            if (address := page.next) is None:
                break
        return None


def _author(letter: Letter) -> object:
    """Who wrote it, where it is a message: what we write is never told."""
    return letter.body.get("person") if letter.kind in ("message", "sign") else None


def seconds_until(no: Throttled) -> float:
    """How long Webex wants us to wait. Its waits are real time, whatever the product's clock."""
    return (no.retry_at - datetime.now(UTC)).total_seconds()


def _patiently(read: Callable[[], T]) -> T:
    """What was just written may not be visible yet (webex-facts 2): a 404 is asked again."""
    for wait in (0.2, 0.6, 1.5):
        try:
            return read()
        except Missing:
            time.sleep(wait)
    return read()
