"""What earlier processes left: settled one by one, the poisoned ones apart, all on record."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from domain.audit import Word
from domain.errors import Fault
from domain.intents import Intent, Outcome, Plan
from sandbox.handle import Control, Handle
from spaces.effects import Busy, perform, settle_open
from spaces.effects.leasing import LEASE, name_of
from spaces.spec import House
from storage.store import Store, UnitOfWork
from tests.dying import child, settle
from tests.effects import creation, deletion, destroyed, house_on, moderated, plan
from tests.spaces.waiting import waits
from webex.sdk import SdkWebex


@pytest.fixture
def house(sqlite_store: Store, webex: SdkWebex) -> House:
    return house_on(sqlite_store, webex)


def left_open(house: House, *plans: Plan, tried: bool = True) -> list[Intent]:
    """What a process that died planned, and perhaps had begun."""
    made = []
    with house.store.begin() as tx:
        for one in plans:
            intent = tx.intents.add(one)
            assert intent is not None
            if tried:
                tx.intents.tried(intent.id)
            made.append(intent)
        tx.commit()
    return made


def now(house: House, intent: Intent) -> Intent:
    with house.store.read() as tx:
        return tx.intents.by_id(intent.id)


def test_a_poisoned_intent_does_not_stop_the_others(house: House, control: Control) -> None:
    room = moderated(control)
    poisoned = left_open(
        house,
        plan("conjure", Word.SPACE_CREATE, "unknown kind"),
        plan("delete room", Word.SPACE_DELETE, "no room"),
        plan("add member", Word.MEMBER_ADD, "no id", room="nonsense", email="ben@example.com"),
        plan("set moderator", Word.SPACE_BLOCK, "nothing asked", room=room, email="x"),
        plan("send card", Word.NOTICE_SEND, "nothing to send", room=room),
    )
    (good,) = left_open(
        house, plan("add member", Word.MEMBER_ADD, "good", room=room, email="ben@example.com")
    )
    settled = settle_open(house)
    assert (settled.done, settled.unknown) == (1, 5)
    assert now(house, good).outcome is Outcome.DONE
    assert {now(house, one).outcome for one in poisoned} == {Outcome.OPEN}
    assert len(control.effects("membership.created")) == 1


def test_what_stays_unknown_for_a_day_is_listed(house: House) -> None:
    (poisoned,) = left_open(house, plan("conjure", Word.SPACE_CREATE))
    settle_open(house)
    with house.store.read() as tx:
        assert tx.intents.open(older_than=tx.now - timedelta(hours=24)) == ()
        assert [i.id for i in tx.intents.open(older_than=tx.now + timedelta(1))] == [poisoned.id]


def test_an_unknown_outcome_is_on_record_once_and_settled_when_it_can_be_seen(
    house: House, control: Control
) -> None:
    room = moderated(control)
    control.fault("status", status=403, method="GET", path=f"/rooms/{room}", skip=1, count=3)
    made = perform(house, deletion(house, room))
    assert made.outcome is Outcome.UNKNOWN
    assert settle_open(house).unknown == 1
    control.clear_faults()
    assert settle_open(house).done == 1
    with house.store.read() as tx:
        outcomes = [record.detail.get("outcome") for record in tx.audit.since()]
        assert tx.audit.verify()
    assert outcomes == [None, "unknown", "done"]


def test_what_destroys_is_never_done_again_by_recovery(house: House, control: Control) -> None:
    room = moderated(control)
    (left,) = left_open(house, deletion(house, room))
    assert settle_open(house).not_done == 1
    assert now(house, left).outcome is Outcome.NOT_DONE
    assert perform(house, deletion(house, room)).outcome is Outcome.NOT_DONE
    assert destroyed(control) == []


def test_processes_that_recover_at_once_do_everything_once(
    store: Store, webex: SdkWebex, sandbox: Handle, control: Control
) -> None:
    house = house_on(store, webex)
    left_open(house, *(creation(f"{n}", f"Plans {n}") for n in range(6)))
    url = store.engine.url.render_as_string(hide_password=False)
    with child(settle, sandbox.ready, url) as one, child(settle, sandbox.ready, url) as other:
        for process in (one, other):
            process.join(60)
            assert process.exitcode == 0
    settle_open(house)
    titles = [entry["object"]["title"] for entry in control.effects("room.created")]
    assert sorted(titles) == [f"Plans {n}" for n in range(6)]
    with store.read() as tx:
        assert tx.intents.open() == ()
        assert tx.audit.verify()


def test_a_record_that_can_t_be_written_lets_nothing_happen(house: House, control: Control) -> None:
    broken(house, "INSERT ON audit")
    with pytest.raises(DBAPIError):
        perform(house, creation())
    assert control.effects("room.created") == []
    assert all(entry["method"] == "GET" for entry in control.log(what="request"))


def test_a_database_that_fails_after_the_effect_is_settled_later_and_nothing_repeated(
    house: House, control: Control
) -> None:
    mended = broken(house, "UPDATE OF outcome ON intent")
    with pytest.raises(DBAPIError):
        perform(house, creation())
    assert len(control.effects("room.created")) == 1
    mended()
    assert settle_open(house).done == 1
    assert len(control.effects("room.created")) == 1


def broken(house: House, what: str) -> Callable[[], None]:
    """The disk is full for one kind of write. Gives the way to mend it."""
    statement = f"CREATE TRIGGER full BEFORE {what} BEGIN SELECT RAISE(ABORT, 'full'); END"

    def run(sql: str) -> None:
        with house.store.begin() as tx:
            tx.connection.exec_driver_sql(sql)
            tx.commit()

    run(statement)
    return lambda: run("DROP TRIGGER full")


def test_what_was_never_asked_for_is_not_taken_for_one_s_own_doing(
    house: House, control: Control
) -> None:
    """Its moderator deletes the space after we died, before we had asked."""
    room = moderated(control)
    (left,) = left_open(house, deletion(house, room), tried=False)
    house.webex.bot("chat").delete_room(room)  # type: ignore[arg-type]
    settle_open(house)
    assert now(house, left).outcome is Outcome.NOT_DONE


def test_what_a_run_planned_waits_for_the_run_and_its_look(house: House, control: Control) -> None:
    room = moderated(control)
    demotion = replace(
        plan("set moderator", Word.SPACE_BLOCK, room=room, email="ana@example.com",
             moderator=True),
        run="night",
    )  # fmt: skip
    left_open(house, demotion)
    assert settle_open(house).waiting == 1
    assert control.effects("membership.updated") == []
    looked: list[UnitOfWork] = []
    assert perform(house, demotion, check=looked.append).outcome is Outcome.DONE
    assert len(looked) == 1
    assert len(control.effects("membership.updated")) == 1


@pytest.mark.parametrize(
    ("hours", "run", "expected"),
    [(0.9, None, "done"), (1.1, None, "not_done"), (35, "night", "waiting"),
     (37, "night", "not_done")],
)  # fmt: skip
def test_nothing_is_done_long_after_it_was_asked_for(
    house: House, control: Control, hours: float, run: str | None, expected: str
) -> None:
    left_open(house, replace(creation(), run=run))
    store = Store(house.store.engine, Shifted(house.clock.now, timedelta(hours=hours)))
    settled = settle_open(replace(house, store=store))
    assert getattr(settled, expected) == 1
    assert len(control.effects("room.created")) == (expected == "done")


@pytest.mark.parametrize("run", [None, "night"])
def test_an_alert_is_still_sent_a_day_late(house: House, control: Control, run: str | None) -> None:
    left_open(house, replace(creation(), word=Word.ALERT_SEND, run=run))
    store = Store(house.store.engine, Shifted(house.clock.now, timedelta(hours=24)))
    assert settle_open(replace(house, store=store)).done == 1
    assert len(control.effects("room.created")) == 1


def test_who_slept_through_the_end_of_its_lease_does_nothing(
    house: House, control: Control, sandbox: Handle
) -> None:
    """While it waits for its turn, another process takes the step over."""
    room = moderated(control)

    def taken_over() -> None:
        with house.store.begin() as tx:
            (intent,) = tx.intents.open()
            holder = tx.leases.holder(name_of(intent.id))
            assert holder is not None
            tx.leases.give_back(name_of(intent.id), holder)
            assert tx.leases.take(name_of(intent.id), "another", span=LEASE)
            tx.commit()

    slow = waits(sandbox, taken_over)
    with pytest.raises(Busy):
        perform(replace(house, webex=slow), deletion(house, room))
    assert destroyed(control) == []
    slow.close()


def test_no_token_is_in_the_database_after_a_run_full_of_faults(
    house: House, control: Control, sandbox: Handle, tmp_path: Path
) -> None:
    room = moderated(control)
    everything = "status", "5xx", "5xx-after", "reset-after", "html", "broken-json", "429"
    for number, kind in enumerate(everything):
        step = f"{number}/"
        for method, one in (
            ("POST", creation(f"{step}a")),
            ("POST", plan("add member", Word.MEMBER_ADD, f"{step}b", room=room, email="b@c.de")),
            ("PUT", plan("change room", Word.SPACE_BLOCK, f"{step}c", room=room, is_locked=True)),
            ("GET", plan("change room", Word.SPACE_BLOCK, f"{step}d", room=room, title="Plans")),
            ("DELETE", deletion(house, moderated(control), step=f"{step}e")),
        ):
            control.clear_faults()
            fault = control.fault(kind, status=401, method=method, path="/*", retry_after="86400")
            with suppress(Fault):
                perform(house, one)
            assert control.fired(fault)
    control.clear_faults()
    settle_open(house)
    every_effect_has_its_intent_and_its_record(house, control)
    house.store.close()
    files = [path.read_bytes() for path in tmp_path.iterdir() if path.is_file()]
    assert sum(map(len, files)) > 100_000
    tokens = [sandbox.ready["tokens"][name] for name in ("bot", "co", "co2")]
    for token in tokens:
        for part in (token, token.partition(".")[2], token[-20:]):
            assert not any(part.encode() in content for content in files)


def every_effect_has_its_intent_and_its_record(house: House, control: Control) -> None:
    with house.store.read() as tx:
        records = list(tx.audit.since())
        assert tx.audit.verify()
        assert tx.intents.open() == ()
    made = [r.detail["intent"] for r in records if r.word == "intent:make"]
    settled = [r.detail["intent"] for r in records if r.word != "intent:make"]
    assert sorted(made, key=str) == sorted(settled, key=str)
    assert len(made) == len(set(made))
    for kind, word in (("room.created", "space:create"), ("room.deleted", "space:delete")):
        assert len(control.effects(kind)) == sum(record.word == word for record in records)


class Shifted:
    """A clock that goes before another."""

    def __init__(self, real: Callable[[], object], by: timedelta) -> None:
        self._real = real
        self._by = by

    def now(self):  # type: ignore[no-untyped-def]
        return self._real() + self._by  # type: ignore[operator]
