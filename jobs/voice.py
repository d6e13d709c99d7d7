"""What the engine says to people, drawn: its `Voice` made of cards."""

from __future__ import annotations

from cards.alert import alert_card
from cards.blocked import blocked_card
from cards.certificate import certificate_card
from cards.digest import MOST
from cards.gone import gone_card
from cards.note import note_card
from cards.outsiders import outsiders_card
from cards.purged import purged_card
from cards.run import run_card
from cards.warning import warning_card
from jobs.spec import Firing
from retention.leading import holder
from retention.spec import Night, Voice

VOICE = Voice(
    warning=lambda warned, owner, reader: warning_card(warned, owner=owner, reader=reader),
    blocked=lambda one, reader: blocked_card(one, reader=reader),
    gone=lambda ended, reader: gone_card(ended, reader=reader),
    outsiders=lambda told, reader: outsiders_card(told, reader=reader),
    purged=lambda told, reader: purged_card(told, reader=reader),
    certificate=lambda view, zone: certificate_card(view, zone=zone),
    run=lambda view, zone: run_card(view, zone=zone),
    alert=alert_card, note=note_card, most_warned=MOST,
)  # fmt: skip


def night_of(firing: Firing) -> Night:
    """The night that a firing is."""
    return Night(
        house=firing.house, run=firing.run, voice=VOICE, holder=holder(), is_dry=firing.is_dry,
        stop=firing.stop,
    )  # fmt: skip
