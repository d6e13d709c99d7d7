"""An older database than the world: the bot did things that it does not remember (I17).

Whoever restores a database takes back holds, keeps and answers that came after it, and nobody
notices. But Webex remembers: each card that we send carries its marker and is written down, so
a card of ours, in a conversation with compliance, of whose marker nothing is known, was sent by
a later database than this one. Then everything that destroys stands still until two people
have looked; what they looked at once does not stop them again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from domain.ids import RoomId
from domain.people import SYSTEM
from retention import brake
from retention.spec import Night
from spaces.officers import known_officers
from webex.errors import Missing, NotAuthorised, Throttled, WebexFault
from webex.gateway import Lane
from webex.values import Message

LOOKED_AT = "retention-restored-looked-at"
LATEST = 50
"""Messages of each conversation that are read back: the days since a backup, and more."""
WRITTEN_BY = timedelta(minutes=1)
"""An answer is written down a moment after it was sent."""
_MARKER = re.compile(r'"sk-([0-9a-f]{20})"')


def remembers_less(night: Night) -> str:
    """Why this database seems to be an older one; empty when it does not. Pulls the brake.

    Raises:
        NotAuthorised, Throttled: nothing could be read; the night ends.
    """
    try:
        at = _forgotten(night)
    except (NotAuthorised, Throttled):
        raise
    except WebexFault as no:
        return f"what was said to compliance can't be read: {no}"
    if at is None:
        return ""
    why = f"this database knows nothing of a card that was sent on {at:%Y-%m-%d %H:%M} UTC"
    with night.house.store.begin() as tx:
        tx.settings.put(LOOKED_AT, at.isoformat(), by=SYSTEM.name)
        brake.pull(tx, f"{why}, so it seems to be an older one, restored")
        tx.commit()
    return why


def _forgotten(night: Night) -> datetime | None:
    """When the latest card was sent that is not remembered here."""
    me = night.house.webex.bot(Lane.BACKGROUND).me().id
    with night.house.store.read() as tx:
        looked = tx.settings.get(LOOKED_AT)
    after = datetime.fromisoformat(str(looked)) if looked else None
    settled = night.house.clock.now() - WRITTEN_BY
    sent: dict[str, datetime] = {}
    for message in _said(night):
        is_new = after is None or message.created > after
        if message.person_id == me and is_new and message.created < settled:
            for one in message.attachments:
                drawn = json.dumps(dict(one), default=dict)
                if "Action.Submit" in drawn:  # an answer without buttons is not written down
                    sent |= dict.fromkeys(_MARKER.findall(drawn), message.created)
    with night.house.store.read() as tx:
        unknown = set(sent) - tx.presses.known(sent)
        unknown -= tx.intents.markers(unknown)
    return max((sent[one] for one in unknown), default=None)


def _said(night: Night) -> Iterator[Message]:
    house = night.house
    if house.alert_room and house.webex.has_compliance:  # a bot can't read what it said there
        officer = house.webex.compliance(Lane.BACKGROUND)
        yield from officer.messages(RoomId(house.alert_room), max=LATEST).items
    bot = house.webex.bot(Lane.BACKGROUND)
    with house.store.read() as tx:
        people = known_officers(house, tx)
    for person in people:
        try:
            yield from bot.direct_messages(person.id, max=LATEST).items
        except Missing:  # nothing was ever said to them
            continue
