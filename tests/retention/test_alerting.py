"""Alerts: written down with their cause, told once, counted, closed; and never lost."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from cards.alert import alert_card
from domain.alerts import (
    NATURES,
    Alert,
    AlertKey,
    AlertKind,
    AlertState,
    AlertView,
    AlertWord,
    Item,
    Raised,
    Way,
)
from domain.audit import Word
from domain.errors import Fault, Refusal
from domain.ids import RoomId
from domain.people import Actor, Person
from jobs.alerts import alerts as alerts_job
from jobs.spec import Firing
from retention.alert_showing import show_anew
from retention.alert_telling import Told, remind, tell_alerts
from retention.alerting import (
    acknowledge,
    assign,
    close,
    keep_true,
    raise_alert,
    raise_now,
    set_way,
    settle_alert,
    view_of,
)
from retention.quiet import NONE, Quiet, end_of_quiet, read_quiet, set_quiet
from sandbox.handle import Control
from spaces.officers import officers
from spaces.spec import House
from tests.nights import World
from webex.gateway import Lane

CLEO, DORA = "cleo@example.com", "dora@example.com"
URGENT = Raised(kind=AlertKind.BRAKE, what="the brake was pulled", pairs=(("Why", "a test"),))


def one_of(house: House, kind: AlertKind, subject: str = "") -> Alert:
    with house.store.read() as tx:
        found = tx.alerts.of(kind, subject)
    assert found is not None
    return found


def words(house: House, key: AlertKey) -> list[AlertWord]:
    with house.store.read() as tx:
        assert tx.audit.verify()
        return [one.word for one in reversed(tx.alerts.history(key))]


def tell(world: World, house: House | None = None) -> Told:
    return tell_alerts(house or world.house, alert_card)


def heard(world: World, words: str, *emails: str) -> list[int]:
    """How often each officer was told something with these words in it."""
    return [sum(words in text for text in world.told(mail)) for mail in emails or (CLEO, DORA)]


def person(world: World, email: str) -> Person:
    with world.house.store.read() as tx:
        found = tx.people.by_email(email)
    assert found is not None
    return found


def actor(world: World, email: str) -> Actor:
    found = person(world, email)
    return Actor(name=found.email, person=found.key)


def awake(world: World) -> None:
    """Nobody has quiet hours, whatever the sandbox's time of day."""
    for email in (CLEO, DORA):
        set_quiet(world.house, actor(world, email), person(world, email), NONE)


def without_card(world: World, **faults: Any) -> int:
    return world.control.fault("status", path="/messages", method="POST", count=-1, **faults)


def ran(world: World) -> Mapping[str, object]:
    return alerts_job(Firing(house=world.house, run=f"alerts@{world.now()}", due_at=world.now()))


# -- raising ------------------------------------------------------------------------------------


def test_each_officer_is_told_once(world: World) -> None:
    key = raise_now(world.house, URGENT)
    assert tell(world).reached == 2
    assert tell(world).reached == 0
    assert heard(world, "Alert: the brake was pulled") == [1, 1]
    assert words(world.house, key) == [AlertWord.RAISED, AlertWord.TOLD]


def test_the_same_again_is_the_same_alert_and_tells_nobody(world: World) -> None:
    one = Raised(kind=AlertKind.NIGHT, what="it stopped", occurrence="monday")
    awake(world)
    key = raise_now(world.house, one)
    tell(world)
    raise_now(world.house, one)  # the same night, once more after a crash
    assert one_of(world.house, AlertKind.NIGHT).times == 1
    assert raise_now(world.house, replace(one, occurrence="tuesday")) == key
    tell(world)
    assert one_of(world.house, AlertKind.NIGHT).times == 2
    assert heard(world, "it stopped") == [1, 1]


def test_nothing_is_raised_when_its_cause_is_rolled_back(world: World) -> None:
    with world.house.store.begin() as tx:
        raise_alert(tx, URGENT)
    with world.house.store.read() as tx:
        assert tx.alerts.of(AlertKind.BRAKE) is None


