"""The ways of changing Webex, one file for each thing that is changed, and their kernel."""

from spaces.effects import cards, deleting, erasing, memberships, messages, purging, rooms, teams
from spaces.effects.caps import CapReached
from spaces.effects.cards import marker_of, send_card
from spaces.effects.kernel import Busy, Settled, perform, refusal_of, settle, settle_open
from spaces.effects.spec import Check

__all__ = [
    "Busy", "CapReached", "Check", "Settled", "cards", "deleting", "erasing", "marker_of",
    "memberships", "messages", "perform", "purging", "refusal_of", "rooms", "send_card", "settle",
    "settle_open", "teams",
]  # fmt: skip
