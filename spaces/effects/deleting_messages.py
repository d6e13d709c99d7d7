"""Deleting one message among many, as purges and erasures do it: asked for again while Webex has
no time or no answer, and counted by what Webex says of it."""

from __future__ import annotations

from domain.ids import MessageId
from spaces.spec import House
from webex.errors import Deleted, Denied, Missing, Throttled, Unclear
from webex.gateway import Gateway

WAITS = (1.0, 5.0, 20.0, 60.0)
"""Seconds before a message is asked for again that Webex had no time or no answer for. To ask
again is harmless: what was deleted answers 410 (webex-facts 1.5)."""


def delete_message(house: House, officer: Gateway, message: MessageId, *, was_asked: bool) -> str:
    """What came of it: ``deleted``, ``already`` (by somebody else), or ``refused``.

    Args:
        was_asked: a process that died, or an attempt without an answer, asked for it before; so
            that it is gone already is our own doing.

    Raises:
        Throttled, Unclear: still, after all waits.
    """
    for wait in (*WAITS, None):
        try:
            officer.delete_message(message)
        except Deleted:
            return "deleted" if was_asked else "already"
        except (Denied, Missing):
            return "refused"
        except (Throttled, Unclear) as no:
            was_asked |= isinstance(no, Unclear)
            if wait is None:
                raise
            house.sleep(wait)
        else:
            return "deleted"
    raise AssertionError("unreachable")
