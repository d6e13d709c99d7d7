"""Groups of the directory: what a reading changes, and what it leaves as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from domain.groups import FRESH, GroupSeen, GroupState
from domain.ids import PersonKey
from storage.store import Store, UnitOfWork
from tests.clocks import StandingClock
from tests.storage.test_inventory import person

KNOWN, SHRUNK, PARTIAL = GroupState.KNOWN, GroupState.SHRUNK, GroupState.PARTIAL
SILENT, GONE, OLD = GroupState.SILENT, GroupState.GONE, GroupState.OLD


@pytest.fixture
def clock() -> StandingClock:
    """In place of the machine's, so that a group can grow old."""
    return StandingClock()


def group(
    name: str, emails: Sequence[str] | Mapping[str, str], *, id: str = "", source: str = "ldap",
    why: str = "",
) -> GroupSeen:  # fmt: skip
    whole = emails if isinstance(emails, Mapping) else {email: email for email in emails}
    return GroupSeen(
        source=source, source_id=f"{source}:{id or name}", name=name, emails=whole, why=why
    )


def many(count: int) -> list[str]:
    return [f"p{number}@example.com" for number in range(count)]


def state(tx: UnitOfWork, name: str) -> GroupState:
    (found,) = tx.groups.named(name)
    return found.state


def is_in(tx: UnitOfWork, email: str, name: str) -> bool | None:
    found = tx.people.by_email(email)
    assert found is not None
    return tx.groups.is_in(PersonKey(found.key), name)


def test_what_was_read_is_known_and_says_when(store: Store) -> None:
    with store.begin() as tx:
        tx.people.ensure([person("p1@example.com"), person("zoe@example.com")])
        (change,) = tx.groups.write([group("Finance", many(3))])
        assert (change.before, change.after, change.is_lost) == (None, KNOWN, False)
        (found,) = tx.groups.named("FINANCE")
        assert (found.members, found.read_at, found.since) == (3, tx.now, tx.now)
        assert found.is_known
        assert is_in(tx, "p1@example.com", "finance") is True
        assert is_in(tx, "zoe@example.com", "finance") is False


def test_a_group_that_is_renamed_is_the_same_one(store: Store) -> None:
    with store.begin() as tx:
        tx.people.ensure([person("p1@example.com")])
        tx.groups.write([group("Finance", many(3), id="7")])
        (before,) = tx.groups.named("finance")
        (change,) = tx.groups.write([group("Finance EMEA", many(3), id="7")])
        (after,) = tx.groups.named("finance emea")
        assert (after.key, change.former_name) == (before.key, "Finance")
        assert tx.groups.named("finance") == ()
        assert is_in(tx, "p1@example.com", "finance") is None, "nobody has that name any more"


def test_two_groups_of_one_name_are_two_and_neither_gives_a_right(store: Store) -> None:
    with store.begin() as tx:
        tx.people.ensure([person("p1@example.com")])
        tx.groups.write([group("Officers", many(3), id="1")])
        assert is_in(tx, "p1@example.com", "officers") is True
        tx.groups.write([group("officers", ["p1@example.com"], source="graph", id="2")])
        assert len(tx.groups.named("Officers")) == 2
        assert is_in(tx, "p1@example.com", "officers") is None
        assert is_in(tx, "p1@example.com", "graph:2") is True, "an id says which is meant"


@pytest.mark.parametrize(
    ("before", "after", "believed"),
    [
        (1000, 950, True),  # 5 %
        (1000, 949, False),
        (100, 50, True),  # 50 people
        (100, 49, False),
        (3, 1, True),
        (3, 0, False),  # emptied
        (0, 0, True),
        (0, 9, True),
    ],
)
def test_how_much_a_group_may_shrink_at_once(
    store: Store, before: int, after: int, believed: bool
) -> None:
    with store.begin() as tx:
        tx.groups.write([group("Finance", many(before))])
        (change,) = tx.groups.write([group("Finance", many(after))])
        assert (change.after is KNOWN) == believed
        (found,) = tx.groups.named("Finance")
        assert len(tx.groups.addresses(found.key)) == (after if believed else before)
        assert found.members == (after if believed else before)
        assert found.pending == (None if believed else after)
        assert change.is_lost != believed


def test_a_shrunken_group_stays_unknown_until_somebody_looked_or_it_is_back(store: Store) -> None:
    with store.begin() as tx:
        tx.groups.write([group("Finance", many(100))])
        for _ in range(3):
            tx.groups.write([group("Finance", many(5))])
            assert state(tx, "Finance") is SHRUNK
        tx.groups.write([group("Finance", many(99))])
        assert state(tx, "Finance") is KNOWN
        tx.groups.write([group("Finance", many(5))], may_shrink=True)
        assert state(tx, "Finance") is KNOWN
        (found,) = tx.groups.named("Finance")
        assert len(tx.groups.addresses(found.key)) == 5


def test_a_member_is_lost_only_with_their_last_address(store: Store) -> None:
    with store.begin() as tx:
        tx.groups.write([group("Finance", {f"p{n}@old.example": f"p{n}@old.example"
                                           for n in range(100)})])  # fmt: skip
        both = {f"p{n}@{where}.example": f"p{n}@new.example"
                for n in range(100) for where in ("old", "new")}  # fmt: skip
        tx.groups.write([group("Finance", both)])
        assert state(tx, "Finance") is KNOWN
        (found,) = tx.groups.named("Finance")
        assert (found.members, len(tx.groups.addresses(found.key))) == (100, 100)


