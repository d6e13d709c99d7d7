"""The inventory's questions about spaces. Whoever asks for a person says so by `visible_to`:
None sees every space, a person only those that they are in (I13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, or_, select, update

from domain.ids import PersonKey, RoomId, SpaceKey, TeamId
from domain.people import Person
from domain.seen import Look, MemberSeen, SpaceSeen
from domain.spaces import Scope, Space, SpaceState, SpaceType
from domain.watches import Trigger
from storage import seating, writing
from storage.activity import Moved, move
from storage.engine import fold
from storage.people import People, _person
from storage.schema import (
    NONE,
    classification,
    disowned,
    former_membership,
    membership,
    person,
    space,
    space_alias,
    space_name,
    space_tag,
    tag,
    team,
)
from storage.sightings import Sightings
from storage.sql import for_like, pieces
from storage.watches import Watches

STATES = tuple(SpaceState)
"""The number in `space.state` is the place in here."""
_creator = person.alias("creator")


class Spaces:
    def __init__(self, connection: Connection, now: datetime, people: People) -> None:
        self._connection = connection
        self._now = now
        self._people = people

    # -- questions --------------------------------------------------------------------------

    def by_key(self, key: SpaceKey) -> Space:
        """Raises LookupError when there is none."""
        found = self.by_keys([key])
        if not found:
            raise LookupError(f"no space {key}")
        return found[key]

    def by_keys(self, keys: Iterable[SpaceKey]) -> dict[SpaceKey, Space]:
        found = (
            one
            for piece in pieces(keys)
            for one in self._find(_select().where(space.c.id.in_(piece)))
        )
        return {one.key: one for one in found}

    def by_id(self, id: RoomId, *, visible_to: PersonKey | None = None) -> Space | None:
        """By its id of today, or one that it had before it was migrated."""
        former = select(space_alias.c.space_id).where(space_alias.c.webex_id == id)
        found = _select().where(or_(space_name.c.webex_id == id, space.c.id.in_(former)))
        hits = self._find(_visible(found, visible_to))
        return hits[0] if hits else None

    def by_title(self, title: str, *, visible_to: PersonKey | None) -> tuple[Space, ...]:
        """Live spaces of exactly this title, whatever the case; the most active first."""
        found = _select().where(
            space.c.state == 0, _folded(space_name.c.title, self._pg) == self._fold(title)
        )
        found = found.order_by(space.c.last_activity.desc()).limit(20)
        return self._find(_visible(found, visible_to))

    def general_of(self, named: TeamId | str, *, visible_to: PersonKey | None) -> tuple[Space, ...]:
        """The living General spaces of the teams of that id or name, whatever the case: who is
        in such a space is in the team. A team without a name yet has its General space's."""
        found = _select().where(space.c.state == 0, space.c.is_general)
        if isinstance(named, TeamId):
            found = found.where(team.c.webex_id == str(named))
        else:
            name = func.coalesce(func.nullif(team.c.name, ""), space_name.c.title)
            found = found.where(_folded(name, self._pg) == self._fold(named))
        return self._find(_visible(found.order_by(space.c.id).limit(20), visible_to))

    def team_names(self, *, visible_to: PersonKey | None) -> tuple[str, ...]:
        """Of the teams that somebody is in, the latest used first, for "did you mean"."""
        found = _select().where(space.c.state == 0, space.c.is_general)
        found = _visible(found, visible_to).order_by(space.c.last_activity.desc()).limit(500)
        names = (one.team or one.title for one in self._find(found))
        return tuple(dict.fromkeys(name for name in names if name))

    def similar_titles(
        self, title: str, *, visible_to: PersonKey | None, limit: int = 3
    ) -> tuple[str, ...]:
        """Titles that share a beginning or a word with `title`, for "did you mean"."""
        whole = self._fold(title)
        words = [w for w in whole.split() if len(w) > 2] or [whole]
        tests = [
            _folded(space_name.c.title, self._pg).like(f"%{for_like(w)}%", escape="\\")
            for w in words[:4]
        ]
        found = _select().where(space.c.state == 0, or_(*tests))
        found = _visible(found, visible_to).order_by(space.c.last_activity.desc()).limit(50)
        from rapidfuzz import process  # here: it costs its import only where it is needed

        titles = dict.fromkeys(one.title for one in self._find(found) if one.title)
        near = process.extract(title, list(titles), limit=limit)
        return tuple(str(hit[0]) for hit in near)

    def key_of(self, id: RoomId) -> SpaceKey | None:
        found = self._connection.execute(
            select(space_name.c.space_id).where(space_name.c.webex_id == id)
        ).scalar()
        return SpaceKey(found) if found is not None else None

    def id_of(self, key: SpaceKey) -> RoomId:
        return RoomId(
            self._connection.execute(
                select(space_name.c.webex_id).where(space_name.c.space_id == key)
            ).scalar_one()
        )

    def ids_of(self, keys: Iterable[SpaceKey]) -> dict[SpaceKey, RoomId]:
        found: dict[SpaceKey, RoomId] = {}
        for piece in pieces(keys):
            rows = self._connection.execute(
                select(space_name.c.space_id, space_name.c.webex_id).where(
                    space_name.c.space_id.in_(piece)
                )
            )
            found |= {SpaceKey(row[0]): RoomId(row[1]) for row in rows}
        return found

    def twin_of(self, seen: SpaceSeen) -> RoomId | None:
        """Another space of the same kind that the same person made in the same millisecond."""
        if seen.created is None or seen.creator is None:
            return None
        found = (
            select(space_name.c.webex_id)
            .join(space, space.c.id == space_name.c.space_id)
            .join(_creator, _creator.c.id == space.c.creator_id)
            .where(
                space.c.created == seen.created, _creator.c.webex_id == seen.creator,
                space.c.type == seen.type, space_name.c.webex_id != seen.id,
                space.c.state != STATES.index(SpaceState.GONE),
            )
        )  # fmt: skip
        hits = self._connection.scalars(found.limit(2)).all()
        return RoomId(hits[0]) if len(hits) == 1 else None

    def is_member(self, key: SpaceKey, who: PersonKey) -> bool:
        return (
            self._connection.execute(
                select(membership.c.person_id).where(
                    membership.c.space_id == key, membership.c.person_id == who
                )
            ).first()
            is not None
        )

    def ids_with(self, who: PersonKey) -> frozenset[RoomId]:
        """The living spaces that somebody is known to be in."""
        found = (
            select(space_name.c.webex_id)
            .join(membership, membership.c.space_id == space_name.c.space_id)
            .join(space, space.c.id == space_name.c.space_id)
            .where(membership.c.person_id == who, space.c.state == 0)
        )
        return frozenset(RoomId(id) for id in self._connection.scalars(found))

    def members(self, key: SpaceKey, *, limit: int = 10_000) -> tuple[tuple[Person, bool], ...]:
        """(person, is moderator), moderators first."""
        found = (
            select(person, membership.c.is_moderator)
            .join(membership, membership.c.person_id == person.c.id)
            .where(membership.c.space_id == key)
            .order_by(membership.c.is_moderator.desc(), person.c.name)
            .limit(limit)
        )
        return tuple(
            (_person(row), bool(row.is_moderator)) for row in self._connection.execute(found)
        )

    def owners(self, key: SpaceKey) -> tuple[Person, ...]:
        """Who is warned: its moderators, else whoever asked us for it, else its creator; only
        people of ours who are still in it and can still log in. Bots own nothing."""
        living = and_(
            ~person.c.is_bot,
            or_(person.c.is_ours, person.c.is_ours.is_(None)),
            or_(person.c.is_active, person.c.is_active.is_(None)),
        )
        inside = (
            select(person)
            .join(membership, membership.c.person_id == person.c.id)
            .where(membership.c.space_id == key, living, ~_disowned())
        )
        moderators = inside.where(membership.c.is_moderator).order_by(person.c.id)
        row = self._connection.execute(
            select(space.c.requested_by, space.c.creator_id).where(space.c.id == key)
        ).first()
        for found in (
            moderators,
            inside.where(person.c.id == (row.requested_by if row else None)),
            inside.where(person.c.id == (row.creator_id if row else None)),
        ):
            hits = tuple(_person(r) for r in self._connection.execute(found))
            if hits:
                return hits
        return ()

    def has_outsiders(self, key: SpaceKey) -> bool | None:
        scope = self._connection.execute(select(space.c.scope).where(space.c.id == key)).scalar()
        return None if scope is None else scope == Scope.EXTERNAL

    def count_live(self, *, visible_to: PersonKey | None = None) -> int:
        """How many spaces live: all, or those that a person is in."""
        found = select(func.count()).select_from(space).where(space.c.state == 0)
        return int(self._connection.execute(_visible(found, visible_to)).scalar_one())

    def live_keys(self, *, not_seen_in: int | None = None) -> tuple[SpaceKey, ...]:
        found = select(space.c.id).where(space.c.state == 0)
        if not_seen_in is not None:
            found = found.where(space.c.generation != not_seen_in)
        return tuple(SpaceKey(k) for k in self._connection.scalars(found.order_by(space.c.id)))

    # -- changes ----------------------------------------------------------------------------

    def write(self, seen: Sequence[SpaceSeen], *, generation: int = 0) -> dict[RoomId, SpaceKey]:
        """What Webex said of these rooms; a crawl gives its generation."""
        return writing.write_spaces(self._connection, self._people, seen, generation, self._now)[0]

    def take_in(self, looks: Sequence[Look], *, generation: int = 0) -> dict[RoomId, SpaceKey]:
        """Readings of many spaces with their members, at once."""
        for one in looks:
            key = self.key_of(one.former) if one.former else None
            if key is not None and self.key_of(one.space.id) is None:
                self.move_id(key, one.space.id)
        people = self._people.ensure([m.person for one in looks for m in one.members or ()])
        keys, old = writing.write_spaces(
            self._connection, self._people, [one.space for one in looks], generation, self._now
        )
        fresh = [one for one in looks if one.space.id not in old and one.members is not None]
        seats = [
            seating.Seats(keys[one.space.id], one.members or (), one.complete) for one in fresh
        ]
        seating.write(self._connection, seats, people, self._now)
        told = [
            Moved(key=keys[one.space.id], last_human=one.last_human,
                  human_known_until=one.human_known_until)
            for one in looks if one.last_human or one.human_known_until
        ]  # fmt: skip
        move(self._connection, told)
        return keys

    def write_members(
        self, key: SpaceKey, members: Sequence[MemberSeen], *, complete: bool
    ) -> None:
        """The members of a space. Complete says that nobody is missing; an empty list never is."""
        people = self._people.ensure([one.person for one in members])
        seats = [seating.Seats(key, members, complete)]
        seating.write(self._connection, seats, people, self._now)

    def add_member(self, key: SpaceKey, member: MemberSeen) -> None:
        people = self._people.ensure([member.person])
        seats = [seating.Seats(key, [member], None)]
        seating.write(self._connection, seats, people, self._now)

    def remove_member(self, key: SpaceKey, who: PersonKey) -> None:
        seating.remove(self._connection, [(key, who)], self._now)
        seating.derive(self._connection, [key])

    def set_activity(
        self, key: SpaceKey, *, last_activity: datetime | None = None,
        last_human: datetime | None = None, human_known_until: datetime | None = None,
    ) -> None:  # fmt: skip
        """Later moments only; an earlier one is an echo (see `storage.activity`)."""
        move(
            self._connection,
            [Moved(key=key, last_activity=last_activity, last_human=last_human,
                   human_known_until=human_known_until)],
        )  # fmt: skip

    def doubt_members(self, keys: Sequence[SpaceKey]) -> None:
        """Who is in these spaces is not known any more, until they are read again."""
        seating.write(
            self._connection, [seating.Seats(key, (), False) for key in keys], {}, self._now
        )

    def requested_by(self, key: SpaceKey) -> PersonKey | None:
        """Whom we created the space for."""
        found = self._connection.execute(
            select(space.c.requested_by).where(space.c.id == key)
        ).scalar()
        return PersonKey(found) if found is not None else None

    def set_requested_by(self, key: SpaceKey, who: PersonKey) -> None:
        self._connection.execute(update(space).where(space.c.id == key).values(requested_by=who))

    def is_untouchable(self, key: SpaceKey) -> bool:
        found = select(space.c.is_untouchable).where(space.c.id == key)
        return bool(self._connection.execute(found).scalar())

    def set_untouchable(self, key: SpaceKey) -> None:
        self._connection.execute(update(space).where(space.c.id == key).values(is_untouchable=True))

    def set_state(self, key: SpaceKey, state: SpaceState) -> None:
        self._connection.execute(
            update(space).where(space.c.id == key).values(state=STATES.index(state))
        )

    def mark_gone(self, key: SpaceKey) -> None:
        """Gone, as seen by two identities; its people are remembered as former members, and
        whoever watches for that is told."""
        if (
            Watches(self._connection, self._now)
            .interest()
            .wants(Trigger.SPACE_DELETED, self.id_of(key))
        ):
            Sightings(self._connection, self._now).hear_end(key)
        keys = self._connection.scalars(
            select(membership.c.person_id).where(membership.c.space_id == key)
        ).all()
        seating.remove(self._connection, [(key, PersonKey(k)) for k in keys], self._now)
        self.set_state(key, SpaceState.GONE)

    def write_classifications(self, seen: Sequence[tuple[str, str, int]]) -> None:
        """(Webex id, title, rank) of each."""
        writing.write_classifications(self._connection, seen)

    def set_classification(self, key: SpaceKey, level: str) -> None:
        """By its Webex id, which has to be known; where it is not, nothing changes."""
        found = select(classification.c.id).where(classification.c.webex_id == level)
        value = func.coalesce(found.scalar_subquery(), space.c.classification_id)
        self._connection.execute(
            update(space).where(space.c.id == key).values(classification_id=value)
        )

    def teams(self) -> tuple[TeamId, ...]:
        """Those that spaces are in."""
        found = select(team.c.webex_id).where(team.c.id != NONE).order_by(team.c.id)
        return tuple(TeamId(id) for id in self._connection.scalars(found))

    def name_team(self, id: TeamId, name: str) -> None:
        self._connection.execute(update(team).where(team.c.webex_id == id).values(name=name))

    def move_id(self, key: SpaceKey, to: RoomId) -> None:
        """The room was migrated and has another id; the old one stays an alias."""
        old = self.id_of(key)
        self._connection.execute(space_alias.insert().values(webex_id=str(old), space_id=key))
        self._connection.execute(
            update(space_name).where(space_name.c.space_id == key).values(webex_id=str(to))
        )

    def was_member(self, key: SpaceKey, who: PersonKey) -> bool:
        found = select(former_membership.c.person_id).where(
            former_membership.c.space_id == key, former_membership.c.person_id == who
        )
        return self.is_member(key, who) or self._connection.execute(found).first() is not None

    def _fold(self, text: str) -> str:
        """As `_folded` does on the database's side; PostgreSQL's lower() keeps an ß."""
        return text.lower() if self._pg else fold(text) or ""

    @property
    def _pg(self) -> bool:
        return self._connection.dialect.name == "postgresql"

    def _find(self, found: Select[Any]) -> tuple[Space, ...]:
        spaces = [_space(row) for row in self._connection.execute(found)]
        tags = self._tags([one.key for one in spaces])
        return tuple(replace(one, tags=tags.get(one.key, ())) for one in spaces)

    def _tags(self, keys: Sequence[SpaceKey]) -> dict[SpaceKey, tuple[str, ...]]:
        found: dict[SpaceKey, tuple[str, ...]] = {}
        for piece in pieces(keys):
            rows = self._connection.execute(_select_tags().where(space_tag.c.space_id.in_(piece)))
            for key, name in rows:
                found[SpaceKey(key)] = (*found.get(SpaceKey(key), ()), name)
        return found


