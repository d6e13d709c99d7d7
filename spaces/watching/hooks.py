"""Our webhooks at Webex: there, at our address, with our secret, and turned on.

What there should be stands in the operator's settings; this reads what there is and puts it
right, as often as one likes, and ends in the same. That is why it has no intents: nobody's
space is changed, and doing it twice does nothing. Webex turns a webhook off after a hundred
failures in five minutes and never on again (webex-facts 1.7).

The bot's own tells of all that the bot can see. An officer's, for the organisation, tells of
spaces only, since Webex has no other; messages and members come by /events.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from spaces.spec import House
from spaces.sync.pages import follow
from webex.errors import Conflict, Denied, Invalid, WebexFault
from webex.gateway import Gateway, Lane
from webex.values import Webhook

log = logging.getLogger(__name__)

NAME = "Spacekeeper"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    resource: str
    event: str
    is_org: bool

    def is_met_by(self, one: Webhook) -> bool:
        return (one.resource, one.event, one.is_org) == (self.resource, self.event, self.is_org)


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """What was found and done. `refused` says why something can't be had."""

    made: int = 0
    renewed: int = 0
    removed: int = 0
    refused: tuple[str, ...] = ()


def repair_webhooks(house: House, *, address: str, secret: str, anyway: bool = False) -> Repaired:
    """Puts our webhooks right.

    Args:
        anyway: also renews those that look right, since Webex may not show their secret.

    Raises:
        WebexFault: it could not be found out, or done; to be tried again.
    """
    lane = Lane.BACKGROUND
    found = _repair(
        house.webex.bot(lane), (_Wanted(resource="all", event="all", is_org=False),),
        address, secret, anyway=anyway,
    )  # fmt: skip
    if not house.webex.has_compliance:
        return found
    try:
        other = _repair(
            house.webex.compliance(lane), (_Wanted(resource="rooms", event="all", is_org=True),),
            address, secret, anyway=anyway,
        )  # fmt: skip
    except (Denied, Invalid, Conflict) as no:
        log.warning("there is no webhook of all spaces: %s", no)
        other = Repaired(refused=(no.said,))
    return Repaired(
        made=found.made + other.made, renewed=found.renewed + other.renewed,
        removed=found.removed + other.removed, refused=other.refused,
    )  # fmt: skip


def _repair(
    gateway: Gateway, wanted: tuple[_Wanted, ...], address: str, secret: str, *, anyway: bool
) -> Repaired:
    there = follow(lambda page: gateway.webhooks(address=page))
    if not there.complete:
        raise WebexFault("the webhooks could not be read whole")
    mine = [one for one in there.items if one.name == NAME]
    made = renewed = removed = 0
    kept: set[str] = set()
    for wish in wanted:
        fit = [one for one in mine if wish.is_met_by(one)]
        if not fit:
            gateway.create_webhook(
                name=NAME, target=address, resource=wish.resource, event=wish.event,
                secret=secret, is_org=wish.is_org,
            )  # fmt: skip
            made += 1
            continue
        best = fit[0]
        kept.add(best.id)
        if anyway or not best.is_active or best.target != address:
            gateway.renew_webhook(best.id, name=NAME, target=address, secret=secret)
            renewed += 1
    for one in mine:  # from an earlier version, or made twice
        if one.id not in kept:
            gateway.delete_webhook(one.id)
            removed += 1
    return Repaired(made=made, renewed=renewed, removed=removed)


def are_right(house: House, *, address: str) -> bool:
    """Whether all of the bot's are there, ours and on. Raises WebexFault."""
    gateway = house.webex.bot(Lane.BACKGROUND)
    there = follow(lambda page: gateway.webhooks(address=page))
    return any(
        one.name == NAME and one.target == address and one.is_active for one in there.items
    )  # fmt: skip
