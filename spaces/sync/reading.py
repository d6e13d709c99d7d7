"""Reading many rooms at once, and writing what was read in few transactions."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace

from domain.ids import RoomId
from domain.seen import Look
from spaces.spec import House
from spaces.sync.decoding import look
from spaces.sync.pages import follow
from webex.errors import Missing, NotAuthorised, WebexFault
from webex.gateway import Gateway

AT_ONCE = 8
BATCH = 100
"""Spaces in one transaction."""


def read_room(house: House, gateway: Gateway, id: RoomId) -> Look:
    """A room and its members. Raises what the gateway raises.

    A room that nobody knows may be one that moved to another geography and got another id
    there (webex-facts 2): then another one has its birthday, and can't be found any more.
    """
    at = house.clock.now()
    room = gateway.room(id)
    members = follow(lambda address: gateway.memberships(room=id, address=address))
    seen = look(room, members, at)
    with house.store.read() as tx:
        twin = None if tx.spaces.key_of(id) is not None else tx.spaces.twin_of(seen.space)
    if twin is not None:
        try:
            gateway.room(twin)
        except Missing:
            return replace(seen, former=twin)
    return seen


def read_rooms(
    house: House, gateway: Gateway, rooms: Iterable[RoomId]
) -> list[tuple[RoomId, WebexFault]]:
    """Reads rooms into the inventory; gives those that could not be read.

    Raises:
        NotAuthorised: the token is dead.
    """
    missed: list[tuple[RoomId, WebexFault]] = []
    looks: list[Look] = []
    wanted = list(rooms)
    if not wanted:
        return missed
    with ThreadPoolExecutor(min(AT_ONCE, len(wanted)), thread_name_prefix="reading") as pool:
        asked: dict[Future[Look], RoomId] = {
            pool.submit(read_room, house, gateway, id): id for id in wanted
        }
        try:
            for done in as_completed(asked):
                try:
                    looks.append(done.result())
                except NotAuthorised:
                    raise
                except WebexFault as fault:
                    missed.append((asked[done], fault))
                if len(looks) >= BATCH:
                    _write(house, looks)
                    looks = []
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    _write(house, looks)
    return missed


def _write(house: House, looks: list[Look]) -> None:
    if looks:
        with house.store.begin() as tx:
            tx.spaces.take_in(looks)
            tx.commit()
