"""`required:missing` and `required:complete`: holds, does not, unknown; on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from storage.store import Store
from tests.query.test_conditions import answer
from tests.tenants import Tenant

GROUP, DIRECT = 1, 2
SETS = (("finance", "hr"), ("eu", "us"))
CASES: list[tuple[str, dict[str, Any], bool | None]] = [
    ("required:missing", {"tags": ("finance", "eu")}, False),
    ("required:missing", {"tags": ("finance", "hr")}, True),
    ("required:missing", {"tags": ("eu",)}, True),
    ("required:missing", {}, True),
    ("required:missing", {"type": DIRECT}, False),
    ("required:missing", {"type": None}, None),
    ("required:missing", {"type": None, "tags": ("hr", "us")}, False),
    ("required:complete", {"tags": ("finance", "eu", "other")}, True),
    ("required:complete", {"tags": ("finance", "other")}, False),
    ("required:complete", {"type": DIRECT}, True),
    ("required:complete", {"type": None}, None),
    ("required:complete", {"type": None, "tags": ("hr", "us")}, True),
    ("-required:missing", {"tags": ("finance", "eu")}, True),
]


@pytest.mark.parametrize(("query", "facts", "said"), CASES)
def test_required(store: Store, query: str, facts: dict[str, Any], said: bool | None) -> None:
    with store.begin() as tx:
        for names in SETS:
            tx.vocabulary.require(tx.tags.ensure(names).values(), None)
        tenant = Tenant(tx)
        tenant._keys |= {
            ("tag", name): key
            for name, key in tx.tags.ensure([name for names in SETS for name in names]).items()
        }
        key = tenant.space(**facts)
        assert answer(tx, key, query) is said


def test_where_nothing_is_required_nothing_lacks(store: Store) -> None:
    with store.begin() as tx:
        key = Tenant(tx).space(type=None)
        assert answer(tx, key, "required:missing") is False
        assert answer(tx, key, "required:complete") is True
