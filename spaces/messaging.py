"""Messages, shown to whoever may read them in Webex at this moment: people who are in their
space now, and compliance. To anybody else there is no such message (I13).

The compliance identity reads what the bot can't (a bot has only what mentions it, webex-facts
3.1), and more than people may: a deleted message too, alone and perhaps in lists, without
saying so (1.5). What was deleted is known from Webex's events, those since the last poll
asked for live, and is shown to compliance only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import MessageId, PersonId, RoomId
from domain.messages import MessagePage, MessageView
from domain.people import Actor, Person
from domain.spaces import Space, SpaceType
from spaces.describing import eyes, names_of
from spaces.looking import is_in
from spaces.spec import House
from spaces.sync.events import CURSOR, OVERLAP, deleted_among
from webex.errors import Deleted, Denied, Invalid, Missing
from webex.gateway import Gateway, Lane
from webex.values import Message, Page

MOST_PAGES = 10
PAGE = 100
"""Webex gives no more at once where a mention is asked for (OAS-M)."""
MOST_TAIL = 5
"""Pages of events since the last poll, which comes each minute."""
AGES_AGO = timedelta(days=80)
ONLY_OURS = (
    "The space is another organisation's: of it I see what our own people wrote, and nothing else."
)
ONLY_MENTIONS = "Without a compliance identity I see only what mentions me, and what I said myself."


CANT_READ = Refusal("I can't read that space.", "Add me to it, or ask compliance.")


def no_message() -> Refusal:
    """The same for what is not there, what is deleted, and what is not theirs to see."""
    return Refusal(
        "I know no message of that id that you can see.",
        "`messages in` and a space's title shows what is said there, with ids.",
    )


def find_message(
    house: House, caller: Person, id: MessageId | UUID, *, sees_all: bool
) -> MessageView:
    """One message.

    Args:
        id: Webex's, or the bare uuid that a link holds.
        sees_all: the caller is compliance.

    Raises:
        Refusal: there is none that the caller can see.
    """
    found = _find(eyes(house), id)
    if found is None:
        raise no_message()
    if not (sees_all or is_in(house, found.room_id, caller)):
        raise no_message()
    is_deleted = found.id in _deleted(house, [found])
    if is_deleted and not sees_all:
        raise no_message()
    [view] = views(house, [found], deleted={found.id} if is_deleted else ())
    return view


def list_messages(
    house: House, space: Space, *, most: int, sees_all: bool, mentioned: PersonId | None = None,
    before: datetime | None = None, before_message: MessageId | None = None,
    lane: Lane = Lane.CHAT,
) -> MessagePage:  # fmt: skip
    """Messages of a space that the caller is known to be in now (or sees all), newest first.

    Args:
        most: how many at most.
        mentioned: only those that mention this person, or everybody. Webex tells that only of
            the asking identity itself (1.5), so it is looked for here, over `MOST_PAGES` pages.
        before, before_message: only what was said before.

    Raises:
        Refusal: `before_message` is none of this space.
    """
    reader = _reader(house, space, lane)
    shown: list[Message] = []
    deleted: set[MessageId] = set()
    last: Message | None = None
    walk = _Walk(reader, space, before, before_message)
    for page in walk:
        gone = _deleted(house, page)
        for message in page:
            hidden = message.id in gone and not sees_all
            if not hidden and (mentioned is None or _mentions(message, mentioned)):
                if len(shown) == most:  # there is one more at least
                    return _page(house, space, reader, shown, deleted, shown[-1], is_whole=True)
                shown.append(message)
                deleted |= gone & {message.id}
            last = message
    more = last if walk.is_cut else None
    return _page(house, space, reader, shown, deleted, more, is_whole=False)


def note_reading(house: House, officer: Person, room: RoomId, *, read: int) -> None:
    """Puts on record that compliance read messages of a space that they are not in, and how
    many: a power over other people's words is not used unseen."""
    if is_in(house, room, officer):
        return
    with house.store.begin() as tx:
        tx.audit.add(
            Word.MESSAGE_READ, Actor(name=officer.email, person=officer.key),
            space=tx.spaces.key_of(room), room=str(room), read=read,
        )  # fmt: skip
        tx.commit()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Whose eyes read a space, and what they can't see."""

    gateway: Gateway
    mentioned: str | None = None
    note: str = ""


def _reader(house: House, space: Space, lane: Lane) -> _Reader:
    bot = house.webex.bot(lane)
    if house.webex.has_compliance:
        officer = house.webex.compliance(lane)
        is_foreign = space.is_ours is False and space.type is SpaceType.GROUP
        return _Reader(gateway=officer, note=ONLY_OURS if is_foreign else "")
    if space.type is SpaceType.DIRECT:
        return _Reader(gateway=bot)
    return _Reader(gateway=bot, mentioned="me", note=ONLY_MENTIONS)


