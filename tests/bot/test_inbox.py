"""The inbox between processes: claimed once, taken over from the dead, given up when deadly."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from bot.frames import MESSAGE
from bot.order import MOST_OF_ONE, Order
from bot.writer import Writer
from domain.ids import PersonKey
from domain.outgoing import Press
from storage.contention import is_contention
from storage.inbox import MOST_ATTEMPTS, Arrival, Letter
from storage.store import Store, UnitOfWork

SPAN, OVER = timedelta(seconds=40), timedelta(seconds=-1)


def arrival(id: str) -> Arrival:
    return Arrival(id=id, kind=MESSAGE, body={"id": id})


def receive(store: Store, *ids: str, by: str = "one", span: timedelta = SPAN) -> list[str]:
    with store.begin() as tx:
        new = tx.inbox.receive([arrival(id) for id in ids], by=by, span=span)
        tx.commit()
    return [letter.id for letter in new]


def take(store: Store, id: str, *, by: str = "two", span: timedelta = SPAN) -> Letter | None:
    with store.begin() as tx:
        taken = tx.inbox.take(id, by=by, span=span)
        tx.commit()
    return taken


def left(store: Store) -> tuple[str, ...]:
    with store.read() as tx:
        return tx.inbox.left_over()


def test_what_arrives_twice_is_there_once_and_in_its_order(store: Store) -> None:
    assert receive(store, "c", "a", "b", "a") == ["c", "a", "b"]
    assert receive(store, "b", "d", by="two") == ["d"]
    assert receive(store) == []
    with store.read() as tx:
        assert tx.inbox.known(["a", "x"]) == {"a"}
        assert dict(tx.inbox.counts()) == {"taken": 4}


def test_only_when_its_claim_ran_out_another_process_takes_it_over(store: Store) -> None:
    receive(store, "a")
    assert left(store) == ()
    assert take(store, "a") is None
    receive(store, "b", span=OVER)
    assert left(store) == ("b",)
    taken = take(store, "b")
    assert taken is not None
    assert taken.attempts == 2
    assert take(store, "b", by="three") is None


def test_a_claim_is_renewed_by_its_holder_only(store: Store) -> None:
    receive(store, "a", span=OVER)
    with store.begin() as tx:
        tx.inbox.renew(["a"], by="somebody else", span=SPAN)
        tx.commit()
    assert left(store) == ("a",)
    with store.begin() as tx:
        tx.inbox.renew(["a"], by="one", span=SPAN)
        tx.commit()
    assert left(store) == ()


def test_what_waits_is_due_when_its_time_has_come(store: Store) -> None:
    receive(store, "a", "b")
    with store.begin() as tx:
        tx.inbox.again("a", after=timedelta(hours=1))
        tx.inbox.again("b")
        tx.commit()
    assert left(store) == ("b",)
    assert take(store, "a") is None


def test_what_could_not_be_done_yet_is_never_given_up_for_that(store: Store) -> None:
    receive(store, "a")
    for _ in range(3 * MOST_ATTEMPTS):
        with store.begin() as tx:
            tx.inbox.again("a")
            tx.commit()
        taken = take(store, "a")
        assert taken is not None
        assert taken.attempts == 2  # it was begun before, and may have been said already
    with store.read() as tx:
        assert tx.inbox.deadly() == ()


def test_what_one_process_after_the_other_died_of_is_given_up(store: Store) -> None:
    receive(store, "a", span=OVER)
    for _ in range(MOST_ATTEMPTS - 1):
        assert take(store, "a", span=OVER) is not None
    assert take(store, "a") is None
    assert left(store) == ()
    with store.begin() as tx:
        assert tx.inbox.deadly() == ("a",)
        tx.inbox.failed("a")
        tx.commit()
    with store.read() as tx:
        assert tx.inbox.deadly() == ()


def test_what_was_not_begun_is_given_back_at_once(store: Store) -> None:
    receive(store, "a", "b")
    with store.begin() as tx:
        tx.inbox.answered("b")
        tx.inbox.give_back(["a", "b"], by="one")
        tx.commit()
    assert left(store) == ("a",)
    taken = take(store, "a")
    assert taken is not None
    assert taken.attempts == 1  # nobody has begun it


def at_once(*works: Callable[[], object]) -> None:
    wrong: list[BaseException] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        start.wait(10)
        try:
            work()
        except BaseException as no:
            wrong.append(no)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert not wrong


def test_two_processes_that_hear_the_same_in_other_orders_share_it(store: Store) -> None:
    ids = [f"m{number:03}" for number in range(300)]
    got: dict[str, list[str]] = {}

    def hear(who: str, order: list[str]) -> None:
        got[who] = [
            id for n in range(0, 300, 50) for id in receive(store, *order[n : n + 50], by=who)
        ]

    at_once(lambda: hear("one", ids), lambda: hear("two", ids[::-1]))
    assert sorted(got["one"] + got["two"]) == ids


def test_of_two_buttons_of_a_card_that_are_pressed_at_once_one_counts(store: Store) -> None:
    """Each press takes the other's row too; on PostgreSQL that must not end in a deadlock."""
    for turn in range(10):
        presses = [Press(title=t, command="help", once_per_card=True) for t in ("Red", "Blue")]
        with store.begin() as tx:
            tokens = list(tx.presses.mint(presses, card=f"card {turn}").values())
            tx.commit()
        won: list[str] = []

        def use(token: str, won: list[str] = won) -> None:
            with store.begin() as tx:
                if tx.presses.use(token, PersonKey(1)):
                    won.append(token)
                tx.commit()

        at_once(lambda: use(tokens[0]), lambda: use(tokens[1]))  # noqa: B023 - done before the next
        assert len(won) == 1


