"""Nonces: what each button does, kept here and never on the card.

A button carries a random token; only its hash is stored, so a copy of the database presses
nothing. A nonce is used up by one UPDATE that only one process can win.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, or_, select, update

from domain.ids import CaseKey, PersonKey, PolicyVersionKey, SpaceKey
from domain.outgoing import Press
from domain.undoing import WayBack
from storage.schema import nonce, policy_version, retention_case, sent_card


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonce:
    """What a button stands for, from our own row."""

    command: str
    args: Mapping[str, str]
    inputs: frozenset[str]
    title: str
    card: str
    only_for: PersonKey | None
    space: SpaceKey | None
    case: CaseKey | None
    cycle: int | None
    policy_version: PolicyVersionKey | None
    once_per_card: bool
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_by: PersonKey | None
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SentCard:
    """A card that got there. `person`: to whom it went 1:1; `title`: its first line."""

    marker: str
    message: str
    room: str
    about: str
    person: PersonKey | None
    title: str
    at: datetime


class Presses:
    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def mint(
        self, presses: Iterable[Press], *, card: str, to: PersonKey | None = None
    ) -> dict[Press, str]:
        """A fresh token for each press of a card, whose marker is `card`. `to`: who is answered
        by it."""
        tokens = {press: secrets.token_urlsafe(24) for press in presses}
        if tokens:
            self._connection.execute(
                nonce.insert(),
                [self._row(press, token, card, to) for press, token in tokens.items()],
            )
        return tokens

    def leading_back(
        self, person: PersonKey, titles: Collection[str], *, since: datetime, limit: int
    ) -> tuple[WayBack, ...]:
        """Buttons of these titles on answers to somebody that nobody pressed yet, the latest first;
        without those whose work was done by another button of theirs since."""
        other = nonce.alias()
        done = exists().where(
            other.c.offered_to == person, other.c.command == nonce.c.command,
            other.c.args == nonce.c.args, other.c.used_at >= nonce.c.made_at,
        )  # fmt: skip
        found = (
            select(nonce.c.command, nonce.c.args, nonce.c.made_at)
            .where(
                nonce.c.offered_to == person, nonce.c.made_at >= since, nonce.c.used_at.is_(None),
                nonce.c.expires_at > self._now, nonce.c.title.in_(titles), ~done,
            )
            .order_by(nonce.c.made_at.desc(), nonce.c.token_hash)
            .limit(10 * limit)
        )  # fmt: skip
        made = {
            (row.command, row.args): WayBack(
                command=row.command, args=json.loads(row.args), at=row.made_at
            )
            for row in reversed(self._connection.execute(found).all())
        }
        return tuple(sorted(made.values(), key=lambda one: one.at, reverse=True)[:limit])

    def find(self, token: str) -> Nonce | None:
        row = self._connection.execute(
            select(nonce).where(nonce.c.token_hash == _hash(token))
        ).first()
        return _nonce(row) if row else None

    def is_current(self, found: Nonce) -> bool:
        """Whether what the button is about still stands as it did: the case is open, in the
        same cycle and under the same version, and the policy has no later version."""
        if found.case is not None:
            row = self._connection.execute(
                select(retention_case).where(retention_case.c.id == found.case)
            ).first()
            if row is None or row.closed_at is not None:
                return False
            if found.cycle is not None and row.cycle != found.cycle:
                return False
            return found.policy_version in (None, row.version_id)
        if found.policy_version is not None:
            its = policy_version.alias()
            later = (
                select(policy_version.c.id)
                .join(its, its.c.policy_id == policy_version.c.policy_id)
                .where(its.c.id == found.policy_version, policy_version.c.number > its.c.number)
            )
            return self._connection.execute(later.limit(1)).first() is None
        return True

    def use(self, token: str, by: PersonKey) -> bool:
        """Uses the nonce up; False when somebody was faster or it has expired."""
        if self._connection.dialect.name == "postgresql":
            # Two people, two buttons of one card: each would take the other's row second, and
            # wait for ever. So the card's rows are taken first, in one order.
            card = select(nonce.c.card).where(nonce.c.token_hash == _hash(token)).scalar_subquery()
            rows = select(nonce.c.token_hash).where(nonce.c.card == card)
            self._connection.execute(rows.order_by(nonce.c.token_hash).with_for_update())
        used = self._connection.execute(
            update(nonce)
            .where(
                nonce.c.token_hash == _hash(token),
                nonce.c.used_at.is_(None),
                nonce.c.expires_at > self._now,
            )
            .values(used_at=self._now, used_by=by)
            .returning(nonce.c.card, nonce.c.once_per_card)
        ).first()
        if used is None:
            return False
        if used.once_per_card:
            self._connection.execute(
                update(nonce)
                .where(nonce.c.card == used.card, nonce.c.used_at.is_(None), nonce.c.once_per_card)
                .values(used_at=self._now, used_by=by)
            )
        return True

    def give_back(self, token: str) -> None:
        """The press was refused before it did anything, and may be tried again."""
        card = select(nonce.c.card).where(nonce.c.token_hash == _hash(token)).scalar_subquery()
        self._connection.execute(
            update(nonce)
            .where(
                or_(
                    nonce.c.token_hash == _hash(token),
                    (nonce.c.card == card) & nonce.c.once_per_card,
                )
            )
            .values(used_at=None, used_by=None)
        )

    def say(self, token: str, said: str) -> None:
        """What came of the press, for whoever presses again."""
        self._connection.execute(
            update(nonce).where(nonce.c.token_hash == _hash(token)).values(said=said[:200])
        )

    def void_case(self, case: CaseKey, *, said: str = "") -> None:
        """A case moved on: no button of its cards does anything any more. Whoever presses one
        is told `said`, such as who answered and what."""
        self._connection.execute(
            update(nonce)
            .where(nonce.c.case_id == case, nonce.c.used_at.is_(None))
            .values(expires_at=self._now, said=said[:200])
        )

    def sweep(self, *, before: datetime) -> int:
        """Forgets nonces that expired before; an old card then is "not known any more"."""
        return self._connection.execute(delete(nonce).where(nonce.c.expires_at < before)).rowcount

    def sent(
        self, marker: str, *, message: str, room: str, about: str = "",
        person: PersonKey | None = None, title: str = "",
    ) -> None:  # fmt: skip
        """Remembers where a card went, so that it can be replaced when state changes, and that
        whoever got it can be told that it is ours."""
        self._connection.execute(delete(sent_card).where(sent_card.c.marker == marker))
        self._connection.execute(
            sent_card.insert().values(
                marker=marker, message_id=message, room_id=room, about=about, person_id=person,
                title=title[:200], at=self._now,
            )
        )  # fmt: skip

    def known(self, markers: Iterable[str]) -> frozenset[str]:
        """Which of these are of cards that are known to have been sent."""
        found = select(sent_card.c.marker).where(sent_card.c.marker.in_(list(markers)))
        return frozenset(self._connection.execute(found).scalars())

    def place_of(self, marker: str) -> tuple[str, str] | None:
        """(message, room) where a card went; None where that is not known."""
        row = self._connection.execute(
            select(sent_card.c.message_id, sent_card.c.room_id).where(sent_card.c.marker == marker)
        ).first()
        return (row[0], row[1]) if row and row[0] else None

    def cards_about(self, about: str) -> tuple[tuple[str, str, str], ...]:
        """(marker, message, room) of cards sent about something and not replaced since."""
        found = select(sent_card.c.marker, sent_card.c.message_id, sent_card.c.room_id).where(
            sent_card.c.about == about, sent_card.c.replaced_at.is_(None)
        )
        return tuple((row[0], row[1], row[2]) for row in self._connection.execute(found))

    def sent_about(self, about: str) -> tuple[SentCard, ...]:
        """Cards that were sent about something and not replaced since."""
        return self._sent(sent_card.c.about == about, sent_card.c.replaced_at.is_(None))

    def sent_to(self, person: PersonKey, *, limit: int = 1000) -> tuple[SentCard, ...]:
        """What somebody was sent 1:1 on our own account, the latest first, replaced or not."""
        return self._sent(sent_card.c.person_id == person, limit=limit)

    def _sent(self, *which: Any, limit: int | None = None) -> tuple[SentCard, ...]:
        found = select(sent_card).where(*which).order_by(sent_card.c.at.desc(), sent_card.c.marker)
        return tuple(
            SentCard(
                marker=row.marker, message=row.message_id or "", room=row.room_id or "",
                about=row.about, person=row.person_id, title=row.title, at=row.at,
            )
            for row in self._connection.execute(found.limit(limit))
        )  # fmt: skip

    def replaced(self, marker: str) -> None:
        self._connection.execute(
            update(sent_card).where(sent_card.c.marker == marker).values(replaced_at=self._now)
        )

    def _row(self, press: Press, token: str, card: str, to: PersonKey | None) -> dict[str, object]:
        return {
            "token_hash": _hash(token), "command": press.command,
            "args": json.dumps(dict(press.args), sort_keys=True),
            "inputs": json.dumps(list(press.inputs)), "title": press.title, "card": card,
            "only_for": press.only_for, "space_id": press.space, "case_id": press.case,
            "cycle": press.cycle, "version_id": press.policy_version,
            "once_per_card": press.once_per_card, "made_at": self._now,
            "expires_at": self._now + press.life, "offered_to": to,
        }  # fmt: skip


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _nonce(row: Any) -> Nonce:
    return Nonce(
        command=row.command, args=json.loads(row.args), inputs=frozenset(json.loads(row.inputs)),
        title=row.title, card=row.card, only_for=row.only_for, space=row.space_id,
        case=row.case_id, cycle=row.cycle, policy_version=row.version_id,
        once_per_card=row.once_per_card, made_at=row.made_at, expires_at=row.expires_at,
        used_at=row.used_at, used_by=row.used_by, said=row.said,
    )  # fmt: skip