class _Walk:
    """Pages of a space's messages, each asked for by Webex's own link to it; at most
    `MOST_PAGES`. `is_cut` says that there are more."""

    def __init__(
        self, reader: _Reader, space: Space, before: datetime | None,
        before_message: MessageId | None,
    ) -> None:  # fmt: skip
        self._reader, self._room = reader, space.id
        self._before, self._before_message = before, before_message
        self.is_cut = False

    def __iter__(self) -> Iterator[Sequence[Message]]:
        address: str | None = None
        seen: set[str] = set()
        for _ in range(MOST_PAGES):
            page = self._ask(address)
            yield page.items
            if page.next is None or page.next in seen:
                return
            seen.add(page.next)
            address = page.next
        self.is_cut = True

    def _ask(self, address: str | None) -> Page[Message]:
        gateway = self._reader.gateway
        if address is not None:
            return gateway.messages(self._room, address=address)
        try:
            return gateway.messages(
                self._room, mentioned=self._reader.mentioned, before=self._before,
                before_message=self._before_message, max=PAGE,
            )  # fmt: skip
        except (Missing, Denied, Invalid):
            raise no_message() if self._before_message else CANT_READ from None


def _page(
    house: House, space: Space, reader: _Reader, shown: Sequence[Message],
    deleted: Iterable[MessageId], last: Message | None, *, is_whole: bool,
) -> MessagePage:  # fmt: skip
    return MessagePage(
        messages=views(house, shown, deleted=deleted, where=space.shown_title),
        before=str(last.id) if last else "",
        looked_back_to=last.created if last and not is_whole else None,
        notes=(reader.note,) if reader.note else (),
    )


def _mentions(message: Message, person: PersonId) -> bool:
    return person in message.mentioned_people or "all" in message.mentioned_groups


def views(
    house: House, messages: Sequence[Message], *, deleted: Iterable[MessageId] = (),
    where: str = "",
) -> tuple[MessageView, ...]:  # fmt: skip
    """Messages with the names of their people and the titles of their spaces."""
    people = {id for one in messages for id in (one.person_id, *one.mentioned_people)}
    names, gone = names_of(house, people), frozenset(deleted)
    titles = {} if where else _titles(house, {one.room_id for one in messages})
    return tuple(
        _view(one, names, where or titles.get(one.room_id, ""), one.id in gone) for one in messages
    )


def _titles(house: House, rooms: Iterable[RoomId]) -> dict[RoomId, str]:
    """As the inventory has them; a direct conversation is called by its people."""
    titles: dict[RoomId, str] = {}
    with house.store.read() as tx:
        for room in rooms:
            space = tx.spaces.by_id(room)
            if space is None:
                continue
            people = tx.spaces.members(space.key, limit=3) if space.type is SpaceType.DIRECT else ()
            titles[room] = " and ".join(one.name for one, _ in people) or space.shown_title
    return titles


def _view(
    message: Message, names: dict[PersonId, str], where: str, is_deleted: bool
) -> MessageView:
    kind = {SpaceType.DIRECT: "direct", SpaceType.GROUP: "group", None: ""}[message.room_type]
    return MessageView(
        id=str(message.id), room_id=str(message.room_id), room_type=kind,
        person_id=str(message.person_id), person_email=message.email, created=message.created,
        by=names.get(message.person_id, ""), where=where, text=message.text,
        markdown=message.markdown, files=message.files,
        to_person_id=str(message.to_person_id or ""), to_person_email=message.to_person_email,
        mentioned=tuple((str(id), names.get(id, "")) for id in message.mentioned_people),
        mentioned_groups=message.mentioned_groups, parent_id=str(message.parent_id or ""),
        is_deleted=is_deleted,
    )  # fmt: skip


def _find(gateways: Iterable[Gateway], id: MessageId | UUID) -> Message | None:
    for gateway in gateways:
        try:
            return gateway.message(str(id) if isinstance(id, UUID) else id)
        except (Missing, Deleted, Denied, Invalid):
            continue
    return None


def _deleted(house: House, messages: Sequence[Message]) -> frozenset[MessageId]:
    """Which of these were deleted. The bot is not shown such ones (1.5); an officer may be."""
    if not messages or not house.webex.has_compliance:
        return frozenset()
    ids = [one.id for one in messages]
    with house.store.read() as tx:
        known, cursor = tx.messages.deleted(ids), tx.settings.get(CURSOR)
        last = tx.crawls.last()
    now = house.clock.now()
    if isinstance(cursor, str):
        since = datetime.fromisoformat(cursor) - OVERLAP
    else:
        since = (last.started_at if last is not None else now) - OVERLAP
    since = max(since, min(one.created for one in messages) - OVERLAP, now - AGES_AGO)
    lately = _deleted_lately(house.webex.compliance(Lane.CHAT), since, now)
    return known | {id for id in ids if id in lately}


def _deleted_lately(officer: Gateway, since: datetime, now: datetime) -> frozenset[MessageId]:
    found: dict[MessageId, datetime] = {}
    address: str | None = None
    for _ in range(MOST_TAIL):
        try:
            page = officer.events(start=since, end=now, resource="messages", address=address)
        except Denied:  # this officer may read no events
            break
        found |= deleted_among(page.items)
        if page.next is None:
            break
        address = page.next
    return frozenset(found)