@cache
def _select_tags() -> Select[Any]:
    found = select(space_tag.c.space_id, tag.c.name).join(tag, tag.c.id == space_tag.c.tag_id)
    return found.order_by(tag.c.name)


@cache
def _select() -> Select[Any]:
    return (
        select(
            space, space_name.c.webex_id, space_name.c.title,
            classification.c.title.label("classification"), team.c.name.label("team"),
            team.c.webex_id.label("team_webex_id"),
            func.coalesce(func.nullif(_creator.c.name, ""), _creator.c.email).label("creator"),
            _creator.c.webex_id.label("creator_webex_id"),
        )
        .join(space_name, space_name.c.space_id == space.c.id)
        .join(classification, classification.c.id == space.c.classification_id, isouter=True)
        .join(team, team.c.id == space.c.team_id, isouter=True)
        .join(_creator, _creator.c.id == space.c.creator_id, isouter=True)
    )  # fmt: skip


def _visible(found: Select[Any], to: PersonKey | None) -> Select[Any]:
    if to is None:
        return found
    return found.where(
        space.c.id.in_(select(membership.c.space_id).where(membership.c.person_id == to))
    )


def _folded(column: Any, is_postgres: bool) -> Any:
    return func.lower(column) if is_postgres else func.fold(column)


def _space(row: Any) -> Space:
    return Space(
        key=SpaceKey(row.id), id=RoomId(row.webex_id), title=row.title,
        type=None if row.type is None else SpaceType(row.type),
        scope=None if row.scope is None else Scope(row.scope),
        classification=row.classification, last_activity=row.last_activity,
        last_human=row.last_human, last_used=row.last_used, created=row.created, size=row.size,
        team=row.team if row.team_id not in (None, NONE) else None,
        team_id=row.team_webex_id if row.team_id not in (None, NONE) else None, creator=row.creator,
        creator_id=row.creator_webex_id, is_locked=row.is_locked, is_ours=row.is_ours,
        is_general=row.is_general,
        state=STATES[row.state],
    )  # fmt: skip


def _disowned() -> ColumnElement[bool]:
    """Of a membership: they said that the space is none of theirs."""
    said = (disowned.c.space_id == membership.c.space_id) & (
        disowned.c.person_id == membership.c.person_id
    )
    return exists().where(said).correlate(membership)
