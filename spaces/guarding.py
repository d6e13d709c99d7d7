"""Spaces of ours that nothing may be done to: the one that alerts go to.

It is marked in the inventory, where the decision's guard sees it, whoever asks: a policy, a
moderator, compliance.
"""

from __future__ import annotations

from domain.ids import RoomId, WrongId
from spaces.spec import House


def guard_own_spaces(house: House) -> None:
    """Marks them, once they are known. Called before anything is decided about spaces."""
    if not house.alert_room:
        return
    try:
        room = RoomId(house.alert_room)
    except WrongId:
        return
    with house.store.read() as tx:
        key = tx.spaces.key_of(room)
        done = key is None or tx.spaces.is_untouchable(key)
    if key is None or done:
        return
    with house.store.begin() as tx:
        tx.spaces.set_untouchable(key)
        tx.commit()
