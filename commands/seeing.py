"""A space as the caller sees it at this moment: for commands that tell about one.

Whoever left a space a minute ago is told of it what anybody else is told: that there is none
of that name that they can see (I13). So the space is read from Webex before it is found again
in the inventory, by the very same words.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from commands.arguments import HERE, SpaceArg, no_space
from commands.spec import Context
from domain.errors import Fault, Refusal
from domain.ids import RoomId, WrongId
from domain.spaces import Space, SpaceState
from spaces.looking import is_in, notice_if_left
from spaces.sync.live import touch

LARGE = 1000
"""People in a space from which on reading them all is not done just for an answer."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentSpaceArg(SpaceArg):
    """A space that the caller is in at this very moment; compliance, any. Where that can't be
    read it is not one: what is said in a space is not shown on the strength of a memory."""

    def parse(self, words: Sequence[str], context: Context) -> Space:
        found = here_and_now(self, words, context)
        text = " ".join(words).strip()
        if context.is_compliance or not text or text.casefold() in HERE:
            return found
        there = is_in(context.house, found.id, context.caller)
        if there:
            return found
        if there is None:
            raise no_space(text)
        with context.house.store.begin() as tx:
            tx.spaces.remove_member(found.key, context.caller.key)
            tx.commit()
        return SpaceArg.parse(self, words, context)


def here_and_now(argument: SpaceArg, words: Sequence[str], context: Context) -> Space:
    """As `SpaceArg`; and a space that the caller joined a moment ago, by its id."""
    try:
        return SpaceArg.parse(argument, words, context)
    except Refusal:
        try:
            room = RoomId(" ".join(words).strip())
        except WrongId:
            room = None
        if room is None or not is_in(context.house, room, context.caller):
            raise
        return touch(context.house, room)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSpaceArg(SpaceArg):
    """As `SpaceArg`, with a fresh look at the space where that is cheap."""

    def parse(self, words: Sequence[str], context: Context) -> Space:
        found = here_and_now(self, words, context)
        text = " ".join(words).strip()
        if not text or text.casefold() in HERE:
            return found  # we are in it, and it was just read
        if found.state is SpaceState.GONE:
            return found
        try:
            if (found.size or 0) < LARGE:
                touch(context.house, found.id)
            elif not context.is_compliance:
                notice_if_left(context.house, found, context.caller)
        except (Refusal, Fault) as no:
            _log.info("a space is told about as it was known: %s", no)
            return found
        return SpaceArg.parse(self, words, context)
