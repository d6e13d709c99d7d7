"""Who still reads an alert when it changes, and what is said when nobody at all can be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from cards.alert import alert_card
from domain.alerts import AlertKind, AlertState, AlertWord, Raised
from retention.alert_rules import add_rule, look_at_rules
from retention.alert_showing import show_anew
from retention.alerting import acknowledge, raise_now
from sandbox.handle import Control
from storage.schema import alert_rule
from tests.nights import World
from tests.retention.test_alerting import (
    CLEO,
    DORA,
    URGENT,
    actor,
    heard,
    joins,
    one_of,
    person,
    tell,
    without_card,
    words,
)
from webex.errors import NotAuthorised


def shown(world: World) -> list[str]:
    """The texts that took a card's place, oldest first."""
    return [str(one["object"]["text"]) for one in world.control.effects("message.updated")]


def test_who_is_no_officer_any_more_is_not_shown_how_an_alert_goes_on(world: World) -> None:
    key = raise_now(world.house, URGENT)
    tell(world)
    without_dora = replace(world.house, compliance=frozenset({CLEO}))
    acknowledge(without_dora, actor(world, CLEO), key)
    assert show_anew(without_dora, key, alert_card) == 1
    assert len(shown(world)) == 1


def test_where_somebody_else_reads_by_now_an_alert_is_not_shown_anew(
    world: World, control: Control
) -> None:
    made = control.space("Alerts", creator=CLEO, members=[DORA, "spacekeeper@webex.bot"])
    house = replace(world.house, alert_room=str(made["id"]))
    key = raise_now(house, URGENT)
    tell(world, house)
    acknowledge(house, actor(world, CLEO), key)
    assert show_anew(house, key, alert_card) == 1
    joins(world, str(made["id"]), "ana@example.com")
    assert show_anew(house, key, alert_card) == 0
    assert len(shown(world)) == 1


def test_with_a_dead_token_nothing_is_lost_and_it_is_said_once_there_is_another(
    world: World,
) -> None:
    without_card(world, status=401)
    key = raise_now(world.house, URGENT)
    with pytest.raises(NotAuthorised):
        tell(world)
    world.control.clear_faults()
    world.pass_(timedelta(hours=3))
    assert tell(world).reached == 2
    assert heard(world, "the brake was pulled") == [1, 1]
    # Cleo's card had been written down before, so that she gets that very one, and only once.
    assert heard(world, "This comes late: for 3 hours") == [0, 1]
    assert words(world.house, key)[-1] is AlertWord.TOLD


def test_an_officer_whom_webex_refuses_keeps_nobody_else_from_being_told(world: World) -> None:
    without_card(world, status=400, contains=str(person(world, CLEO).id))
    raise_now(world.house, Raised(kind=AlertKind.CLOCK, what="the clocks differ"))
    tell(world)
    assert heard(world, "the clocks differ") == [0, 1]


def test_a_rule_that_can_not_be_looked_at_leaves_its_alert_as_it_is(world: World) -> None:
    rule = add_rule(world.house, actor(world, CLEO), "used", "inactive:<9d")
    assert one_of(world.house, AlertKind.FORBIDDEN, "used").is_on
    with world.house.store.begin() as tx:
        tx.connection.execute(
            update(alert_rule).where(alert_rule.c.name == rule.name).values(query="nonsense:1")
        )
        tx.commit()
    assert look_at_rules(world.house) == 0
    now = one_of(world.house, AlertKind.FORBIDDEN, "used")
    assert (now.is_on, now.state) == (True, AlertState.OPEN)
