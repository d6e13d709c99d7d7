"""A file's own examples, played on an inventory of their own by the real decision.

The examples stand beside the policies, so that whoever changes a condition sees what it does
to the spaces that somebody thought of before. Nothing of the company is read.
"""

from __future__ import annotations

import base64
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from domain.clock import Clock
from domain.ids import (
    ClassificationId,
    OrgId,
    PersonId,
    PolicyKey,
    PolicyVersionKey,
    RoomId,
    SpaceKey,
    TeamId,
)
from domain.policies import PolicyVersion, Ruling
from domain.seen import Look, MemberSeen, PersonSeen, SpaceSeen
from domain.spaces import SpaceType
from domain.tags import tag_name
from query.spec import Moments
from retention.decision import explain
from retention.drafting import policy_name
from retention.filing import Example, ExampleSpace, PolicyFile, as_version
from storage.engine import open_engine
from storage.migrate import upgrade
from storage.store import Store, UnitOfWork

OURS = "our.example"
"""Addresses of this domain, and of those below it, are our own people's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One example: what was expected, what came, and the decision's own sentence."""

    policy: str
    number: int
    title: str
    expected: str
    came: str
    why: str

    @property
    def is_good(self) -> bool:
        return self.expected == self.came


def rehearse(filed: PolicyFile, clock: Clock) -> tuple[Played, ...]:
    """Plays each example against all policies of the file, as if all were active.

    Raises:
        Refusal: a policy or a tag of an example can't be what it says.
    """
    versions = tuple(
        replace(
            as_version(one.draft(None), policy_name(one.name)),
            key=PolicyVersionKey(number), policy=PolicyKey(number),
        )
        for number, one in enumerate(filed.policies, 1)
    )  # fmt: skip
    with _inventory(clock) as store:
        return tuple(
            _play(store, versions, version, example, number)
            for version, one in zip(versions, filed.policies, strict=True)
            for number, example in enumerate(one.examples, 1)
        )


@contextmanager
def _inventory(clock: Clock) -> Iterator[Store]:
    with tempfile.TemporaryDirectory(prefix="spacekeeper-") as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'examples.db'}")
        upgrade(engine)
        store = Store(engine, clock)
        try:
            yield store
        finally:
            store.close()


def _play(
    store: Store, versions: tuple[PolicyVersion, ...], version: PolicyVersion, example: Example,
    number: int,
) -> Played:  # fmt: skip
    with store.begin() as tx:  # never committed: each example has the inventory for itself
        key = _take_in(tx, example.space)
        found = explain(tx, key, versions, Moments(now=tx.now))
        came = _came(found.ruling, found.due, found.version_key == version.key, tx.now)
    return Played(
        policy=version.name, number=number, title=example.space.title, expected=example.expect,
        came=came, why=found.sentence,
    )  # fmt: skip


def _came(ruling: Ruling, due: datetime | None, is_mine: bool, now: datetime) -> str:
    match ruling:
        case Ruling.UNKNOWN:
            return "unknown"
        case Ruling.NO_POLICY:
            return "none"
        case Ruling.DATED | Ruling.KEEP if not is_mine:
            return "other"
        case Ruling.KEEP:
            return "kept"
        case Ruling.DATED:
            return "due" if due is not None and due <= now else "later"
        case _:
            return str(ruling)


def _take_in(tx: UnitOfWork, said: ExampleSpace) -> SpaceKey:
    ours = OrgId(_id("ORGANIZATION", "ours"))
    tx.people.set_own_org(ours)
    created = tx.now - said.created
    used = tx.now - (said.last_activity if said.last_activity is not None else said.created)
    team = TeamId(_id("TEAM", said.team)) if said.team else None
    kind = ClassificationId(_id("CLASSIFICATION", said.classification))
    if said.classification:
        tx.spaces.write_classifications([(str(kind), said.classification, 1)])
    members = tuple(
        MemberSeen(person=_person(email, ours), is_moderator=email in said.moderators)
        for email in dict.fromkeys([*said.members, *said.moderators])
    )
    room = RoomId(_id("ROOM", "example"))
    knows = {fact: fact not in said.not_known for fact in ("members", "activity", "title")}
    keys = tx.spaces.take_in([
        Look(
            space=SpaceSeen(
                id=room, title=said.title if knows["title"] else None,
                type=SpaceType.DIRECT if said.type == "direct" else SpaceType.GROUP,
                last_activity=used if knows["activity"] else None, created=created,
                creator=members[0].person.id if members else None, owner_org=ours, team=team,
                classification=kind if said.classification else None, is_locked=False,
            ),
            members=members if knows["members"] else None, complete=knows["members"],
            last_human=used if knows["activity"] else None,
            human_known_until=tx.now if knows["activity"] else None,
        )
    ])  # fmt: skip
    if team is not None:
        tx.spaces.name_team(team, said.team)
    if said.tags:
        tx.tags.add(keys[room], tuple(map(tag_name, said.tags)), None)
    return keys[room]


def _person(email: str, ours: OrgId) -> PersonSeen:
    at = email.rpartition("@")[2].lower()
    is_ours = at == OURS or at.endswith(f".{OURS}")
    return PersonSeen(
        id=PersonId(_id("PEOPLE", email)), email=email.lower(), name=email, is_bot=False,
        org=ours if is_ours else OrgId(_id("ORGANIZATION", at)), is_active=True,
    )  # fmt: skip


def _id(kind: str, name: str) -> str:
    """An id that no Webex gave out; the same name gives the same."""
    made = uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}/{name}")
    text = f"ciscospark://example/{kind}/{made}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