def test_a_thousand_of_one_thing_are_one_card_that_counts(world: World) -> None:
    awake(world)
    for number in range(1000):
        raised = Raised(
            kind=AlertKind.OWNERLESS, items=(Item(key=f"space/{number}", said=f"Plan {number}"),)
        )
        with world.house.store.begin() as tx:
            raise_alert(tx, raised)
            tx.commit()
    tell(world)
    tell(world)
    assert heard(world, "1,000 spaces that nobody owns") == [1, 1]
    (said,) = [text for text in world.told(CLEO) if "nobody owns" in text]
    assert "And 988 more." in said
    key = one_of(world.house, AlertKind.OWNERLESS).key
    assert words(world.house, key) == [AlertWord.RAISED, AlertWord.TOLD]


def test_very_many_alerts_at_once_are_a_few_cards_and_one_that_names_the_rest(
    world: World,
) -> None:
    for number in range(100):
        raise_now(world.house, Raised(kind=AlertKind.SILENT, subject=f"{number}", what="quiet"))
    raise_now(world.house, Raised(kind=AlertKind.NIGHT, what="it stopped"))
    tell(world)
    tell(world)
    assert heard(world, "Alert: quiet") == [12, 12]
    assert heard(world, "Alert: 89 more alerts at once") == [1, 1]
    assert heard(world, "Alert: it stopped") == [0, 0], "what is urgent has the cards"
    with world.house.store.read() as tx:
        assert tx.alert_telling.untold() == ()


def test_it_opens_again_when_it_comes_again_after_it_was_closed(world: World) -> None:
    key = raise_now(world.house, replace(URGENT, occurrence="1"))
    tell(world)
    close(world.house, actor(world, CLEO), key, "it was a test")
    raise_now(world.house, replace(URGENT, occurrence="1"))
    assert one_of(world.house, AlertKind.BRAKE).state is AlertState.CLOSED
    raise_now(world.house, replace(URGENT, occurrence="2"))
    now = one_of(world.house, AlertKind.BRAKE)
    assert (now.state, now.round, now.by, now.reason) == (AlertState.OPEN, 2, "", "")
    tell(world)
    assert heard(world, "Alert: the brake was pulled") == [2, 2]
    assert words(world.house, key)[-2:] == [AlertWord.AGAIN, AlertWord.TOLD]


def test_what_lasts_closes_by_itself_and_stays_closed_while_nothing_changes(world: World) -> None:
    lasting = Raised(kind=AlertKind.INVENTORY, what="it is too old")
    house = world.house

    def look(*found: Raised) -> None:
        with house.store.begin() as tx:
            keep_true(tx, (AlertKind.INVENTORY,), found)
            tx.commit()

    look(lasting)
    key = one_of(house, AlertKind.INVENTORY).key
    close(house, actor(world, CLEO), key, "the operator is at it")
    look(lasting)
    assert one_of(house, AlertKind.INVENTORY).state is AlertState.CLOSED, "nothing new happened"
    look()
    assert not one_of(house, AlertKind.INVENTORY).is_on
    look(lasting)
    assert one_of(house, AlertKind.INVENTORY).state is AlertState.OPEN, "it came again"
    look()
    now = one_of(house, AlertKind.INVENTORY)
    assert (now.state, now.by, now.reason) == (AlertState.CLOSED, "", "its cause is gone")


def test_of_what_counts_only_something_new_opens_it_again(world: World) -> None:
    def found(*names: str) -> Raised:
        items = tuple(Item(key=name, said=name) for name in names)
        return Raised(kind=AlertKind.FORBIDDEN, subject="a rule", items=items)

    def look(*names: str) -> Alert:
        with world.house.store.begin() as tx:
            keep_true(tx, (AlertKind.FORBIDDEN,), [found(*names)] if names else [])
            tx.commit()
        return one_of(world.house, AlertKind.FORBIDDEN, "a rule")

    key = look("a", "b").key
    close(world.house, actor(world, CLEO), key, "these may be like that")
    assert look("a", "b").state is AlertState.CLOSED
    assert (look("a").state, look("a").things) == (AlertState.CLOSED, 1)
    now = look("a", "c")
    assert (now.state, now.things, now.round) == (AlertState.OPEN, 2, 2)
    assert look().state is AlertState.CLOSED


