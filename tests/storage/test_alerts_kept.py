"""Alerts as they are kept, on both databases: what is news, what counts, who is first."""

from __future__ import annotations

import threading
from datetime import timedelta

from domain.alerts import AlertKind, AlertState, AlertWord, Item, Mend, Raised
from domain.ids import PersonKey
from storage.alerts import News
from storage.store import Store


def raise_(store: Store, raised: Raised, *, is_told: bool = True) -> News:
    with store.begin() as tx:
        news = tx.alerts.raise_(raised, is_told=is_told)
        tx.commit()
    return news


def counting(*names: str, lasts: bool = True) -> Raised:
    items = tuple(Item(key=name, said=f"“{name}”") for name in names)
    return Raised(kind=AlertKind.FORBIDDEN, subject="a rule", items=items, lasts=lasts)


def test_what_was_raised_is_read_back_whole(store: Store) -> None:
    mend = Mend(title="Look", command="policy approve", args={"policy": "c"}, typed="look")
    raised = Raised(
        kind=AlertKind.APPROVAL, subject="policy/1", what="“ü” waits", pairs=(("Policy", "{{x}}"),),
        means="m", to_do="t", mends=(mend,), lasts=True,
    )  # fmt: skip
    key = raise_(store, raised).key
    with store.read() as tx:
        one = tx.alerts.get(key)
        assert one is not None
        assert (one.what, one.pairs, one.mends) == ("“ü” waits", (("Policy", "{{x}}"),), (mend,))
        assert (one.means, one.to_do, one.lasts, one.is_on) == ("m", "t", True, True)
        assert tx.alerts.of(AlertKind.APPROVAL, "policy/1") == one
        assert [each.key for each in tx.alert_telling.to_tell()] == [key]
        assert tx.alerts.counts() == {(AlertKind.APPROVAL, AlertState.OPEN): 1}


def test_things_come_and_go_and_come_again(store: Store) -> None:
    first = raise_(store, counting("a", "b"))
    assert first.word is AlertWord.RAISED
    assert raise_(store, counting("a", "b")).word is None
    assert raise_(store, counting("b")).word is None
    with store.begin() as tx:
        assert [one.key for one in tx.alerts.items(first.key)] == ["b"]
        assert tx.alerts.keep_items(first.key, ["b", "nonsense"]) == 1
        one = tx.alerts.get(first.key)
        assert one is not None
        assert tx.alerts.move(one, AlertState.CLOSED, by="cleo", reason="fine")
        tx.commit()
    assert raise_(store, counting("b")).word is None, "that was there when it was closed"
    assert raise_(store, counting("a", "b")).word is AlertWord.AGAIN, "one that had gone is back"
    with store.begin() as tx:
        assert tx.alerts.gone(first.key, "all are well")
        assert not tx.alerts.gone(first.key, "all are well")
        assert tx.alerts.items(first.key) == ()
        assert tx.alerts.on((AlertKind.FORBIDDEN,)) == ()
        tx.commit()


def test_many_things_at_once_and_in_pieces(store: Store) -> None:
    names = [f"space/{number}" for number in range(1_500)]
    key = raise_(store, counting(*names)).key
    with store.begin() as tx:
        one = tx.alerts.get(key)
        assert one is not None
        assert one.things == 1_500
        assert tx.alerts.keep_items(key, names[::2]) == 750


def test_of_several_who_raise_the_same_at_once_one_makes_it(store: Store) -> None:
    ready, came = threading.Barrier(4), []

    def act() -> None:
        ready.wait()
        with store.begin() as tx:
            tx.audit.serialise()
            came.append(tx.alerts.raise_(counting("a", lasts=False), is_told=True))
            tx.commit()

    threads = [threading.Thread(target=act) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(str(one.word) for one in came) == ["None", "None", "None", "raised"]
    assert len({one.key for one in came}) == 1


def test_a_move_from_where_it_is_not_any_more_changes_nothing(store: Store) -> None:
    key = raise_(store, Raised(kind=AlertKind.BRAKE)).key
    with store.begin() as tx:
        seen = tx.alerts.get(key)
        assert seen is not None
        assert tx.alerts.move(seen, AlertState.ASSIGNED, by="cleo", assigned=PersonKey(1))
        assert not tx.alerts.move(seen, AlertState.ACKNOWLEDGED, by="dora")
        tx.commit()
    with store.read() as tx:
        now = tx.alerts.get(key)
        assert now is not None
        assert (now.state, now.assigned, now.by) == (AlertState.ASSIGNED, 1, "cleo")
        assert tx.alerts.count((AlertState.ASSIGNED,), assigned=PersonKey(1)) == 1
        assert tx.alerts.count((AlertState.ASSIGNED,), assigned=PersonKey(2)) == 0


def test_who_was_told_is_known_for_each_opening(store: Store) -> None:
    key = raise_(store, Raised(kind=AlertKind.BRAKE, occurrence="1")).key
    with store.begin() as tx:
        one = tx.alerts.get(key)
        assert one is not None
        tx.alert_telling.tried(one, "7", 1, is_told=False)
        tx.alert_telling.tried(one, "8", 0, is_told=True)
        assert tx.alert_telling.attempts(one) == {"7": (1, False), "8": (0, True)}
        tx.alert_telling.tell_later(one, tx.now + timedelta(minutes=1), failed=True)
        assert tx.alert_telling.to_tell() == ()
        assert [each.tries for each in tx.alert_telling.untold()] == [1]
        tx.alert_telling.all_told(one)
        assert tx.alert_telling.untold() == ()
        assert tx.alert_telling.tell_once_more([AlertKind.BRAKE], told_before=tx.now) == 0
        later = tx.now + timedelta(seconds=1)
        assert tx.alert_telling.tell_once_more([AlertKind.BRAKE], told_before=later) == 1
        again = tx.alerts.get(key)
        assert again is not None
        assert tx.alert_telling.attempts(again) == {}


def test_only_what_is_over_and_old_is_forgotten_with_all_that_hangs_on_it(store: Store) -> None:
    gone = raise_(store, counting("a")).key
    stays = raise_(store, Raised(kind=AlertKind.BRAKE)).key
    with store.begin() as tx:
        assert tx.alerts.gone(gone, "it is well")
        tx.commit()
    with store.begin() as tx:
        assert tx.alerts.sweep(before=tx.now - timedelta(days=1)) == 0
        assert tx.alerts.sweep(before=tx.now + timedelta(days=1)) == 1
        assert tx.alerts.get(gone) is None
        assert tx.alerts.get(stays) is not None


def test_rules_are_kept_once_by_their_names(store: Store) -> None:
    with store.begin() as tx:
        assert tx.alert_rules.add("closed", "tag:finance", by="cleo")
        assert not tx.alert_rules.add("closed", "tag:hr", by="dora")
        assert [(one.name, one.query) for one in tx.alert_rules.all()] == [
            ("closed", "tag:finance")
        ]
        assert tx.alert_rules.drop("closed")
        assert not tx.alert_rules.drop("closed")
