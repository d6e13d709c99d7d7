"""Tags in the tables: many at once, with their record, on both databases."""

from __future__ import annotations

from domain.audit import Word
from domain.ids import SpaceKey
from domain.people import SYSTEM
from storage.store import Store
from tests.tenants import Tenant

MANY = 1_200
"""More than one statement's parameters were."""


def spaces(store: Store, count: int) -> list[SpaceKey]:
    with store.begin() as tx:
        tenant = Tenant(tx)
        keys = [SpaceKey(tenant.space(title=f"S{n}")) for n in range(count)]
        tx.commit()
    return keys


def test_many_spaces_are_tagged_and_untagged_and_what_was_new_is_said(store: Store) -> None:
    keys = spaces(store, MANY)
    with store.begin() as tx:
        assert tx.tags.add(keys[0], ["b"], None) == ("b",)
        new = tx.tags.add_to_many([*keys, keys[1]], ["b", "a", "b"], None)
        assert len(new) == MANY
        assert new[keys[0]] == ("a",)
        assert new[keys[1]] == ("b", "a")
        assert tx.tags.add_to_many(keys, ["a"], None) == {}
        assert tx.tags.of(keys[-1]) == ("a", "b")
        gone = tx.tags.remove_from_many(keys[1:], ["a", "nosuch"])
        assert gone == dict.fromkeys(keys[1:], ("a",))
        assert tx.tags.with_any(["a"]) == (keys[0],)
        tx.commit()


def test_a_record_of_each_keeps_the_chain(store: Store) -> None:
    keys = spaces(store, 3)
    with store.begin() as tx:
        tx.audit.add(Word.PAUSE, SYSTEM)
        tx.audit.add_of_each(Word.SPACE_TAG_ADD, SYSTEM, [(k, {"tags": ["é"]}) for k in keys])
        tx.audit.add_of_each(Word.SPACE_TAG_ADD, SYSTEM, [])
        last = tx.audit.add(Word.RESUME, SYSTEM)
        tx.commit()
    with store.read() as tx:
        assert last == 5
        assert tx.audit.verify()
        (one,) = tx.audit.of_space(keys[1])
        assert one.detail == {"tags": ["é"]}
