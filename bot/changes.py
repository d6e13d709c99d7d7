"""What comes of a change that Webex tells of: the space is read anew, and a new one is greeted.

An event only says that something changed; the truth is read by id (design.md, "An event"). All
of it goes by the background lane. A hundred changes of one space that came while it was being
read are one more look, not a hundred.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from cards.welcome import welcome_card
from domain.audit import Word
from domain.errors import Refusal
from domain.ids import RoomId, StepKey
from domain.people import SYSTEM
from domain.spaces import SpaceType
from spaces.effects.cards import send_card
from spaces.spec import House
from spaces.sync.live import settle_missing, touch
from webex.gateway import Lane

log = logging.getLogger(__name__)

MOST = 10_000
STORED = timedelta(milliseconds=1)
"""What a moment loses in the database."""


class Changes:
    def __init__(self, house: House) -> None:
        self._house = house
        self._began: dict[RoomId, datetime] = {}
        self._looking: dict[RoomId, threading.Lock] = {}
        self._lock = threading.Lock()

    def look(self, room: RoomId, *, heard_at: datetime) -> None:
        """Reads a space into the inventory, unless that was begun after `heard_at`."""
        with self._one_at_a_time(room):
            began = self._began.get(room)
            if began is not None and began > heard_at + STORED:
                return
            self._began[room] = self._house.clock.now()
            try:
                touch(self._house, room, lane=Lane.BACKGROUND)
            except Refusal:
                self._unseen(room)

    def welcome(self, room: RoomId, *, by: str) -> None:
        """Says hello in a space that we were added to: once for each space, whatever happens.

        Args:
            by: uuid of who added us; we don't greet where our own house put us.

        Raises:
            Refusal: it can't be seen any more.
        """
        if by in self._own():
            return
        space = touch(self._house, room, lane=Lane.BACKGROUND)
        if space.type is SpaceType.DIRECT:
            return  # whoever opens a conversation is greeted when they speak (`bot/dispatch.py`)
        send_card(
            self._house, welcome_card(is_private=False), step=StepKey(f"welcome/{room.uuid}"),
            word=Word.MESSAGE_SEND, actor=SYSTEM, room=room, space=space.key,
            about=f"welcome/{room.uuid}",
        )  # fmt: skip

    def _unseen(self, room: RoomId) -> None:
        """Gone, hidden or left; a second identity settles which."""
        with self._house.store.read() as tx:
            key = tx.spaces.key_of(room)
        if key is None:
            return
        state = settle_missing(self._house, key)
        log.info("a space can't be seen any more: %s", state or "not known")

    def _own(self) -> frozenset[str]:
        webex = self._house.webex
        own = [webex.bot(Lane.BACKGROUND).me().id.uuid]
        if webex.has_compliance:
            own += [
                webex.compliance(Lane.BACKGROUND).me().id.uuid,
                webex.witness(Lane.BACKGROUND).me().id.uuid,
            ]
        return frozenset(own)

    @contextmanager
    def _one_at_a_time(self, room: RoomId) -> Iterator[None]:
        with self._lock:
            if len(self._began) > MOST:
                self._began.clear()
            if len(self._looking) > MOST:
                self._looking = {r: one for r, one in self._looking.items() if one.locked()}
            mine = self._looking.setdefault(room, threading.Lock())
        with mine:
            yield