def test_a_settled_one_is_closed_with_its_reason(world: World) -> None:
    raise_now(world.house, URGENT)
    with world.house.store.begin() as tx:
        settle_alert(tx, AlertKind.BRAKE, why="two of you let it go on")
        tx.commit()
    now = one_of(world.house, AlertKind.BRAKE)
    assert (now.state, now.reason) == (AlertState.CLOSED, "two of you let it go on")
    assert tell(world).reached == 0, "what is over before it was told is told to nobody"


# -- what people do -----------------------------------------------------------------------------


def test_of_two_who_acknowledge_at_once_one_is_first(world: World) -> None:
    key = raise_now(world.house, URGENT)
    came: list[str] = []
    ready = threading.Barrier(2)

    def press(email: str) -> None:
        ready.wait()
        try:
            came.append(acknowledge(world.house, actor(world, email), key).alert.by)
        except Refusal as no:
            came.append(f"no: {no.reason}")

    both = [threading.Thread(target=press, args=(email,)) for email in (CLEO, DORA)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    (first,) = [one for one in came if not one.startswith("no: ")]
    (second,) = [one for one in came if one.startswith("no: ")]
    assert first in (CLEO, DORA)
    assert "already" in second or "faster" in second
    with world.house.store.read() as tx:
        assert len(list(tx.audit.since(word=Word.ALERT_ACKNOWLEDGE))) == 1


def test_it_is_handed_only_to_compliance(world: World) -> None:
    key = raise_now(world.house, URGENT)
    with pytest.raises(Refusal, match="not of compliance"):
        assign(world.house, actor(world, CLEO), key, person(world, "ana@example.com"))
    view = assign(world.house, actor(world, CLEO), key, person(world, DORA))
    assert view.alert.state is AlertState.ASSIGNED
    assert view.assigned == person(world, DORA).name
    with pytest.raises(Refusal, match="already"):
        assign(world.house, actor(world, CLEO), key, person(world, DORA))
    assign(world.house, actor(world, DORA), key, person(world, CLEO))


def test_closing_takes_a_reason_and_happens_once(world: World) -> None:
    key = raise_now(world.house, URGENT)
    with pytest.raises(Refusal, match="Say why"):
        close(world.house, actor(world, CLEO), key, "  ")
    view = close(world.house, actor(world, CLEO), key, "it was a test")
    assert (view.alert.state, view.alert.reason) == (AlertState.CLOSED, "it was a test")
    with pytest.raises(Refusal, match="closed it: it was a test"):
        close(world.house, actor(world, DORA), key, "me too")
    with pytest.raises(Refusal, match="closed it: it was a test"):
        acknowledge(world.house, actor(world, DORA), key)
    with pytest.raises(Refusal, match="closed it: it was a test"):
        assign(world.house, actor(world, DORA), key, person(world, DORA))
    with pytest.raises(Refusal, match="no alert 4711"):
        acknowledge(world.house, actor(world, CLEO), AlertKey(4711))


def test_cards_that_are_there_say_how_it_stands_now(world: World) -> None:
    key = raise_now(world.house, URGENT)
    tell(world)
    for said in ("acknowledged by cleo@example.com", "closed by dora@example.com"):
        if "closed" in said:
            close(world.house, actor(world, DORA), key, "it was a test")
        else:
            acknowledge(world.house, actor(world, CLEO), key)
        assert show_anew(world.house, key, alert_card) == 2
        edits = world.control.effects("message.updated")[-2:]
        assert all(said in entry["object"]["text"] for entry in edits), said


# -- how they are told --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind", [AlertKind.BRAKE, AlertKind.RECORD, AlertKind.CLOCK, AlertKind.UNKNOWN]
)
def test_what_must_reach_somebody_can_not_be_silenced(world: World, kind: AlertKind) -> None:
    for way in (Way.DIGEST, Way.OFF):
        with pytest.raises(Refusal, match="must reach somebody"):
            set_way(world.house, actor(world, CLEO), kind, way)
    with world.house.store.begin() as tx:  # nor by a row that somebody wrote into the database
        tx.settings.put("alert-ways", {str(kind): {"way": "off"}}, by="mallory")
        tx.commit()
    raise_now(world.house, Raised(kind=kind, what="it happened"))
    assert tell(world).reached == 2


