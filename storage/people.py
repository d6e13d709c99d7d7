"""Who is known: people, their organisations and mail domains."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, case, func, or_, select, update

from domain.ids import OrgId, PersonId, PersonKey
from domain.people import Person
from domain.seen import PersonSeen
from storage.adopting import adopt_people
from storage.schema import domain, org, person, space
from storage.sql import insert, pieces, upsert, within

BOT_DOMAINS = ("webex.bot", "sparkbot.io")
"""Where Webex gives bots their addresses; a membership says nothing else of its being one."""


class People:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    # -- questions --------------------------------------------------------------------------

    def by_key(self, key: PersonKey) -> Person:
        """Raises LookupError when there is none."""
        found = self._find(select(person).where(person.c.id == key))
        if not found:
            raise LookupError(f"no person {key}")
        return found[0]

    def by_keys(self, keys: Iterable[PersonKey]) -> dict[PersonKey, Person]:
        found = (
            one
            for piece in pieces(keys)
            for one in self._find(select(person).where(person.c.id.in_(piece)))
        )
        return {one.key: one for one in found}

    def by_id(self, id: PersonId) -> Person | None:
        found = self._find(select(person).where(person.c.webex_id == id))
        return found[0] if found else None

    def by_uuid(self, uuid: str) -> Person | None:
        """By the uuid that frames name people by; Webex's ids of people differ in nothing else
        (webex-facts 1.0: their cluster is always the same)."""
        made = b64encode(f"ciscospark://us/PEOPLE/{uuid}".encode()).decode().rstrip("=")
        return self.by_id(PersonId(made))

    def by_ids(self, ids: Iterable[PersonId]) -> dict[PersonId, Person]:
        found = (
            one
            for piece in pieces(ids)
            for one in self._find(select(person).where(person.c.webex_id.in_(piece)))
        )
        return {one.id: one for one in found}

    def keys(self, ids: Iterable[PersonId]) -> dict[PersonId, PersonKey]:
        found: dict[PersonId, PersonKey] = {}
        for piece in pieces(ids):
            wanted = select(person.c.webex_id, person.c.id).where(person.c.webex_id.in_(piece))
            found |= {PersonId(r[0]): PersonKey(r[1]) for r in self._connection.execute(wanted)}
        return found

    def by_email(self, email: str) -> Person | None:
        """The one who has the address now: addresses move, so the latest seen wins."""
        found = self._find(
            select(person)
            .where(person.c.email == email.lower())
            .order_by(person.c.seen_at.desc())
            .limit(1)
        )
        return found[0] if found else None

    def by_emails(self, emails: Iterable[str]) -> dict[str, Person]:
        """The same for many, by address."""
        wanted = select(person).where(
            within(self._connection, person.c.email, {one.lower() for one in emails})
        )
        found = self._find(wanted.order_by(person.c.seen_at, person.c.id))
        return {one.email: one for one in found}  # the latest seen comes last, and stays

    def ids_of(self, keys: Iterable[PersonKey]) -> dict[PersonKey, PersonId]:
        return {key: one.id for key, one in self.by_keys(keys).items()}

    def ours(self) -> tuple[tuple[PersonKey, PersonId], ...]:
        """Everyone of our organisation but bots, for a sweep."""
        found = select(person.c.id, person.c.webex_id).where(
            person.c.is_ours,
            ~person.c.is_bot,
            or_(person.c.is_active, person.c.is_active.is_(None)),
        )
        return tuple(
            (PersonKey(row[0]), PersonId(row[1]))
            for row in self._connection.execute(found.order_by(person.c.id))
        )

    def is_active(self, key: PersonKey) -> bool | None:
        return self._connection.execute(
            select(person.c.is_active).where(person.c.id == key)
        ).scalar()

    def org_of(self, key: PersonKey) -> str | None:
        """The Webex id of somebody's organisation; None where it is not known."""
        found = select(org.c.webex_id).join(person, person.c.org_id == org.c.id)
        return self._connection.execute(found.where(person.c.id == key)).scalar()

    def count(self) -> int:
        return self._connection.execute(
            select(func.count()).select_from(person).where(~person.c.is_bot)
        ).scalar_one()

    # -- changes ----------------------------------------------------------------------------

    def set_own_org(self, id: OrgId, name: str = "") -> None:
        """Which organisation is ours; what was written before it was known is put right."""
        self._orgs({str(id)})
        self._connection.execute(
            update(org).values(
                is_ours=org.c.webex_id == str(id),
                name=case((org.c.webex_id == str(id), name or None), else_=org.c.name),
            )
        )
        ours = select(org.c.is_ours).where(org.c.id == person.c.org_id).scalar_subquery()
        self._connection.execute(
            update(person).where(person.c.is_ours.is_distinct_from(ours)).values(is_ours=ours)
        )
        owned = select(org.c.is_ours).where(org.c.id == space.c.owner_org_id).scalar_subquery()
        self._connection.execute(
            update(space).where(space.c.is_ours.is_distinct_from(owned)).values(is_ours=owned)
        )

    def own_org(self) -> OrgId | None:
        found = self._connection.execute(select(org.c.webex_id).where(org.c.is_ours)).scalar()
        return OrgId(found) if found else None

    def ensure(self, seen: Sequence[PersonSeen]) -> dict[PersonId, PersonKey]:
        """Everybody in `seen` is known afterwards; what was not said keeps its old value.

        Who is known as they were seen is only looked up: most people are, most of the time.
        """
        latest = {one.id: one for one in seen}
        if not latest:
            return {}
        keys, changed = self._known(latest)
        if not changed:
            return keys
        orgs = self._orgs({str(one.org) for one in changed if one.org})
        home = self._connection.execute(select(org.c.id).where(org.c.is_ours)).scalar()
        domains = self._domains({_domain(one.email) for one in changed})
        rows = [self._row(one, orgs, domains, home) for one in changed]
        put = insert(self._connection, person)
        new = put.excluded
        put = put.on_conflict_do_update(
            index_elements=["webex_id"],
            set_={
                "email": case((new.email != "", new.email), else_=person.c.email),
                "name": case((new.name != "", new.name), else_=person.c.name),
                "time_zone": case(
                    (new.time_zone != "UTC", new.time_zone), else_=person.c.time_zone
                ),
                "domain_id": func.coalesce(new.domain_id, person.c.domain_id),
                "org_id": func.coalesce(new.org_id, person.c.org_id),
                "is_ours": func.coalesce(new.is_ours, person.c.is_ours),
                "is_active": func.coalesce(new.is_active, person.c.is_active),
                "is_bot": or_(new.is_bot, person.c.is_bot),
                "seen_at": new.seen_at,
            },
        )
        self._connection.execute(put, rows)
        keys |= self.keys(one.id for one in changed if one.id not in keys)
        adopt_people(self._connection, [keys[one.id] for one in changed])
        return keys

    def _known(
        self, seen: Mapping[PersonId, PersonSeen]
    ) -> tuple[dict[PersonId, PersonKey], list[PersonSeen]]:
        """The keys of those who are known, and who is new or differs from what is known."""
        keys: dict[PersonId, PersonKey] = {}
        same: set[PersonId] = set()
        columns = (person.c.webex_id, person.c.id, person.c.email, person.c.name, person.c.is_bot,
                   person.c.is_active, person.c.time_zone, org.c.webex_id)  # fmt: skip
        wanted = select(*columns).join(org, org.c.id == person.c.org_id, isouter=True)
        mine = within(self._connection, person.c.webex_id, seen)
        for id, key, email, name, is_bot, is_active, zone, its_org in self._connection.execute(
            wanted.where(mine)
        ).all():
            one = seen[id]
            keys[one.id] = PersonKey(key)
            if (
                one.email.lower() in ("", email) and one.name in ("", name)
                and (one.org is None or one.org == its_org)
                and one.is_active in (None, is_active) and not (one.is_bot and not is_bot)
                and one.time_zone in ("", "UTC", zone)
            ):  # fmt: skip
                same.add(one.id)
        return keys, [one for one in seen.values() if one.id not in same]

    def set_time_zone(self, key: PersonKey, zone: str) -> None:
        """Their own, whatever Webex says; empty: Webex's again."""
        self._connection.execute(
            update(person).where(person.c.id == key).values(own_time_zone=zone or None)
        )

    def said_zone(self, key: PersonKey) -> str:
        """The time zone that they said is theirs; empty: they said nothing."""
        found = select(person.c.own_time_zone).where(person.c.id == key)
        return self._connection.execute(found).scalar() or ""

    def set_language(self, key: PersonKey, language: str) -> None:
        """Empty: the company's again."""
        self._connection.execute(
            update(person).where(person.c.id == key).values(language=language or None)
        )

    def set_active(self, key: PersonKey, active: bool) -> None:
        self._connection.execute(update(person).where(person.c.id == key).values(is_active=active))

    def _row(
        self, one: PersonSeen, orgs: Mapping[str, int], domains: Mapping[str, int],
        home: int | None,
    ) -> dict[str, Any]:  # fmt: skip
        its = orgs.get(str(one.org)) if one.org else None
        return {
            "webex_id": str(one.id), "email": one.email.lower(), "name": one.name, "org_id": its,
            "domain_id": domains.get(_domain(one.email)),
            "is_ours": None if its is None or home is None else its == home,
            "is_bot": bool(one.is_bot) or _domain(one.email) in BOT_DOMAINS,
            "is_active": one.is_active, "time_zone": one.time_zone or "UTC",
            "seen_at": self._now,
        }  # fmt: skip

    def _orgs(self, ids: set[str]) -> dict[str, int]:
        return known_or_new(
            self._connection, org, org.c.webex_id, ids,
            lambda id: {"webex_id": id, "is_ours": False},
        )  # fmt: skip

    def _domains(self, names: set[str]) -> dict[str, int]:
        return known_or_new(
            self._connection, domain, domain.c.name, names - {""}, lambda name: {"name": name}
        )

    def _find(self, found: Select[Any]) -> tuple[Person, ...]:
        return tuple(_person(row) for row in self._connection.execute(found))


def known_or_new(
    connection: Connection, table: Any, column: Any, values: set[str],
    row: Callable[[str], dict[str, Any]],
) -> dict[str, int]:  # fmt: skip
    """The keys of `values`, of which those that nobody knew are put in."""
    wanted = select(column, table.c.id)
    known = _keys(connection, wanted, column, values)
    if new := values - known.keys():
        rows = [row(value) for value in sorted(new)]
        upsert(connection, table, rows, on=[column.name], change=[])
        known |= _keys(connection, wanted, column, new)
    return known


def _keys(
    connection: Connection, what: Select[Any], column: Any, values: Iterable[str]
) -> dict[str, int]:
    wanted = list(values)
    if not wanted:
        return {}
    found = connection.execute(what.where(within(connection, column, wanted)))
    return {row[0]: row[1] for row in found.all()}


def _domain(email: str) -> str:
    return email.rpartition("@")[2].lower()


def _person(row: Any) -> Person:
    return Person(
        key=PersonKey(row.id), id=PersonId(row.webex_id), email=row.email,
        name=row.name or row.email, is_ours=row.is_ours, is_bot=row.is_bot,
        time_zone=row.own_time_zone or row.time_zone, language=row.language or "",
    )  # fmt: skip
