"""How the whole stands: what is known, what runs, what waits for a person."""

from __future__ import annotations

from cards.kit import Card, card, facts, plain, press
from cards.run import counted
from cards.words import moment
from domain.views import StatusView

_MOST_LINES = 10


def status_card(view: StatusView, *, zone: str = "UTC") -> Card:
    """Numbers that the caller may not know are None, and are left out."""
    last = view.last_run
    return card(
        _title(view),
        *([plain(f"Why: {view.paused_why}", warns=True)] if view.paused_why else []),
        *(plain(line, warns=True) for line in view.hindered_by[:_MOST_LINES]),
        facts(
            ("Mode", view.mode),
            _number("Spaces known" if view.is_whole else "Your spaces", view.spaces),
            ("Last complete look", moment(view.inventory_at, zone)) if view.is_whole else None,
            None
            if view.inventory_is_complete is None
            else ("The list of spaces is", "complete" if view.inventory_is_complete else
                  "not complete or too old, so nothing is blocked or deleted"),
            ("Latest look", view.inventory_said) if view.inventory_said else None,
            _number("Policies active", view.policies_active),
            _number("Policies paused", view.policies_paused),
            _number("Policies in simulation", view.policies_simulated),
            _number("Spaces whose first warning is to go out", view.due),
            _number("Spaces whose owners were warned", view.warned),
            _number("Spaces blocked", view.blocked),
            _number("Spaces being ended now", view.enforcing),
            _number("Spaces whose end waits for a hold", view.held),
            _number("Waiting for compliance", view.needs_attention),
            _number("Steps not yet settled", view.open_intents),
            ("Last run", f"{moment(last.started_at, zone)}: {last.stopped or counted(last)}")
            if last
            else None,
            ("Next run", moment(view.next_run_at, zone)) if view.next_run_at else None,
        ),
        *([plain(view.control_hub)] if view.control_hub else []),
        actions=[press("Help", "help")],
    )  # fmt: skip


def _title(view: StatusView) -> str:
    if view.is_paused:
        return "Paused: nothing is blocked or deleted"
    return "Running, but nothing is blocked or deleted" if view.hindered_by else "All is running"


def _number(label: str, number: int | None) -> tuple[str, str] | None:
    return None if number is None else (label, f"{number:,}")