def test_what_is_off_is_written_down_and_told_to_nobody_until_it_is_on(world: World) -> None:
    awake(world)
    cleo = actor(world, CLEO)
    set_way(world.house, cleo, AlertKind.OWNERLESS, Way.OFF)
    raised = Raised(kind=AlertKind.OWNERLESS, items=(Item(key="space/1", said="Plans"),))
    raise_now(world.house, raised)
    assert tell(world).reached == 0
    assert one_of(world.house, AlertKind.OWNERLESS).state is AlertState.OPEN
    set_way(world.house, cleo, AlertKind.OWNERLESS, Way.AT_ONCE)
    assert tell(world).reached == 2
    with world.house.store.read() as tx:
        (off, on) = tx.audit.since(word=Word.ALERT_SETTINGS, seq=last_quiet(world))
    assert (off.detail["was"], on.detail["was"]) == ("at once", "off")


def last_quiet(world: World) -> int:
    with world.house.store.read() as tx:
        every = tx.audit.since(word=Word.ALERT_SETTINGS)
        return max((one.seq for one in every if "quiet" in one.detail), default=0)


def test_what_can_wait_keeps_to_the_quiet_hours_of_each(world: World) -> None:
    now = world.now()
    round_it = Quiet(start=(now - timedelta(hours=1)).time(), end=(now + timedelta(hours=2)).time())
    set_quiet(world.house, actor(world, CLEO), person(world, CLEO), round_it)
    set_quiet(world.house, actor(world, DORA), person(world, DORA), NONE)
    raised = Raised(kind=AlertKind.OWNERLESS, items=(Item(key="space/1", said="Plans"),))
    raise_now(world.house, raised)
    assert (tell(world).reached, heard(world, "nobody owns")) == (1, [0, 1])
    assert tell(world).reached == 0
    raise_now(world.house, URGENT)
    tell(world)
    assert heard(world, "the brake was pulled") == [1, 1], "what is urgent does not wait"
    world.pass_(timedelta(hours=2))
    tell(world)
    assert heard(world, "nobody owns") == [1, 1]


@pytest.mark.parametrize(
    ("quiet", "at", "end"),
    [
        ("20:00-07:00", "2026-11-24T19:59", None),
        ("20:00-07:00", "2026-11-24T20:00", "2026-11-25T07:00"),
        ("20:00-07:00", "2026-11-24T06:59", "2026-11-24T07:00"),
        ("20:00-07:00", "2026-11-24T07:00", None),
        ("12:00-13:00", "2026-11-24T12:30", "2026-11-24T13:00"),
        ("off", "2026-11-24T03:00", None),
        ("20-7", "2026-11-24T23:00", "2026-11-25T07:00"),
    ],
)
def test_quiet_hours_over_midnight_and_at_their_edges(quiet: str, at: str, end: str | None) -> None:
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    until = end_of_quiet(read_quiet(quiet), now, "UTC")
    assert until == (datetime.fromisoformat(end).replace(tzinfo=UTC) if end else None)


def test_quiet_hours_are_by_the_clock_where_somebody_is_also_when_it_is_put_back() -> None:
    quiet = Quiet(start=time(22), end=time(7))
    before = datetime(2026, 10, 24, 21, 30, tzinfo=UTC)  # 23:30 in Berlin, summer time's last
    until = end_of_quiet(quiet, before, "Europe/Berlin")
    assert until == datetime(2026, 10, 25, 6, 0, tzinfo=UTC)  # 07:00 in winter time
    assert end_of_quiet(quiet, before, "no/zone") is None


