"""Two processes that meet the same new space at the same moment."""

from __future__ import annotations

import threading

from domain.ids import RoomId
from domain.seen import SpaceSeen
from domain.spaces import SpaceType
from storage.store import Store
from tests.tenants import room_id


def test_a_new_space_that_two_meet_at_once_is_one_space(store: Store) -> None:
    ids = [RoomId(room_id(number)) for number in range(1, 41)]
    wrong: list[BaseException] = []
    together = threading.Barrier(4)

    def write(which: list[RoomId]) -> None:
        try:
            for id in which:
                together.wait(20)
                with store.begin() as tx:
                    tx.spaces.write([SpaceSeen(id=id, title="Plans", type=SpaceType.GROUP)])
                    tx.commit()
        except BaseException as no:
            wrong.append(no)
            together.abort()

    writers = [threading.Thread(target=write, args=(ids,)) for _ in range(4)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    assert wrong == []
    with store.read() as tx:
        assert tx.spaces.count_live() == len(ids)
        assert {tx.spaces.key_of(id) is not None for id in ids} == {True}
