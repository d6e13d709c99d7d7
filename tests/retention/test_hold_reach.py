"""Holds on searches, their changes, their ends, and how far they reach; on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import SpaceKey
from domain.people import Actor
from query.protecting import held_among, holds_on, stop_if_held
from query.spec import Moments
from retention.attesting import attest, attested, is_missing
from retention.decision import protection
from retention.holds import (
    On,
    add_to_hold,
    change_hold,
    place_hold,
    release_hold,
    set_hold_end,
)
from retention.reach import reach_rows, show_hold
from retention.reminding import reminders
from spaces.spec import House
from spaces.tagging import untag_space
from storage.schema import membership, space, space_name
from tests.retention.officers import DAY, Watch, words
from tests.retention.test_holds import held, person_of, space_of


def keys_held(house: House) -> set[int]:
    with house.store.read() as tx:
        return {int(one) for one in held_among(tx, [SpaceKey(k) for k in range(1, 5)])}


def test_a_search_holds_at_once_what_it_finds_later_and_what_it_found(
    house: House, cleo: Actor
) -> None:
    placed = place_hold(house, cleo, "merger", searches=["title:budget"], matter="2026-881")
    assert (placed.reach, placed.hold.matter) == (3, "2026-881")
    assert keys_held(house) == held(house) == {1, 2, 3}
    with house.store.begin() as tx:
        rename = update(space_name).where(space_name.c.space_id == 4).values(title="Budget 4")
        tx.connection.execute(rename)
        tx.connection.execute(
            update(space_name).where(space_name.c.space_id == 1).values(title="Other")
        )
        tx.commit()
    assert keys_held(house) == held(house) == {1, 2, 3, 4}
    with house.store.begin() as tx:
        tx.connection.execute(
            update(space_name).where(space_name.c.space_id == 4).values(title="Other")
        )
        tx.commit()
    assert keys_held(house) == held(house) == {1, 2, 3, 4}  # the night has found it


def test_what_a_search_can_t_rule_out_is_held_before_every_effect(
    house: House, cleo: Actor
) -> None:
    place_hold(house, cleo, "big", searches=["size:>100"])
    assert keys_held(house) == {1, 2, 3, 4}  # nobody knows how many are in them
    with house.store.begin() as tx:
        tx.connection.execute(update(space).values(size=3))
        tx.commit()
    assert keys_held(house) == held(house) == set()
    with house.store.begin() as tx:
        tx.connection.execute(update(space).where(space.c.id == 2).values(size=101))
        tx.commit()
    with house.store.read() as tx:
        assert [one.name for one in holds_on(tx, SpaceKey(2))] == ["big"]
        assert protection(tx, SpaceKey(2), Moments(now=tx.now)) is not None
        with pytest.raises(Refusal, match="compliance can tell more") as no:
            stop_if_held(tx, SpaceKey(2))
        stop_if_held(tx, SpaceKey(1))
    assert "big" not in str(no.value)


def test_who_is_held_holds_where_it_is_not_known_who_is_in_it(
    house: House, cleo: Actor, dora: Actor
) -> None:
    place_hold(house, cleo, "dora", people=[person_of(house, dora)])
    assert keys_held(house) == set()
    with house.store.begin() as tx:
        tx.connection.execute(update(space).where(space.c.id == 3).values(members_known=False))
        tx.connection.execute(  # she comes into another one later
            insert(membership).values(space_id=4, person_id=dora.person, is_moderator=False)
        )
        tx.commit()
    assert keys_held(house) == {3, 4}


@pytest.mark.parametrize("search", ["", "colour:red", "state:held", "held:yes"])
def test_a_search_that_finds_nothing_or_its_own_effect_is_no_hold(
    house: House, cleo: Actor, search: str
) -> None:
    with pytest.raises(Refusal):
        place_hold(house, cleo, "x", searches=[search])


def test_a_hold_grows_and_says_what_began_before_and_what_was_done(
    house: House, cleo: Actor, dora: Actor
) -> None:
    place_hold(house, cleo, "audit", spaces=[space_of(house, 4)])
    more = add_to_hold(house, dora, "audit", On(tags=["finance"], spaces=[space_of(house, 4)]))
    assert (more.reach, more.added) == (4, 1)
    assert add_to_hold(house, dora, "audit", On(tags=["finance"])).added == 0
    with pytest.raises(Refusal, match="What else"):
        add_to_hold(house, dora, "audit", On())
    change_hold(house, dora, "audit", matter="A-1", reason="the court asked")
    shown = show_hold(house, "audit")
    assert (shown.hold.matter, shown.hold.reason, shown.reach) == ("A-1", "the court asked", 4)
    assert [one.said.split()[0] for one, _ in shown.history] == ["Matter:", "Extended", "Placed"]
    hold, rows = reach_rows(house, cleo, "audit")
    assert [(row[0], row[3]) for row in rows] == [
        ("Budget 0", "tag finance"), ("Budget 1", "tag finance"), ("Budget 2", "tag finance"),
        ("Party", "itself"),
    ]  # fmt: skip
    assert hold.name == "audit"
    assert words(house).count(Word.HOLD_EXPORT) == 1


def test_a_hold_with_an_end_ends_and_then_its_spaces_are_left_alone(
    house: House, watch: Watch, cleo: Actor
) -> None:
    place_hold(house, cleo, "short", tags=["finance"], until=watch.at + 10 * DAY)
    with house.store.read() as tx:
        assert [one.subject for one in reminders(tx)] == ["holds"]
    watch.at += 10 * DAY - timedelta(seconds=1)
    assert held(house) == {1, 2, 3}
    watch.at += timedelta(seconds=1)
    assert held(house) == keys_held(house) == set()
    with house.store.read() as tx:
        assert tx.protections.firmly_until(SpaceKey(1)) == watch.at + 7 * DAY
        line = protection(tx, SpaceKey(1), Moments(now=tx.now))
    assert line is not None
    assert "left alone" in line.sentence
    watch.at += 8 * DAY
    with house.store.read() as tx:
        assert protection(tx, SpaceKey(1), Moments(now=tx.now)) is None


def test_a_tag_stays_on_while_its_spaces_are_left_alone_after_the_hold(
    house: House, watch: Watch, cleo: Actor
) -> None:
    place_hold(house, cleo, "short", tags=["finance"], until=watch.at + 10 * DAY)
    watch.at += 10 * DAY
    with pytest.raises(Refusal):
        untag_space(house, cleo, space_of(house, 1), ["finance"])
    with house.store.read() as tx:
        assert protection(tx, SpaceKey(1), Moments(now=tx.now)) is not None
    watch.at += 7 * DAY
    assert untag_space(house, cleo, space_of(house, 1), ["finance"]).changed == ("finance",)


def test_a_nearer_end_leaves_a_week_and_a_later_one_holds_at_once(
    house: House, watch: Watch, cleo: Actor
) -> None:
    place_hold(house, cleo, "audit", tags=["finance"], until=watch.at + 90 * DAY)
    with pytest.raises(Refusal, match="7 days"):
        set_hold_end(house, cleo, "audit", watch.at + 6 * DAY)
    assert set_hold_end(house, cleo, "audit", watch.at + 8 * DAY).ends_at == watch.at + 8 * DAY
    assert set_hold_end(house, cleo, "audit", None).ends_at is None
    release_hold(house, cleo, "audit")
    with pytest.raises(Refusal, match="being released"):
        set_hold_end(house, cleo, "audit", None)
    assert place_hold(house, cleo, "audit").hold.ends_at is None
    with pytest.raises(Refusal, match="past"):
        place_hold(house, cleo, "late", tags=["finance"], until=watch.at - DAY)


def test_a_release_taken_back_ends_when_the_hold_was_to_end(
    house: House, watch: Watch, cleo: Actor
) -> None:
    until = watch.at + 90 * DAY
    place_hold(house, cleo, "audit", tags=["finance"], until=until)
    release_hold(house, cleo, "audit")
    assert place_hold(house, cleo, "audit").hold.ends_at == until


def test_an_officer_s_word_on_control_hub_counts_for_its_time(
    house: House, watch: Watch, cleo: Actor
) -> None:
    strict = replace(house, limits=replace(house.limits, needs_attestation=True))
    with house.store.read() as tx:
        assert "Nobody has attested" in attested(tx)
        assert is_missing(house, tx) == ""
        assert "nobody" in is_missing(strict, tx)
    made = attest(house, cleo, watch.at, "2026-881")
    with house.store.read() as tx:
        assert "cleo@example.com attested" in attested(tx)
        assert "2026-881" in attested(tx)
        assert is_missing(strict, tx) == ""
        assert list(reminders(tx)) == []
    watch.at = made.valid_until - DAY
    with house.store.read() as tx:
        assert [one.subject for one in reminders(tx)] == ["attestation"]
    watch.at = made.valid_until
    with house.store.read() as tx:
        assert "ran out" in attested(tx)
        assert is_missing(strict, tx) != ""
    for wrong in (watch.at + DAY, watch.at - 91 * DAY):
        with pytest.raises(Refusal):
            attest(house, cleo, wrong, "")
    assert words(house).count(Word.ATTEST) == 1