def test_somebody_is_known_by_any_of_their_addresses(store: Store) -> None:
    with store.begin() as tx:
        tx.people.ensure([person("ana.maria@example.com")])
        tx.groups.write(
            [group("Finance", {"ana@example.com": "ana@example.com",
                               "ana.maria@example.com": "ana@example.com"})]
        )  # fmt: skip
        assert is_in(tx, "ana.maria@example.com", "finance") is True


def test_each_member_is_added_once_by_the_address_that_webex_knows(store: Store) -> None:
    with store.begin() as tx:
        tx.people.ensure([person("ana.maria@example.com"), person("ben@example.com")])
        tx.groups.write([group("Finance", {
            "ana@example.com": "ana@example.com", "ana.maria@example.com": "ana@example.com",
            "ben@example.com": "ben@example.com", "b@example.com": "ben@example.com",
            "new@example.com": "new@example.com", "n@example.com": "new@example.com",
        })])  # fmt: skip
        (found,) = tx.groups.named("Finance")
        assert tx.groups.to_add(found.key) == {
            "ana.maria@example.com", "ben@example.com", "new@example.com"
        }  # fmt: skip


def test_what_was_not_read_wholly_keeps_its_last_good_members(store: Store) -> None:
    with store.begin() as tx:
        tx.people.ensure([person("p1@example.com")])
        tx.groups.write([group("Finance", many(3))])
        (change,) = tx.groups.write([group("Finance", [], why="two can't be read")])
        assert (change.after, change.why, change.is_lost) == (PARTIAL, "two can't be read", True)
        (found,) = tx.groups.named("Finance")
        assert len(tx.groups.addresses(found.key)) == 3
        assert is_in(tx, "p1@example.com", "finance") is None


def test_one_source_that_is_silent_says_nothing_of_another(store: Store) -> None:
    with store.begin() as tx:
        tx.groups.write([group("Finance", many(3)), group("Legal", many(2), source="file")])
        tx.groups.write([group("Old", many(3))])
        tx.groups.finish("ldap", {"ldap:Finance"})
        assert state(tx, "Old") is GONE
        (lost,) = [one for one in tx.groups.silence("ldap", "no answer") if one.is_lost]
        assert lost.name == "Finance"
        assert (state(tx, "Finance"), state(tx, "Legal")) == (SILENT, KNOWN)
        assert state(tx, "Old") is GONE, "what is worse stays said"


def test_a_source_that_is_not_connected_any_more_has_nothing_known(store: Store) -> None:
    with store.begin() as tx:
        tx.groups.write([group("Finance", many(3)), group("Legal", many(2), source="file")])
        tx.groups.only(["ldap"])
        assert (state(tx, "Finance"), state(tx, "Legal")) == (KNOWN, GONE)


def test_since_when_stays_while_the_state_does(store: Store, clock: StandingClock) -> None:
    with store.begin() as tx:
        tx.groups.write([group("Finance", many(3))])
        began = tx.now
        tx.commit()
    clock.advance(hours=8)
    with store.begin() as tx:
        tx.groups.write([group("Finance", many(4))])
        (found,) = tx.groups.named("Finance")
        assert (found.since, found.read_at) == (began, tx.now)
        tx.groups.silence("ldap", "no answer")
        (found,) = tx.groups.named("Finance")
        assert (found.since, found.read_at) == (tx.now, tx.now)
        assert found.why == "no answer"


def test_a_group_that_nobody_reads_grows_old(store: Store, clock: StandingClock) -> None:
    with store.begin() as tx:
        tx.people.ensure([person("p1@example.com")])
        tx.groups.write([group("Finance", many(3))])
        tx.commit()
    clock.advance(hours=FRESH / timedelta(hours=1), minutes=-1)
    with store.begin() as tx:
        assert is_in(tx, "p1@example.com", "finance") is True
    clock.advance(minutes=1)
    with store.begin() as tx:
        assert is_in(tx, "p1@example.com", "finance") is None
        assert state(tx, "Finance") is OLD
        assert tx.groups.unknown() == ("Finance",)
        (change,) = tx.groups.write([group("Finance", many(3))])
        assert (change.before, change.after) == (OLD, KNOWN)


def test_a_forgotten_group_leaves_nothing_behind(store: Store) -> None:
    with store.begin() as tx:
        tx.people.ensure([person("p1@example.com")])
        tx.groups.write([group("Finance", many(3)), group("Legal", many(2))])
        tx.groups.derive()
        tx.groups.forget([tx.groups.named("Finance")[0].key])
        assert tx.groups.names() == ("Legal",)
        assert is_in(tx, "p1@example.com", "finance") is None
        assert is_in(tx, "p1@example.com", "legal") is True


def test_hostile_names_are_only_names(store: Store) -> None:
    names = ["%", "_", "a'b", 'a"b', "x*)(cn=*", "\\", "Führung", "ФИНАНСЫ", "a\nb", "x" * 3000]
    with store.begin() as tx:
        tx.groups.write([group(name, many(n + 1)) for n, name in enumerate(names)])
        for n, name in enumerate(names):
            (found,) = tx.groups.named(name)
            assert found.members == n + 1
        assert tx.groups.named("FÜHRUNG") == tx.groups.named("führung")
        assert tx.groups.named("a%") == ()
