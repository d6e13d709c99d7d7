"""Long work of people: each item once, what was said to whom, waits, stops and crashes."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest

from cards.done import done_card
from cards.preview import preview_card
from cards.sheets import Sheet, csv_file
from commands.confirming import LIFE, MOST_ATTEMPTS, Asked, ask, confirmed, follow
from commands.spec import Context, Reply
from commands.working import Result, Working, begin, work
from domain.errors import Refusal, Stopped
from domain.people import Role
from domain.works import Came, Ended, How, Item, Work
from tests.chats import Chat, eventually
from tests.commands.companies import learn, make_space
from webex.errors import Throttled

DONE: list[str] = []
"""What the works below did, in order."""
GATE = threading.Event()
THROTTLED: list[str] = []


@work("test: write names", noun="names")
def write_names(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    name = items[0].payload["name"]
    if name == "slow":
        while not GATE.wait(0.01):
            if working.stop():
                raise Stopped
    if name == "odd":
        raise ValueError("a bug of the test's own")
    if name == "unwanted":
        raise Refusal("Nobody wants that.", "Take another.")
    if name == "throttled" and not THROTTLED:
        THROTTLED.append(name)
        raise Throttled("slowly", retry_at=datetime.now(UTC) + timedelta(seconds=0.3))
    DONE.append(name)
    return [Came(how=How.DONE, name=name)]


def _finish(working: Working) -> Result:
    sheet = Sheet(name="Names", columns=("Name",), rows=[["=1+1"], ["ana"]])
    return Result(notes=("As you wished.",), files=(csv_file("names", sheet),))


@work("test: many at once", noun="names", batch=4, finish=_finish)
def many_at_once(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    if len(items) > 1 and any(one.payload["name"] == "odd" for one in items):
        raise ValueError("one of them is odd")
    return [write_names(working, [one])[0] for one in items]


@confirmed("test: say it")
def say_it(context: Context, payload: Mapping[str, Any]) -> Reply:
    DONE.append(f"{payload['what']} for {context.caller.email}")
    return Reply(card=done_card("Said."))


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    for kept in (DONE, THROTTLED):
        kept.clear()
    GATE.clear()
    yield
    GATE.set()


def context_of(chat: Chat, name: str, step: str) -> Context:
    house = chat.process.house
    chat.as_(name).says("status")
    with house.store.read() as tx:
        person = tx.people.by_email(f"{name}@example.com")
    assert person is not None
    return Context(
        house=house, caller=person, role=Role.MEMBER, room=None, is_private=True, step=step
    )


def begun(chat: Chat, kind: str, *names: str, by: str = "ana", step: str = "s1") -> Work:
    """A work that `by` began, handed over as after the answer."""
    context = context_of(chat, by, step)
    reply = begin(context, kind, f"Writing {len(names)} names", [{"name": n} for n in names])
    assert reply.afterwards is not None
    eventually(lambda: chat.process.tasks._started.is_set())
    reply.afterwards()
    with chat.process.house.store.read() as tx:
        found = tx.works.of_step(step)
    assert found is not None
    return found


def standing(chat: Chat, one: Work) -> Work:
    with chat.process.house.store.read() as tx:
        found = tx.works.get(one.id)
    assert found is not None
    return found


def test_each_item_is_done_and_the_result_is_told(chat: Chat) -> None:
    begun(chat, "test: write names", "a", "unwanted", "b")
    told = chat.as_("ana").waits_for("Done: 2 of 3")
    assert "Could not be done: 1" in told.text
    assert "unwanted · Nobody wants that. Take another." in told.text
    assert DONE == ["a", "b"]


def test_an_item_that_breaks_costs_no_other_and_tells_the_faults_number(chat: Chat) -> None:
    begun(chat, "test: many at once", "a", "odd", "b", "c", "d")
    told = chat.as_("ana").waits_for("Done: 4 of 5")
    assert "Not known what came of it: 1" in told.text
    assert "its number is" in told.text
    assert sorted(DONE) == ["a", "b", "c", "d"]


def test_webexs_waits_are_waited_out(chat: Chat) -> None:
    begun(chat, "test: write names", "a", "throttled", "b")
    chat.as_("ana").waits_for("Done: 3 of 3")
    assert DONE == ["a", "throttled", "b"]


def test_files_come_after_the_result(chat: Chat) -> None:
    begun(chat, "test: many at once", *(f"n{n}" for n in range(30)))
    ana = chat.as_("ana")
    told = ana.waits_for("Done: 30 of 30")
    assert "As you wished." in told.text
    eventually(lambda: len([m for m in ana.messages() if m.get("files")]) == 2)
    table, names = (m for m in reversed(ana.messages()) if m.get("files"))
    house = chat.process.house
    from webex.gateway import Lane

    bot = house.webex.bot(Lane.CHAT)
    file = bot.content(table["files"][0], most=100_000)
    assert file.name.endswith(".xlsx")
    [sheet] = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [f"n{n}" for n in range(30)]
    content = bot.content(names["files"][0], most=1000)
    assert content.name == "names.csv"
    assert content.content.decode("utf-8-sig").splitlines() == ["Name", "'=1+1", "ana"]


def test_it_can_be_stopped_and_what_is_done_stays_done(chat: Chat) -> None:
    made = begun(chat, "test: write names", "a", "slow", "b")
    ana = chat.as_("ana")
    eventually(lambda: DONE == ["a"])
    assert "Writing 3 names" in ana.says("works")
    assert "no such work of yours" in chat.as_("ben").says(f"work stop {made.id}")
    assert "I leave off" in ana.says(f"work stop {made.id}")
    GATE.set()
    told = ana.waits_for("Stopped: 2 of 3 done")
    assert "Stopped by Ana Horvat" in told.text
    assert "Not begun: 1" in told.text
    assert DONE == ["a", "slow"]
    eventually(lambda: standing(chat, made).ended is Ended.STOPPED)
    assert "over already" in ana.says(f"work stop {made.id}")


def test_another_process_goes_on_where_one_was_stopped(chat: Chat) -> None:
    made = begun(chat, "test: write names", "a", "slow", "b")
    eventually(lambda: DONE == ["a"])
    chat.process.stop()
    eventually(lambda: not chat.process.tasks._in_hand)
    GATE.set()
    chat.start()
    chat.as_("ana").waits_for("Done: 3 of 3")
    assert DONE == ["a", "slow", "b"]
    assert standing(chat, made).id == made.id


def test_who_may_not_talk_to_me_has_nothing_done(chat: Chat) -> None:
    """Whoever it was that began it: what they may is asked again when it is done."""
    chat.as_("eve@partner.example").says("help")
    house = chat.process.house
    with house.store.begin() as tx:
        eve = tx.people.by_email("eve@partner.example")
        assert eve is not None
        made = tx.works.add(
            "s9", "test: write names", "Writing", caller=eve.key, payload={},
            items=[{"name": "a"}, {"name": "b"}],
        )  # fmt: skip
        tx.commit()
    house.hand_over(made.id)
    told = chat.as_("eve@partner.example").waits_for("Done: 0 of 2")
    assert "may not use me any more" in told.text
    assert DONE == []


def test_the_same_message_again_begins_nothing_new(chat: Chat) -> None:
    first = begun(chat, "test: write names", "a", "b")
    chat.as_("ana").waits_for("Done: 2 of 2")
    assert begun(chat, "test: write names", "a", "b").id == first.id
    assert DONE == ["a", "b"]


def test_only_so_many_go_on_at_once(chat: Chat) -> None:
    for number in range(3):
        begun(chat, "test: write names", "slow", step=f"s{number}")
    with pytest.raises(Refusal, match="3 long works of yours"):
        begun(chat, "test: write names", "a", step="s9")


# -- confirming ---------------------------------------------------------------------------------


@confirmed("test: begin a work")
def _begin(context: Context, payload: Mapping[str, Any]) -> Reply:
    return begin(context, "test: write names", "Names", [{"name": payload["name"]}])


def test_a_yes_that_can_not_begin_yet_is_not_used_up(chat: Chat) -> None:
    for number in range(3):
        begun(chat, "test: write names", "slow", step=f"s{number}")
    context = context_of(chat, "ana", "ask/1")
    made = ask(context, "test: begin a work", {"name": "a"}, retypes=True)
    for _ in range(2):
        with pytest.raises(Refusal, match="3 long works of yours"):
            follow(replace(context, step="yes/1"), made.code, None)
    GATE.set()
    store = chat.process.house.store

    def is_over() -> bool:
        with store.read() as tx:
            return not tx.works.open()

    eventually(is_over)
    assert follow(replace(context, step="yes/2"), made.code, None).card is not None
    with pytest.raises(Refusal, match="confirmed already"):
        follow(replace(context, step="yes/3"), made.code, None)


def asked(chat: Chat, what: str, *, by: str = "ana", retypes: bool = True) -> Asked:
    context = context_of(chat, by, f"ask/{what}/{by}")
    made = ask(context, "test: say it", {"what": what}, retypes=retypes)
    assert made.code in preview_card("?", code=made.code, which=made.which, retypes=retypes).text
    return made


def test_the_code_does_it_once_and_for_its_person_alone(chat: Chat) -> None:
    code = asked(chat, "boo").code
    assert "nothing to confirm" in chat.as_("ben").says(f"confirm {code}")
    assert "Said." in chat.as_("ana").says(f"confirm {code}")
    assert "confirmed already" in chat.as_("ana").says(f"confirm {code}")
    assert DONE == ["boo for ana@example.com"]


def test_a_code_expires(chat: Chat) -> None:
    code = asked(chat, "boo").code
    chat.clock.advance(LIFE)
    assert "no longer valid" in chat.as_("ana").says(f"confirm {code}")
    assert DONE == []


def test_guessing_voids_it(chat: Chat) -> None:
    made = asked(chat, "boo")
    context = context_of(chat, "ana", "press")
    wrong = f"{(int(made.code) + 1) % 1_000_000:06d}"
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(Refusal, match="not the code"):
            follow(context, wrong, made.which)
    with pytest.raises(Refusal, match="no longer valid"):
        follow(context, made.code, made.which)
    assert DONE == []


def test_two_things_to_confirm_are_told_apart_by_their_codes(chat: Chat) -> None:
    one, two = asked(chat, "one"), asked(chat, "two")
    assert one.code != two.code
    chat.as_("ana").says(f"confirm {two.code}")
    assert DONE == ["two for ana@example.com"]


def test_bare_it_asks_for_the_code(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    assert "nothing to confirm" in chat.as_("ana").says("confirm")


def test_who_is_of_another_organisation_by_the_end_gets_neither_names_nor_files(
    chat: Chat,
) -> None:
    one = begun(chat, "test: many at once", "a", "b", "c", "d", "slow")
    eventually(lambda: DONE == ["a", "b", "c", "d"])
    chat.control.person("ana@example.com", org="Partner")
    GATE.set()
    eventually(lambda: standing(chat, one).finished_at is not None)
    said = chat.as_("ana").messages()
    assert not any(m.get("files") for m in said)
    told = "".join(m.text for m in said)
    assert "As you wished" not in told
    assert "may not use me any more" in told
