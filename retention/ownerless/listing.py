"""The spaces that nobody owns, for compliance: how many, and how far the search for each is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.errors import Refusal
from domain.ids import SpaceKey
from domain.owning import Search, SearchState
from domain.people import Actor
from domain.spaces import Space
from query.listing import ownerless_among
from retention.ownerless.searching import begin_search, owner_names
from spaces.finding import find_spaces
from spaces.spec import House
from storage.store import UnitOfWork

QUERY = "owner:none"
"""As in a search: it is known who is in it, and none of them owns it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownerless:
    """One page. `counts` are of all searches that are going on."""

    rows: tuple[tuple[Space, Search | None], ...]
    number: int
    total: int
    counts: Mapping[SearchState, int]


def list_ownerless(house: House, *, page: int, per_page: int) -> Ownerless:
    found = find_spaces(house, QUERY, visible_to=None, page=page, per_page=per_page)
    with house.store.read() as tx:
        going_on = tx.owner_searches.of_spaces([one.key for one in found.rows])
        counts = tx.owner_searches.counts()
    return Ownerless(
        rows=tuple((one, going_on.get(one.key)) for one in found.rows), number=found.number,
        total=found.total, counts=counts,
    )  # fmt: skip


def owned_or_sought(tx: UnitOfWork, spaces: Sequence[SpaceKey]) -> dict[SpaceKey, str]:
    """Why no search is begun for some of these spaces, in a few words; by what is known."""
    going_on = tx.owner_searches.of_spaces(spaces)
    nobodys = ownerless_among(tx, spaces)
    return {
        key: "is looked for already" if key in nobodys else "has an owner, or it is not known"
        for key in spaces if key in going_on or key not in nobodys
    }  # fmt: skip


def seek_for(house: House, actor: Actor, space: Space) -> None:
    """Begins a search; the next morning asks. Raises Refusal: it has an owner, or there is one."""
    with house.store.begin() as tx:
        if names := owner_names(tx, space.key):
            raise Refusal(f"{names} owns it.")
        if begin_search(tx, space.key, case=None, actor=actor) is None:
            raise Refusal("Its members are being asked already.")
        tx.commit()