@pytest.mark.parametrize("text", ["", "late", "25:00-07:00", "22:00", "-1-7", "1-2-3", "٢-٧"])
def test_what_are_no_quiet_hours_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="no quiet hours"):
        read_quiet(text)


def test_what_is_urgent_and_nobody_looks_at_is_told_again_a_day_later(world: World) -> None:
    key = raise_now(world.house, replace(URGENT, lasts=True))
    tell(world)
    world.pass_(timedelta(hours=25))
    with world.house.store.begin() as tx:
        assert remind(tx) == 1
        tx.commit()
    tell(world)
    assert heard(world, "the brake was pulled") == [2, 2]
    acknowledge(world.house, actor(world, CLEO), key)
    world.pass_(timedelta(hours=25))
    with world.house.store.begin() as tx:
        assert remind(tx) == 0


# -- when it can't be told ----------------------------------------------------------------------


def test_what_can_not_be_told_is_told_later_with_how_long_it_was(world: World) -> None:
    fault = without_card(world, status=400)
    key = raise_now(world.house, URGENT)
    assert tell(world).failed == 1
    assert world.control.fired(fault) >= 2
    world.control.clear_faults()
    assert tell(world).reached == 0, "it is not tried again at once"
    world.pass_(timedelta(hours=3))
    assert tell(world).reached == 2
    (said,) = [text for text in world.told(CLEO) if "brake" in text]
    assert "This comes late: for 3 hours" in said
    assert words(world.house, key) == [AlertWord.RAISED, AlertWord.NOT_TOLD, AlertWord.TOLD]
    raise_now(world.house, Raised(kind=AlertKind.CLOCK, what="the clocks differ"))
    tell(world)
    assert not any("comes late" in t for t in world.told(CLEO) if "clocks" in t)


def test_an_answer_that_was_lost_does_not_tell_twice(world: World) -> None:
    fault = world.control.fault("reset-after", path="/messages", method="POST", count=1)
    raise_now(world.house, URGENT)
    tell(world)
    assert world.control.fired(fault) == 1
    for _ in range(6):
        world.pass_(timedelta(minutes=16))
        tell(world)
    assert heard(world, "the brake was pulled") == [1, 1]


def test_whoever_was_not_reached_is_tried_again_and_the_others_are_left_in_peace(
    world: World,
) -> None:
    fault = world.control.fault("status", status=400, path="/messages", method="POST", count=1)
    raise_now(world.house, URGENT)
    tell(world)
    assert world.control.fired(fault) == 1
    assert sorted(heard(world, "the brake was pulled")) == [0, 1]
    world.pass_(timedelta(minutes=5))
    tell(world)
    assert heard(world, "the brake was pulled") == [1, 1]


def test_a_pass_that_reaches_nobody_is_a_run_that_fails(world: World) -> None:
    without_card(world, status=400)
    raise_now(world.house, URGENT)
    with pytest.raises(Fault, match="told to nobody"):
        ran(world)


# -- who reads ----------------------------------------------------------------------------------


def test_who_is_of_compliance_by_the_group_alone_is_told_too(world: World) -> None:
    house = replace(
        world.house, compliance=frozenset({CLEO}),
        group_officers=lambda tx: frozenset({"ben@example.com"}),
        officer_group=lambda tx, who: who.email == "ben@example.com",
    )  # fmt: skip
    assert [one.email for one in officers(house)] == ["ben@example.com", CLEO]
    raise_now(house, URGENT)
    assert tell(world, house).reached == 2
    assert heard(world, "the brake was pulled", "ben@example.com", CLEO, DORA) == [1, 1, 0]


