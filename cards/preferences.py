"""How somebody reads: their time zone and their language, and how each is changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cards.kit import Button, Card, card, facts, plain, press
from cards.speech import Speech, catalogues
from domain.people import ANYBODY, Reader


def time_zone_card(
    reader: Reader = ANYBODY, *, now: datetime, is_own: bool, before: str | None = None
) -> Card:
    """Args: is_own: they said it, not Webex. before: what they had said, where that was changed
    now; empty: nothing."""
    say = Speech(reader)
    return card(
        say("time_zone.title", zone=reader.zone),
        facts(
            (say("time_zone.now"), say.moment(now)),
            (say("time_zone.from"), say("time_zone.own" if is_own else "time_zone.webex")),
        ),
        plain(say("time_zone.means")),
        actions=[
            *_undo(say, "timezone", "zone", before, "webex"),
            *([press(say("time_zone.as_webex"), "timezone", zone="webex")]
              if is_own and before != "" else []),
            press(say("time_zone.other"), "timezone", typed="timezone Europe/Berlin", ask="yes"),
        ],
        spoken=say.spoken,
    )  # fmt: skip


def language_card(reader: Reader = ANYBODY, *, is_own: bool, before: str | None = None) -> Card:
    """Args: as of `time_zone_card`."""
    say = Speech(reader)
    mine = say.catalogue.code
    others: Sequence[str] = [code for code in catalogues() if code != mine]
    return card(
        say("tongue.title", language=say.catalogue.name),
        plain(say("tongue.own" if is_own else "tongue.usual")),
        plain(say("tongue.means")),
        actions=[
            *_undo(say, "language", "language", before, "usual"),
            *(
                press(catalogues()[code].name, "language", language=code)
                for code in others[:3]
                if code != before
            ),
        ],
        spoken=say.spoken,
    )


def _undo(say: Speech, command: str, name: str, before: str | None, none: str) -> list[Button]:
    if before is None:
        return []
    return [press(say("undo"), command, given={name: before or none})]
