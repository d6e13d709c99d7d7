from __future__ import annotations

from datetime import timedelta

from cards.alert import alert_card
from cards.blocked import blocked_card
from cards.certificate import certificate_card
from cards.gone import gone_card
from cards.run import run_card
from cards.warning import MOST, warning_card
from jobs.spec import Firing, Summary, job
from retention.leading import holder
from retention.nightly import run_night
from retention.spec import Night, Voice

VOICE = Voice(
    warning=lambda warned, owner, zone: warning_card(warned, owner=owner, zone=zone),
    blocked=lambda one, zone: blocked_card(one, zone=zone),
    gone=lambda ended, zone: gone_card(ended, zone=zone),
    certificate=lambda view, zone: certificate_card(view, zone=zone),
    run=lambda view, zone: run_card(view, zone=zone),
    alert=alert_card, most_warned=MOST,
)  # fmt: skip


def night_of(firing: Firing) -> Night:
    return Night(
        house=firing.house, run=firing.run, voice=VOICE, holder=holder(), is_dry=firing.is_dry
    )


@job(
    "nightly", doc="Decides over all spaces, warns owners, blocks and deletes what is due.",
    cron="0 2 * * *", grace=timedelta(hours=4),
)  # fmt: skip
def nightly(firing: Firing) -> Summary:
    return run_night(night_of(firing))
