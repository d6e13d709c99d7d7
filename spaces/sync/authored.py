"""All messages of a space that somebody wrote, however long ago, as officers see them.

Each page is asked for by the oldest message of the one before, not by a link that may be missing,
and the end is believed when a second officer sees none either (safety.md, Faults). Only what is
wanted is kept, so that a space of very many messages costs no memory.
"""

from __future__ import annotations

from collections.abc import Callable

from domain.ids import MessageId, RoomId
from webex.errors import Unclear
from webex.gateway import Gateway
from webex.values import Message

PAGE, MOST_EMPTY = 200, 20
MOST_PAGES = 50_000
Wanted = Callable[[Message], bool]


def written_by(
    first: Gateway, second: Gateway, room: RoomId, wanted: Wanted
) -> tuple[Message, ...]:
    """The wanted ones, the oldest first.

    Args:
        first, second: two officers; to others Webex shows but a part.

    Raises:
        Unclear: the list could not be read to its end, so nothing follows from it.
        WebexFault: as the gateway raises.
    """
    found: list[Message] = []
    oldest: MessageId | None = None
    last: tuple[MessageId, ...] = ()
    for _ in range(MOST_PAGES):
        page = _page(first, room, oldest) or _page(second, room, oldest)
        if not page:
            found.sort(key=lambda one: (one.created, one.id.uuid))
            return tuple({one.id: one for one in found}.values())
        ids = tuple(one.id for one in page)
        if ids == last or oldest in ids:
            raise Unclear("its messages can't be listed: the same page came twice")
        found += (one for one in page if wanted(one))
        oldest, last = ids[-1], ids
    raise Unclear("its messages can't be listed: there is no end to the pages")


def _page(gateway: Gateway, room: RoomId, before: MessageId | None) -> tuple[Message, ...]:
    page = gateway.messages(room, before_message=before, max=PAGE)
    for _ in range(MOST_EMPTY):
        if page.faulty:
            raise Unclear(f"its messages can't be listed: {page.faulty} could not be read")
        if page.items or page.next is None:
            return page.items
        page = gateway.messages(room, address=page.next)  # an empty page is normal (1.2)
    raise Unclear("its messages can't be listed: only empty pages came")
