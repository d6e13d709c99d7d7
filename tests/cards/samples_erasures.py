"""Samples of the cards of erasing people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cards.erasure import erasure_card, erasure_wanted_card, erasures_card
from cards.kit import Card
from domain.erasures import Erasure, ErasureState, ErasureView, Obstacle, Part, PartState
from domain.ids import ErasureKey, PersonKey
from domain.spaces import Space

NOW = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
ZONE = "Europe/Berlin"


def erasure(text: str, state: ErasureState = ErasureState.SHOWN) -> Erasure:
    return Erasure(
        key=ErasureKey(1), number="ER-2026-000001", state=state, person=PersonKey(9),
        pseudonym="P-0123456789abcdef", salt="ab", by=PersonKey(7), received=NOW,
        due=NOW + timedelta(days=30), made_at=NOW, reason=text, looked_at=NOW,
    )  # fmt: skip


def view(text: str, space: Space, state: ErasureState = ErasureState.SHOWN) -> ErasureView:
    parts = [
        Part(space=space.key, state=one, counted=1200, is_member=True, deleted=1200, why=why,
             obstacle=Obstacle.NONE)
        for one, why in (
            (PartState.ATTENTION, text), (PartState.WAITS, text), (PartState.LEFT, text),
            (PartState.TO_DO, ""), (PartState.DONE, ""),
        )
    ]  # fmt: skip
    return ErasureView(
        erasure=erasure(text, state), name=text, email="ben@example.com", by=text,
        totals=dict.fromkeys(PartState, 12), messages=12_345, files=67, conversations=8,
        memberships=30, sample=[(space, part) for part in parts], days_left=30, a_day=1000,
    )  # fmt: skip


def erasure_samples(text: str, space: Space) -> dict[str, Card]:
    shown, agreed = view(text, space), view(text, space, ErasureState.AGREED)
    done = view(text, space, ErasureState.DONE)
    over = replace(done.erasure, certificate="SK-2026-000007", person=None, why="all of it")
    second = replace(
        agreed.erasure, agreed_at=NOW, begins_at=NOW + timedelta(hours=24),
        extended=text, extended_at=NOW,
    )  # fmt: skip
    return {
        "erasure": erasure_card(replace(shown, code="482173"), zone=ZONE),
        "erasure-agree": erasure_card(
            replace(shown, code="482173", again=f"“{text}” has changed.", not_looked_at=3),
            zone=ZONE, can_agree=True,
        ),
        "erasure-own": erasure_card(
            replace(
                shown, why_not="Somebody else has to agree.", a_day=0, days_left=-1, sample=(),
                totals={}, erasure=replace(shown.erasure, unknown=text, both_sides=True),
            ),
            zone=ZONE,
        ),
        "erasure-agreed": erasure_card(replace(agreed, erasure=second, second=text), zone=ZONE),
        "erasure-done": erasure_card(
            replace(done, erasure=over, name=over.pseudonym, email="", gone=12_345), zone=ZONE
        ),
        "erasure-wanted": erasure_wanted_card(shown.erasure, by=text, messages=1200, zone=ZONE),
        "erasures": erasures_card(
            [(replace(erasure(text, state), number=f"ER-2026-{n:06d}"), text)
             for n, state in enumerate(ErasureState, 11)],
            total=25, page=2, zone=ZONE,
        ),
        "erasures-none": erasures_card([], total=0),
    }  # fmt: skip
