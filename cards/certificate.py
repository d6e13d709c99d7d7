"""The certificate of a deletion as people read it; the signed record is the engine's."""

from __future__ import annotations

from cards.gone import came_of
from cards.kit import Card, card, facts, plain
from cards.speech import Speech
from cards.words import moment
from domain.views import CertificateView

MOST_LINES = 30


def certificate_card(view: CertificateView, *, zone: str = "UTC") -> Card:
    rest = len(view.evidence) - MOST_LINES
    version = f", version {view.policy_version}" if view.policy_version else ""
    return card(
        f"Certificate {view.number}",
        plain(f"{view.did or _came_of(view)}."),
        facts(
            ("Space id", str(view.space.id)),
            ("Policy", f"{view.policy}{version}"),
            ("Approved by", view.approved_by),
            ("Begun" if view.did else "Deleted", moment(view.deleted_at, zone)),
            ("Seen done" if view.did else "Seen gone", moment(view.confirmed_at, zone)),
            ("Seen by", view.confirmed_by),
            ("Made", moment(view.made_at, zone)),
            ("SHA-256", view.sha256),
        ),
        plain("Evidence", bold=True),
        *(plain(line, longest=300) for line in view.evidence[:MOST_LINES]),
        *([plain(f"And {rest:,} more in the record.")] if rest > 0 else []),
    )


def _came_of(view: CertificateView) -> str:
    return came_of(view.space, view.outcome, Speech(), is_emptied=view.is_emptied)
