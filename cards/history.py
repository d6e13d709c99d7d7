"""A policy's versions, the newest first: by whom, since when, and what each changed."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Card, Child, card, plain, press
from cards.words import count, moment, quoted
from domain.policies import draft_of
from domain.views import VersionView

MOST = 8


def history_card(versions: Sequence[VersionView], *, zone: str = "UTC") -> Card:
    """Args: versions: at least one, the newest first."""
    newest = versions[0].version
    said = quoted(newest.name)
    shown = versions[:MOST]
    before = [one for one in shown[1:] if draft_of(one.version) != draft_of(newest)]
    return card(
        f"{newest.name}: {count(len(versions), 'version')}",
        *(part for one in shown for part in _version(one, zone)),
        *([plain(f"And {len(versions) - MOST:,} older.")] if len(versions) > MOST else []),
        actions=[
            *(
                press(
                    f"Back to {one.version.number} …", "policy rollback",
                    typed=f"policy rollback {said} to {one.version.number}",
                    policy=newest.name, number=str(one.version.number),
                )
                for one in before[:3]
            ),
            press("Show policy", "policy show", typed=f"policy show {said}", policy=newest.name),
        ],
    )  # fmt: skip


def _version(one: VersionView, zone: str) -> list[Child]:
    version = one.version
    agreed = f"agreed to by {version.approved_by}" if version.approved_by else "not agreed to"
    author = version.author or "somebody not known"
    held = " – it holds now" if one.holds else ""
    changed = "; ".join(
        f"{part}: {was} → {now}" if was else f"{part}: {now}" for part, was, now in one.changes
    )
    return [
        plain(f"Version {version.number}{held}", bold=True),
        plain(f"{moment(version.made_at, zone)} by {author}, {agreed}", subtle=True),
        plain(changed or "as the one before", longest=600),
    ]
