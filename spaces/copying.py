"""A copy of a space for somebody who is in it: what was said there, and who is in it.

The principle: a copy holds what its reader can see in Webex at this moment, and nothing else. What
was deleted is not in it, nor what Webex hides from whoever reads for us; that is said. Files are
named by where they are and stay there: Webex gives their names and content only one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.errors import Stopped
from domain.ids import MessageId
from domain.messages import MessageView
from domain.people import Person
from domain.spaces import Space
from spaces.messaging import list_messages
from spaces.spec import House
from spaces.sync.live import touch
from webex.errors import Throttled
from webex.gateway import Lane

MOST_MESSAGES = 50_000
"""In one copy: a workbook that people can still open."""
A_LOOK = 900
"""Messages that are asked for at once."""
LONGEST_WAIT = 120.0
A_NAP = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A space as it is now.

    Args:
        members: each with whether they moderate it. None: they could not all be read.
        messages: the oldest first.
        is_cut: there are older ones.
        notes: what is not in it, a sentence each.
    """

    space: Space
    members: Sequence[tuple[Person, bool]] | None
    messages: Sequence[MessageView]
    is_cut: bool
    notes: tuple[str, ...]


def copy_space(
    house: House, space: Space, *, stop: Callable[[], bool] = lambda: False,
    most: int = MOST_MESSAGES,
) -> Copied:  # fmt: skip
    """Reads `space` for somebody who is known to be in it now.

    Raises:
        Refusal: it can't be read.
        Stopped: `stop` said so.
        WebexFault: it can't be read just now.
    """
    now = touch(house, space.id, lane=Lane.BACKGROUND)
    with house.store.read() as tx:
        is_whole = tx.spaces.has_outsiders(now.key) is not None
        members = tx.spaces.members(now.key) if is_whole else None
    found: list[MessageView] = []
    notes: dict[str, None] = {}
    for messages, said in _looks(house, now, stop):
        found += messages
        notes |= dict.fromkeys(said)
        if len(found) > most:
            break
    return Copied(
        space=now, members=members, messages=tuple(reversed(found[:most])),
        is_cut=len(found) > most, notes=tuple(notes),
    )  # fmt: skip


def _looks(
    house: House, space: Space, stop: Callable[[], bool]
) -> Iterator[tuple[Sequence[MessageView], Sequence[str]]]:
    before: MessageId | None = None
    while True:
        if stop():
            raise Stopped
        try:
            page = list_messages(
                house, space, most=A_LOOK, sees_all=False, before_message=before,
                lane=Lane.BACKGROUND,
            )  # fmt: skip
        except Throttled as no:
            _wait(house, (no.retry_at - datetime.now(UTC)).total_seconds(), stop)
            continue
        yield page.messages, page.notes
        if not page.before or page.before == str(before):
            return
        before = MessageId(page.before)


def _wait(house: House, seconds: float, stop: Callable[[], bool]) -> None:
    left = min(max(seconds, A_NAP), LONGEST_WAIT)
    while left > 0:
        if stop():
            raise Stopped
        house.sleep(min(left, A_NAP))
        left -= A_NAP
