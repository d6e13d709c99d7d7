"""Processes of the house that are killed, or that race: real children with real parts.

They are forked from a server that has everything imported, so that one costs a moment. What
they did is read from the sandbox's own log, never asked of them.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any

from cards.kit import card, plain
from cards.parts import press
from directory.spec import NoDirectory
from domain.audit import Word
from domain.clock import SystemClock
from domain.errors import Fault
from domain.ids import RoomId, StepKey
from domain.intents import Plan
from domain.people import SYSTEM
from spaces.effects import perform, send_card, settle_open
from spaces.spec import House, Limits
from storage.engine import open_engine
from storage.store import Store
from tests.effects import ENOUGH, deletion
from webex.sdk import SdkWebex
from webex.tokens import FixedToken

CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.dying"])


@contextmanager
def child(work: Callable[..., None], *args: object) -> Iterator[BaseProcess]:
    """A process that does `work`; it does not outlive the block."""
    process = CONTEXT.Process(target=work, args=args, daemon=True)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join(30)


# -- what the children do ---------------------------------------------------------------------


def carry_out(ready: Mapping[str, Any], url: str, plan: Plan, dies_planned: bool) -> None:
    """Performs `plan`; where it `dies_planned`, the process kills itself at the first request
    to Webex after the intent is committed, which then never leaves."""
    house = _house(ready, url)
    if dies_planned:
        house = _house(ready, url, lambda: _die_when_planned(house.store, plan.step))
    if plan.kind == "send card":
        drawn = card("Plans", plain("This space will go."), actions=[press("Keep", "keep")])
        room = RoomId(str(plan.payload["room"]))
        send_card(house, drawn, step=plan.step, word=plan.word, actor=SYSTEM, room=room)
    else:
        perform(house, plan)


def delete_all(
    ready: Mapping[str, Any], url: str, rooms: Sequence[str], limits: Limits, run: str | None
) -> None:
    """Deletes as many as it may, and goes on after each no."""
    house = _house(ready, url, limits=limits)
    for room in rooms:
        try:
            perform(house, deletion(house, room, step=f"{os.getpid()}/{room}", run=run))
        except Fault:
            continue


def settle(ready: Mapping[str, Any], url: str) -> None:
    """Settles what was left open, as at a start."""
    settle_open(_house(ready, url))


def send_one(ready: Mapping[str, Any], url: str, room: str, step: str) -> None:
    """Sends a card under a step that others use as well."""
    try:
        send_card(
            _house(ready, url), card("Plans", plain("This space will go.")),
            step=StepKey(step), word=Word.NOTICE_SEND, actor=SYSTEM, room=RoomId(room),
        )  # fmt: skip
    except Fault:
        return


def _house(
    ready: Mapping[str, Any], url: str, before: Callable[[], None] = lambda: None,
    limits: Limits = ENOUGH,
) -> House:  # fmt: skip
    clock = SystemClock()
    bot, officer, witness = (_Watched(ready["tokens"][n], before) for n in ("bot", "co", "co2"))
    return House(
        store=Store(open_engine(url), clock), clock=clock, limits=limits, directory=NoDirectory(),
        webex=SdkWebex(
            bot, officer, witness=witness, base_url=ready["rest"], ca=ready["ca"],
            per_minute=60_000,
        ),
    )  # fmt: skip


class _Watched(FixedToken):
    """A token that somebody is told of each time before it is used."""

    def __init__(self, token: str, before: Callable[[], None]) -> None:
        super().__init__(token)
        self._before = before

    def token(self) -> str:
        self._before()
        return super().token()


def _die_when_planned(store: Store, step: StepKey) -> None:
    with store.read() as tx:
        planned = tx.intents.of_step(step)
    if planned is not None:
        os.kill(os.getpid(), signal.SIGKILL)