def test_an_outsider_is_no_officer_whatever_the_settings_say(
    world: World, control: Control
) -> None:
    control.person("olga@elsewhere.example", org="Elsewhere")
    world.space("Books", idle=1, members=[CLEO, "olga@elsewhere.example"])
    world.crawl()  # so she is known, and whose she is
    house = replace(world.house, compliance=frozenset({CLEO, "olga@elsewhere.example"}))
    assert [one.email for one in officers(house)] == [CLEO]


def joins(world: World, room: str, email: str) -> None:
    officer = world.house.webex.compliance(Lane.CHAT)
    officer.add_membership(RoomId(room), email=email, moderator=False)


def leaves(world: World, room: str, email: str) -> None:
    officer = world.house.webex.compliance(Lane.CHAT)
    (found,) = officer.people_by_email(email)
    seat = officer.membership_of(RoomId(room), found.id)
    assert seat is not None
    officer.remove_membership(seat.id)


class TestTheAlertSpace:
    @pytest.fixture
    def room(self, world: World) -> str:
        made = world.control.space("Alerts", creator=CLEO, members=[DORA, "spacekeeper@webex.bot"])
        return str(made["id"])

    def posted(self, world: World, room: str) -> list[str]:
        return [
            e["object"]["text"]
            for e in world.control.effects("message.created")
            if e["object"]["roomId"] == room
        ]

    def test_it_is_told_there_once_and_nobody_1_to_1(self, world: World, room: str) -> None:
        house = replace(world.house, alert_room=room)
        raise_now(house, URGENT)
        tell(world, house)
        tell(world, house)
        assert sum("the brake was pulled" in text for text in self.posted(world, room)) == 1
        assert heard(world, "the brake was pulled") == [0, 0]

    def test_while_somebody_else_is_in_it_each_officer_is_told_1_to_1(
        self, world: World, room: str
    ) -> None:
        house = replace(world.house, alert_room=room)
        joins(world, room, "ana@example.com")
        raise_now(house, URGENT)
        tell(world, house)
        tell(world, house)
        assert self.posted(world, room) == []
        assert heard(world, "the brake was pulled") == [1, 1]
        assert heard(world, "the alert space can't be used") == [1, 1]
        assert heard(world, "ana@example.com is in it") == [1, 1]

    def test_once_it_can_be_used_again_it_is_said_there_how_long_it_could_not(
        self, world: World, room: str
    ) -> None:
        house = replace(world.house, alert_room=room)
        joins(world, room, "ana@example.com")
        raise_now(house, URGENT)
        tell(world, house)
        tell(world, house)
        leaves(world, room, "ana@example.com")
        world.pass_(timedelta(hours=5))
        tell(world, house)
        said = self.posted(world, room)
        assert len(said) == 1
        assert "can be used again: alerts went 1:1 for 5 hours" in said[0]
        assert one_of(house, AlertKind.CHANNEL, "space").state is AlertState.CLOSED
        raise_now(house, Raised(kind=AlertKind.CLOCK, what="the clocks differ"))
        tell(world, house)
        assert sum("the clocks differ" in text for text in self.posted(world, room)) == 1

    def test_a_space_that_is_not_there_loses_nothing(self, world: World, room: str) -> None:
        house = replace(world.house, alert_room=room)
        leaves(world, room, "spacekeeper@webex.bot")
        raise_now(house, URGENT)
        tell(world, house)
        assert heard(world, "the brake was pulled") == [1, 1]


def test_every_kind_says_what_it_means_and_what_to_do() -> None:
    assert set(NATURES) == set(AlertKind)
    for kind, nature in NATURES.items():
        assert nature.title, kind
        assert nature.means.endswith("."), kind
        assert nature.to_do.endswith("."), kind
        assert bool(nature.one) == bool(nature.many), kind
        assert nature.way in nature.ways, kind
        assert Way.AT_ONCE in nature.ways, kind


def test_a_view_names_whom_it_can_be_handed_to(world: World) -> None:
    key = raise_now(world.house, URGENT)
    with world.house.store.read() as tx:
        view: AlertView = view_of(world.house, tx, key)
    assert [mail for mail, _ in view.officers] == [CLEO, DORA]
