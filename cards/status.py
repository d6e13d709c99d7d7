"""How the whole stands: what is known, what runs, what waits for a person."""

from __future__ import annotations

from cards.kit import Card, card, facts, plain, press
from cards.run import counted
from cards.words import moment
from domain.views import StatusView


def status_card(view: StatusView, *, zone: str = "UTC") -> Card:
    """Numbers that the caller may not know are None, and are left out."""
    last = view.last_run
    return card(
        "Paused: nothing is blocked or deleted" if view.is_paused else "All is running",
        *([plain(f"Why: {view.paused_why}", warns=True)] if view.paused_why else []),
        facts(
            ("Mode", view.mode),
            _number("Spaces known", view.spaces),
            ("Last complete look", moment(view.inventory_at, zone)),
            None
            if view.inventory_is_complete is None
            else ("The list of spaces is", "complete" if view.inventory_is_complete else
                  "not complete, so nothing is blocked or deleted"),
            _number("Policies active", view.policies_active),
            _number("Policies in simulation", view.policies_simulated),
            _number("Spaces whose owners were warned", view.warned),
            _number("Spaces blocked", view.blocked),
            _number("Waiting for compliance", view.needs_attention),
            _number("Steps not yet settled", view.open_intents),
            ("Last run", f"{moment(last.started_at, zone)}: {counted(last)}") if last else None,
            ("Next run", moment(view.next_run_at, zone)) if view.next_run_at else None,
        ),
        actions=[press("Help", "help")],
    )  # fmt: skip


def _number(label: str, number: int | None) -> tuple[str, str] | None:
    return None if number is None else (label, f"{number:,}")
