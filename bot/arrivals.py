"""What an arrival means: read it from Webex, and hand it on.

An inbox row holds ids only; here its message or press is read, and everything that is ours,
a bot's or an edit is left alone. Membership and space events only say that something changed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from bot.dispatch import Dispatch
from bot.incoming import Incoming
from bot.intake import Handled, Later
from bot.matching import text_without_mention
from domain.ids import ActionId, MessageId, PersonId, RoomId
from domain.spaces import SpaceType
from spaces.spec import House
from storage.inbox import Letter
from webex.errors import Deleted, Missing, Throttled, WebexFault
from webex.gateway import Gateway, Lane

T = TypeVar("T")
MESSAGE, PRESS, MEMBERSHIP = "message", "press", "membership"
Resolve = Callable[[Letter], str]
"""The REST id of an arrival, from the ids of its frame. Raises WebexFault."""
Changed = Callable[[House, RoomId, Letter], None]
"""Someone came or went, or the space changed."""
_log = logging.getLogger(__name__)


class Arrivals:
    def __init__(
        self, house: House, dispatch: Dispatch, *, me: PersonId, resolve: Resolve,
        changed: Changed,
    ) -> None:  # fmt: skip
        self._house = house
        self._dispatch = dispatch
        self._me = me
        self._resolve = resolve
        self._changed = changed

    def handle(self, letter: Letter) -> Handled | Later:
        """Handles one arrival, whatever it is. Raises what is a bug."""
        try:
            match letter.kind:
                case "message":
                    self._message(letter)
                case "press":
                    self._press(letter)
                case _:
                    self._membership(letter)
        except Throttled as no:
            wait = (no.retry_at - self._house.clock.now()).total_seconds()
            return Later(max(1.0, min(wait, 15.0)))
        except (Missing, Deleted):
            return Handled.FAILED  # deleted before we could read it, or hidden from us
        except WebexFault as no:
            _log.warning("arrival %s waits: %s", letter.id, no)
            return Later(2.0)
        return Handled.ANSWERED

    def _message(self, letter: Letter) -> None:
        bot = self._house.webex.bot(Lane.CHAT)
        id = MessageId(str(letter.body.get("message") or _patiently(lambda: self._resolve(letter))))
        read = _patiently(lambda: bot.message(id))
        if read.person_id == self._me or read.person_id.uuid == self._me.uuid:
            return
        is_private = read.room_type is SpaceType.DIRECT
        self._dispatch.answer(
            Incoming(
                step=f"message/{letter.id}", person=read.person_id, room=read.room_id,
                is_private=is_private, files=read.files, is_again=letter.attempts > 1,
                text=text_without_mention(read.text, read.html, (self._me, self._me.uuid)),
                thread=None if is_private else read.parent_id or read.id,
            )
        )  # fmt: skip

    def _press(self, letter: Letter) -> None:
        bot = self._house.webex.bot(Lane.CHAT)
        id = ActionId(_patiently(lambda: self._resolve(letter)))
        press = _patiently(lambda: bot.press(id))
        is_private = bool(letter.body.get("is_private"))
        self._dispatch.answer(
            Incoming(
                step=f"press/{letter.id}", person=press.person_id, room=press.room_id,
                is_private=is_private, press=press, is_again=letter.attempts > 1,
                thread=None if is_private else press.message_id,
            )
        )  # fmt: skip

    def _membership(self, letter: Letter) -> None:
        room = letter.body.get("room_id") or self._find_room(str(letter.body.get("room")))
        if room:
            self._changed(self._house, RoomId(str(room)), letter)

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


def _patiently(read: Callable[[], T]) -> T:
    """What was just written may not be visible yet (webex-facts 2): a 404 is asked again."""
    for wait in (0.2, 0.6, 1.5):
        try:
            return read()
        except Missing:
            time.sleep(wait)
    return read()
