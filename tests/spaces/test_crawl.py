"""A crawl: the inventory becomes what the server knows, whatever stops it on the way."""

from __future__ import annotations

import pytest

from spaces.sync.crawl import crawl
from tests.spaces.inventories import Company


@pytest.fixture
def tenant(company: Company) -> Company:
    company.control.call("POST", "tenant", tenant="small")
    return company


def test_the_inventory_equals_what_the_server_knows(tenant: Company) -> None:
    made = crawl(tenant.house)
    assert (made.is_finished, made.is_complete, made.said) == (True, True, "")
    assert tenant.inventory() == tenant.truth()
    with tenant.house.store.read() as tx:
        last = tx.crawls.last(complete=True)
    assert last is not None
    assert last.spaces == len(tenant.truth())
