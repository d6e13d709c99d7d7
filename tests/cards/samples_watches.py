"""Samples of the cards of watches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cards.happened import happened_card
from cards.kit import Card, press
from cards.watch import paused_card, watch_card
from cards.watch_log import watch_log_card
from cards.watches import watches_card
from domain.ids import PersonKey
from domain.watches import (
    FIELDS,
    Delivery,
    DeliveryState,
    Happening,
    Reach,
    Resource,
    Target,
    Told,
    Trigger,
    Watch,
    WatchState,
    WatchView,
)

NOW = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
ZONE = "Europe/Berlin"
SOURCES = ("I hear of every space.", "The end of a space I notice later.")


def happened(trigger: Trigger, text: str) -> Happening:
    data: dict[str, object] = dict.fromkeys(FIELDS[trigger.resource], text)
    for flag in {"isModerator", "isMonitor", "isLocked"} & data.keys():
        data[flag] = True
    if trigger.resource is Resource.SPACE:
        data["teamId"] = None
    return Happening(
        identity="x", trigger=trigger, space=None, subject="x", at=NOW, data=data
    )  # fmt: skip


def told(trigger: Trigger, text: str) -> Told:
    return Told(
        watch=3, what=happened(trigger, text), title=text, room="Y2lz", person=text, can_stop=True
    )


def view(text: str, key: int = 3) -> WatchView:
    return WatchView(
        watch=Watch(
            key=key, maker=PersonKey(7), made_at=NOW - timedelta(days=3),
            triggers=(Trigger.MEMBERSHIP_CREATED, Trigger.MESSAGE_DELETED), reach=Reach.MINE,
            target=Target.ADDRESS, query="tag:pii", address="https://hooks.example.com/q3",
            dropped=2,
        ),
        maker=text, where=text, to="https://hooks.example.com/q3", who="outsiders", waiting=4,
        last_at=NOW, last_said="delivered",
    )  # fmt: skip


def delivery(text: str, key: int, state: DeliveryState) -> Delivery:
    is_bad = state is not DeliveryState.DONE
    return Delivery(
        key=key, name="msg_1", watch=3, happening=happened(Trigger.MEMBERSHIP_CREATED, text),
        state=state, made_at=NOW, due_at=NOW + timedelta(minutes=5), attempts=2,
        last_at=NOW + timedelta(seconds=1), took_ms=1234, status="500" if is_bad else "200",
        why="it answered with an error" if is_bad else "",
    )  # fmt: skip


def watch_samples(t: str) -> dict[str, Card]:
    one = view(t)
    paused = replace(one, watch=replace(one.watch, state=WatchState.PAUSED, why=t))
    mine = WatchView(
        watch=replace(one.watch, key=4, target=Target.PERSON, address="", dropped=0),
        maker=t, where="all of my spaces", to="its maker, 1:1",
    )  # fmt: skip
    rows = [delivery(t, n, state) for n, state in enumerate(DeliveryState, 1)]
    counts = dict.fromkeys(DeliveryState, 1)
    return {
        "happened-membership": happened_card(told(Trigger.MEMBERSHIP_CREATED, t)),
        "happened-message": happened_card(told(Trigger.MESSAGE_DELETED, t)),
        "happened-space": happened_card(told(Trigger.SPACE_UPDATED, t)),
        "happened-gone": happened_card(told(Trigger.SPACE_DELETED, t)),
        "watch": watch_card(
            "I'll tell it when it happens", one, zone=ZONE, secret="whsec_c2VjcmV0",
            notes=SOURCES, actions=[press("Log", "watch log", watch="3")],
        ),
        "watch-mine": watch_card("I'll tell it when it happens", mine, notes=SOURCES),
        "watch-paused": paused_card(paused, t, zone=ZONE),
        "watches": watches_card([one, mine, paused], sources=SOURCES, total=3, zone=ZONE),
        "watches-many": watches_card(
            [view(t, n) for n in range(6, 11)], sources=SOURCES, total=23, page=2, everyone=True
        ),
        "watches-none": watches_card([], sources=SOURCES),
        "watch_log": watch_log_card(one, rows, counts=counts, zone=ZONE),
        "watch_log-paused": watch_log_card(
            paused, rows, counts=counts, page=2, has_more=True, zone=ZONE
        ),
        "watch_log-none": watch_log_card(one, [], counts={}),
    }  # fmt: skip
