"""A space as the caller sees it at this moment: for commands that tell about one.

Whoever left a space a minute ago is told of it what anybody else is told: that there is none
of that name that they can see (I13). So the space is read from Webex before it is found again
in the inventory, by the very same words.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from commands.arguments import HERE, SpaceArg
from commands.spec import Context
from domain.errors import Fault, Refusal
from domain.spaces import Space, SpaceState
from spaces.looking import notice_if_left
from spaces.sync.live import touch

LARGE = 1000
"""People in a space from which on reading them all is not done just for an answer."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenSpaceArg(SpaceArg):
    """As `SpaceArg`, with a fresh look at the space where that is cheap."""

    def parse(self, words: Sequence[str], context: Context) -> Space:
        found = SpaceArg.parse(self, words, context)
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
