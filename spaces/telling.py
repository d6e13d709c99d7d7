"""Telling people something 1:1, once for each step. What is said is passed in.

A card that can't be delivered stops nothing here; whoever must know that it came looks at whom
it reached.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from domain.audit import Word
from domain.errors import Fault
from domain.ids import SpaceKey, StepKey
from domain.intents import Outcome
from domain.outgoing import Showable
from domain.people import SYSTEM, Actor, Person
from spaces.effects import send_card
from spaces.spec import House
from webex.errors import NotAuthorised

_log = logging.getLogger(__name__)

Drawn = Callable[[Person], Showable]
"""The card for one reader."""


def tell_people(
    house: House, people: Iterable[Person], drawn: Drawn, *, step: str, space: SpaceKey,
    about: str = "", word: Word = Word.NOTICE_SEND, actor: Actor = SYSTEM, run: str | None = None,
) -> tuple[Person, ...]:  # fmt: skip
    """Gives those whom it reached, now or before. Raises NotAuthorised: the bot's token is dead."""
    reached = []
    for person in people:
        try:
            sent = send_card(
                house, drawn(person), step=StepKey(f"{step}/{person.key}"), word=word, actor=actor,
                person=(person.key, person.id), space=space, about=about, run=run,
            )  # fmt: skip
        except NotAuthorised:
            raise
        except Fault as no:
            _log.warning("%s did not reach %s: %s", step, person.key, no)
            continue
        if sent.outcome is Outcome.DONE:
            reached.append(person)
    return tuple(reached)
