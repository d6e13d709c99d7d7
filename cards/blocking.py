"""Blocking a space by hand: what it would change, that it was done, and that it was put back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from cards.kit import Card, Child, card, facts, plain, press
from cards.speech import Speech
from cards.words import named, typed_name
from domain.people import ANYBODY, Reader
from domain.spaces import Space, SpaceType


def block_preview_card(
    space: Space, *, size: int, moderators: int, bot_joins: bool, reader: Reader = ANYBODY
) -> Card:
    """Args: moderators: how many stop being moderators while it lasts."""
    say, name = Speech(reader), typed_name(space)
    return card(
        say("blocking.title", space=named(space, 60)),
        plain(say("blocking.nothing_yet")),
        facts((say("ending.members"), say("ending.people", count=size))),
        *_changes(space, moderators, bot_joins, say),
        plain(say("blocking.can_undo")),
        actions=[
            press(say("blocking.do"), "block", typed=f"block {name} now", style="destructive",
                  once=True, space=str(space.id), now="yes"),
        ],
        spoken=say.spoken,
    )  # fmt: skip


def _changes(space: Space, moderators: int, bot_joins: bool, say: Speech) -> Iterator[Child]:
    if space.type is SpaceType.DIRECT:
        yield plain(say("blocking.direct"))
        return
    yield plain(say("blocking.i_join" if bot_joins else "blocking.locked"))
    if moderators:
        yield plain(say("blocking.moderators", count=moderators))


def blocked_now_card(space: Space, *, has_others: bool, reader: Reader = ANYBODY) -> Card:
    """To whoever did it. Args: has_others: other owners, who are told."""
    say = Speech(reader)
    return card(
        say("blocking.done"),
        facts((say("ending.space"), space.shown_title)),
        plain(say("blocking.readable")),
        *([plain(say("blocking.i_tell"))] if has_others else []),
        actions=[
            press(say("blocking.undo"), "unblock", typed=f"unblock {typed_name(space)}",
                  space=str(space.id))
        ],
        spoken=say.spoken,
    )  # fmt: skip


def unblocked_now_card(space: Space, *, has_others: bool, reader: Reader = ANYBODY) -> Card:
    """To whoever did it."""
    say = Speech(reader)
    return card(
        say("blocking.undone"),
        facts((say("ending.space"), space.shown_title)),
        plain(say("blocking.writable")),
        *([plain(say("blocking.i_tell"))] if has_others else []),
        actions=[
            press(say("blocking.again"), "block", typed=f"block {typed_name(space)} now",
                  space=str(space.id), now="yes")
        ],
        spoken=say.spoken,
    )  # fmt: skip


def blocked_by_hand_card(
    space: Space, *, by: str, by_compliance: bool, at: datetime, reader: Reader = ANYBODY
) -> Card:
    """To the space's other owners."""
    say, name = Speech(reader), typed_name(space)
    return card(
        say("blocking.was_blocked", space=named(space, 60)),
        plain(say("blocking.nothing_deleted")),
        facts((say("answered.by"), by), (say("gone.when"), say.moment(at))),
        plain(say("blocking.only_compliance" if by_compliance else "blocking.yours_to_undo")),
        actions=[] if by_compliance else [
            press(say("blocking.undo"), "unblock", typed=f"unblock {name}", space=str(space.id))
        ],
        spoken=say.spoken,
    )  # fmt: skip


def unblocked_card(space: Space, *, by: str, at: datetime, reader: Reader = ANYBODY) -> Card:
    """To the space's other owners."""
    say = Speech(reader)
    return card(
        say("blocking.was_unblocked", space=named(space, 60)),
        plain(say("blocking.as_before")),
        facts((say("answered.by"), by), (say("gone.when"), say.moment(at))),
        spoken=say.spoken,
    )
