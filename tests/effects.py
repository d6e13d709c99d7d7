"""Plans and places for the tests of what destroys: small, and with everything in order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from directory.spec import NoDirectory
from domain.audit import Word
from domain.ids import StepKey
from domain.intents import Plan
from domain.people import SYSTEM
from sandbox.handle import Control
from spaces.spec import House, Limits
from storage.schema import crawl
from storage.store import Store
from webex.gateway import Webex

BOT = "spacekeeper@webex.bot"
OFFICER, WITNESS = "compliance-service@example.com", "compliance-witness@example.com"
ENOUGH = Limits(cap_per_run=50, cap_per_day=50, cap_share=1.0)


def house_on(store: Store, webex: Webex, limits: Limits = ENOUGH, *, counted: bool = True) -> House:
    """A house that may destroy, on a complete inventory of a hundred spaces."""
    made = House(
        store=store, webex=webex, clock=store._clock, limits=limits, directory=NoDirectory()
    )
    if counted:
        inventory(store)
    return made


def inventory(store: Store, spaces: int | None = 100, *, complete: bool = True) -> None:
    """A crawl that ended now and counted so many spaces."""
    with store.begin() as tx:
        made = tx.crawls.start("company")
        tx.crawls.finish(made.generation, complete=complete)
        tx.connection.execute(
            update(crawl).where(crawl.c.id == made.generation).values(spaces=spaces)
        )
        tx.commit()


def moderated(control: Control, title: str = "Old plans", **more: Any) -> str:
    """A space that our bot moderates, with Ana in it."""
    made = control.space(title, creator="ana@example.com", members=[BOT], moderators=[BOT], **more)
    return str(made["id"])


def deletion(house: House, room: str, *, step: str = "del", old: float = 0, **more: Any) -> Plan:
    """The plan to delete `room`, on evidence that is `old` seconds old."""
    return Plan(
        kind="delete room", step=StepKey(step), word=Word.SPACE_DELETE, actor=SYSTEM,
        payload={"room": room}, is_destructive=True,
        evidence_at=house.clock.now() - timedelta(seconds=old), **more,
    )  # fmt: skip


def plan(kind: str, word: Word, step: str = "a", **payload: object) -> Plan:
    return Plan(kind=kind, step=StepKey(step), word=word, actor=SYSTEM, payload=payload)


def creation(step: str = "a", title: str = "Plans") -> Plan:
    return plan("create room", Word.SPACE_CREATE, step, title=title)


def destroyed(control: Control) -> list[str]:
    """The rooms that are no more, by the server's log."""
    return [str(entry["target"]) for entry in control.effects("room.deleted")]


def asked_to_delete(control: Control) -> int:
    """How many requests to delete a room reached the server and were answered."""
    return sum(
        entry["method"] == "DELETE" and entry["path"].startswith("/rooms/")
        for entry in control.log(what="request")
    )