@pytest.fixture
def writers(store: Store) -> Iterator[tuple[Writer, Writer]]:
    both = Writer(store), Writer(store)
    for one in both:
        one.start()
    yield both
    for one in both:
        one.stop()


def test_a_job_that_another_process_was_in_the_way_of_is_done_again(
    store: Store, writers: tuple[Writer, Writer]
) -> None:
    """Two rows, changed in opposite orders by two processes: a deadlock on PostgreSQL."""
    receive(store, "a", "b")
    tried: list[str] = []
    first = threading.Barrier(2)

    def job(*order: str) -> Callable[[UnitOfWork], None]:
        def change(tx: UnitOfWork) -> None:
            is_new = order[0] not in tried
            tried.append(order[0])
            tx.inbox.answered(order[0])
            if is_new and store.engine.dialect.name == "postgresql":
                first.wait(10)
            tx.inbox.answered(order[1])

        return change

    done = [writers[0].soon(job("a", "b")), writers[1].soon(job("b", "a"))]
    for one in done:
        one.result(60)
    if store.engine.dialect.name == "postgresql":  # its next attempt may be in the way, too
        assert len(tried) >= 3
    else:
        assert len(tried) == 2


def test_a_job_that_fails_by_itself_takes_nobody_with_it(
    store: Store, writers: tuple[Writer, Writer]
) -> None:
    def breaks(tx: UnitOfWork) -> None:
        tx.inbox.receive([arrival("lost")], by="one", span=SPAN)
        raise ZeroDivisionError

    def works(tx: UnitOfWork) -> int:
        return len(tx.inbox.receive([arrival("b")], by="one", span=SPAN))

    broken, good = writers[0].soon(breaks), writers[0].soon(works)
    assert good.result(20) == 1
    with pytest.raises(ZeroDivisionError):
        broken.result(20)
    with store.read() as tx:
        assert tx.inbox.known(["lost", "b"]) == {"b"}
    assert not is_contention(ZeroDivisionError())


# -- in whose order -------------------------------------------------------------------------


def letter(id: str, person: str = "ana", kind: str = MESSAGE) -> Letter:
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    return Letter(id=id, kind=kind, body={"person": person}, received_at=now, attempts=1)


def test_one_person_has_only_so_many_in_hand() -> None:
    order = Order()
    letters = [letter(f"{n}") for n in range(MOST_OF_ONE + 2)]
    begun = [one for each in letters for one in order.arrive(each)]
    assert begun == letters[:MOST_OF_ONE]
    assert order.arrive(letter("b", "ben")) != []
    assert order.leave(letters[0]) == [letters[MOST_OF_ONE]]


def test_turns_come_in_the_order_of_arrival() -> None:
    order, said = Order(), []
    letters = [letter(f"{n}") for n in range(4)]
    for one in letters:
        order.arrive(one)

    def work(one: Letter) -> None:
        with order.turn(one):
            said.append(one.id)
        order.leave(one)

    at_once(*(lambda one=one: work(one) for one in reversed(letters)))
    assert said == ["0", "1", "2", "3"]


def test_a_letter_that_came_to_nothing_holds_nobody_up() -> None:
    order = Order()
    first, second = letter("1"), letter("2")
    order.arrive(first)
    order.arrive(second)
    order.leave(first)
    with order.turn(second):
        pass


def test_changes_of_spaces_wait_for_nobody() -> None:
    order = Order()
    many = [letter(f"{n}", kind="space") for n in range(50)]
    assert [one for each in many for one in order.arrive(each)] == many
