"""Renaming, merging and dropping tags: what they protect stays; on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import timedelta
from itertools import count

import pytest

from domain.errors import Refusal
from domain.ids import SpaceKey
from domain.people import Actor
from domain.policies import Ending, PolicyDraft, PolicyState
from retention.holds import place_hold, release_hold
from retention.retagging import (
    UNDOABLE,
    ListChanged,
    Retag,
    Retagged,
    carry_out,
    look_at,
    undo_change,
)
from retention.tag_rules import require_tags, reserve_tags, unrequire_tags
from spaces.spec import House
from spaces.tagging import rules_of
from storage.schema import saved_search, watch
from tests.retention.officers import DAY, Watch

_steps = count()


def keys(house: House, *tags: str) -> tuple[int, ...]:
    with house.store.read() as tx:
        return tuple(int(key) for key in tx.tags.with_any(tags))


def give(house: House, spaces: Iterable[int], *tags: str) -> None:
    with house.store.begin() as tx:
        tx.tags.add_to_many([SpaceKey(key) for key in spaces], tags, None)
        tx.commit()


def retag(house: House, who: Actor, kind: str, *names: str, to: str | None = None) -> Retagged:
    asked = Retag(kind=kind, names=names, target=to)
    looked = look_at(house, who, asked)
    return carry_out(house, who, looked.retag, seen=looked.spaces, step=f"t{next(_steps)}")


def policy(house: House, query: str, *, name: str = "cleanup", ending: Ending = Ending.DELETE,
           state: PolicyState = PolicyState.ACTIVE) -> None:  # fmt: skip
    period = None if ending is Ending.KEEP else 90 * DAY
    with house.store.begin() as tx:
        made = tx.policies.new(
            name, PolicyDraft(query=query, ending=ending, period=period, cap=5), author=None
        )
        if state is not PolicyState.SIMULATION:
            tx.policies.set_state(made.policy, PolicyState.ACTIVE, was=PolicyState.SIMULATION)
        if state is PolicyState.PAUSED:
            tx.policies.set_state(made.policy, state, was=PolicyState.ACTIVE)
        tx.commit()


def reach(house: House, hold: str) -> set[int]:
    with house.store.read() as tx:
        found = tx.protections.hold_named(hold)
        assert found is not None
        return {int(key) for key in tx.protections.reach(found.key)}


def everything(house: House) -> list[tuple[object, ...]]:
    """All that a change of tags could touch."""
    with house.store.read() as tx:
        rules = tx.vocabulary.rules()
        return [(key, *tx.tags.of(SpaceKey(key))) for key in range(1, 5)] + [
            tuple(sorted(rules.reserved)),
            tuple(one.names for one in rules.required),
        ]


# -- what it does ---------------------------------------------------------------------------


def test_a_renamed_tag_is_on_exactly_the_spaces_that_had_it(house: House, cleo: Actor) -> None:
    done = retag(house, cleo, "rename", "finance", to="money")
    assert done.spaces == 3
    assert keys(house, "money") == (1, 2, 3)
    assert keys(house, "finance") == ()


def test_looking_changes_nothing(house: House, cleo: Actor) -> None:
    before = everything(house)
    with house.store.read() as tx:
        length = tx.audit.verify().length
    looked = look_at(house, cleo, Retag(kind="rename", names=("finance",), target="money"))
    assert looked.spaces == (1, 2, 3)
    assert [space.title for space, _ in looked.first] == ["Budget 0", "Budget 1", "Budget 2"]
    assert everything(house) == before
    with house.store.read() as tx:
        assert tx.audit.verify().length == length
        assert tx.tags.key_of("money") is None


def test_a_merge_leaves_no_space_with_two(house: House, cleo: Actor) -> None:
    give(house, [1, 4], "fin")
    give(house, [2], "money")
    looked = look_at(house, cleo, Retag(kind="merge", names=("fin", "finance"), target="money"))
    assert looked.has_target == 1
    done = carry_out(house, cleo, looked.retag, seen=looked.spaces, step="m")
    assert done.spaces == 4
    assert keys(house, "money") == (1, 2, 3, 4)
    assert keys(house, "fin", "finance") == ()


def test_who_first_gave_it_still_stands_there(house: House, cleo: Actor, dora: Actor,
                                              watch: Watch) -> None:  # fmt: skip
    with house.store.begin() as tx:
        tx.tags.add(SpaceKey(4), ["old"], cleo.person)
        tx.commit()
    first = watch.at
    watch.at += 3 * DAY
    with house.store.begin() as tx:
        tx.tags.add(SpaceKey(4), ["new"], dora.person)
        tx.commit()
    retag(house, cleo, "merge", "new", "old", to="both")
    with house.store.read() as tx:
        (_, given) = sorted(tx.tags.given_to(SpaceKey(4)), key=lambda one: one.name != "both")[::-1]
    assert (given.name, given.by, given.at) == ("both", "cleo@example.com", first)


def test_each_space_has_its_line_in_the_record(house: House, cleo: Actor) -> None:
    give(house, [2], "money")
    retag(house, cleo, "merge", "finance", to="money")
    with house.store.read() as tx:
        assert tx.audit.verify()
        lines = [one for one in tx.audit.since() if one.word == "tag:merge"]
    whole, *each = lines
    assert (whole.space, whole.detail["spaces"], whole.detail["target"]) == (None, 3, "money")
    assert [one.space for one in each] == [1, 2, 3]
    assert [one.detail["on"] for one in each] == [["money"], [], ["money"]]
    assert all(one.actor == "cleo@example.com" for one in lines)


# -- what is refused ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Retag(kind="rename", names=("nosuch",), target="x"), "No space has the tag “nosuch”"),
        (Retag(kind="rename", names=("finanze",), target="x"), "Did you mean “finance”?"),
        (Retag(kind="rename", names=("finance",), target="fun"), "`tag merge finance into fun`"),
        (Retag(kind="rename", names=("fun",), target="fun"), "nothing would change"),
        (Retag(kind="merge", names=("fun", "fun"), target="fun"), "nothing would change"),
        (Retag(kind="drop", names=("nosuch",)), "No space has the tag"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(house: House, cleo: Actor, asked: Retag, said: str) -> None:
    with pytest.raises(Refusal) as no:
        look_at(house, cleo, asked)
    assert said in str(no.value)


def test_other_spaces_than_were_seen_are_not_touched(house: House, cleo: Actor) -> None:
    looked = look_at(house, cleo, Retag(kind="drop", names=("finance",)))
    give(house, [4], "finance")
    with pytest.raises(ListChanged):
        carry_out(house, cleo, looked.retag, seen=looked.spaces, step="d")
    assert keys(house, "finance") == (1, 2, 3, 4)


def test_the_same_request_again_is_done_once(house: House, cleo: Actor) -> None:
    looked = look_at(house, cleo, Retag(kind="rename", names=("finance",), target="money"))
    one = carry_out(house, cleo, looked.retag, seen=looked.spaces, step="again")
    assert carry_out(house, cleo, looked.retag, seen=looked.spaces, step="again") == one


def test_of_two_who_rename_at_once_one_does(house: House, cleo: Actor, dora: Actor) -> None:
    asked = Retag(kind="rename", names=("finance",), target="money")
    seen = look_at(house, cleo, asked).spaces
    came: list[object] = []

    def go(who: Actor) -> None:
        try:
            came.append(carry_out(house, who, asked, seen=seen, step=who.name))
        except Refusal as no:
            came.append(no)

    both = [threading.Thread(target=go, args=(who,)) for who in (cleo, dora)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(type(one).__name__ for one in came) == ["ListChanged", "Retagged"]
    assert keys(house, "money") == (1, 2, 3)


# -- policies -------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [PolicyState.ACTIVE, PolicyState.PAUSED])
@pytest.mark.parametrize(
    ("query", "ending"),
    [
        ("tag:finance", Ending.DELETE), ("tag:money", Ending.DELETE),
        ("-tag:finance", Ending.BLOCK),
        ("tag:finance", Ending.KEEP), ("fun or tag:x,finance", Ending.NOTIFY),
        ("tag:money inactive:>5y", Ending.DELETE),
    ],
)  # fmt: skip
def test_no_policy_hits_or_keeps_others_by_a_rename(
    house: House, cleo: Actor, query: str, ending: Ending, state: PolicyState
) -> None:
    policy(house, query, ending=ending, state=state)
    before = everything(house)
    with pytest.raises(Refusal) as no:
        retag(house, cleo, "rename", "finance", to="money")
    assert "The policy “cleanup” asks for" in str(no.value)
    assert "3 spaces" in str(no.value)
    assert "have it agreed to" in str(no.value)
    assert everything(house) == before


def test_a_policy_that_means_both_words_lets_the_rename_through(house: House, cleo: Actor) -> None:
    policy(house, "tag:finance,money inactive:>90d")
    policy(house, "tag:fun", name="other")
    policy(house, "-tag:none", name="any")
    assert retag(house, cleo, "rename", "finance", to="money").spaces == 3


def test_a_policy_that_does_nothing_yet_is_named(house: House, cleo: Actor) -> None:
    policy(house, "tag:finance", state=PolicyState.SIMULATION)
    looked = look_at(house, cleo, Retag(kind="rename", names=("finance",), target="money"))
    assert "The policy “cleanup” names it and does nothing yet" in " ".join(looked.notes)


def test_dropping_the_only_tag_is_seen_by_who_asks_for_none(house: House, cleo: Actor) -> None:
    policy(house, "tag:none")
    with pytest.raises(Refusal, match="tag:none"):
        retag(house, cleo, "drop", "fun")


def test_a_new_requirement_hits_nobody_behind_a_policy(house: House, cleo: Actor) -> None:
    policy(house, "required:missing", ending=Ending.BLOCK)
    with pytest.raises(Refusal, match="required:missing"):
        require_tags(house, cleo, ["finance", "hr"])
    assert rules_of(house).required == ()
    policy(house, "tag:finance", name="other")
    with pytest.raises(Refusal, match="required:missing"):
        require_tags(house, cleo, ["fun"])


def test_nor_does_taking_one_back(house: House, cleo: Actor) -> None:
    require_tags(house, cleo, ["finance"])
    policy(house, "required:missing", ending=Ending.KEEP)
    with pytest.raises(Refusal, match="required:missing"):
        unrequire_tags(house, cleo, ["finance"])
    assert len(rules_of(house).required) == 1


# -- holds ----------------------------------------------------------------------------------


def test_a_hold_goes_along_and_loses_none(house: House, cleo: Actor) -> None:
    place_hold(house, cleo, "lawsuit", tags=["finance"])
    give(house, [4], "money")
    looked = look_at(house, cleo, Retag(kind="merge", names=("finance",), target="money"))
    assert "The hold “lawsuit” goes on reaching them; it reaches 1 space more." in looked.notes
    carry_out(house, cleo, looked.retag, seen=looked.spaces, step="h")
    assert reach(house, "lawsuit") == {1, 2, 3, 4}
    give(house, [4], "finance")
    assert reach(house, "lawsuit") >= {4}, "the old word holds as well, should it come back"


def test_a_tag_that_a_hold_is_on_is_not_dropped(house: House, cleo: Actor, watch: Watch) -> None:
    place_hold(house, cleo, "lawsuit", tags=["finance"])
    with pytest.raises(Refusal, match="The hold “lawsuit” reaches spaces by “finance”"):
        retag(house, cleo, "drop", "finance")
    release_hold(house, cleo, "lawsuit")
    with pytest.raises(Refusal, match="lawsuit"):
        retag(house, cleo, "drop", "finance")
    watch.at += 8 * DAY
    assert retag(house, cleo, "drop", "finance").spaces == 3


def test_what_a_later_hold_reaches_does_not_slip_out_by_an_undo(house: House, cleo: Actor) -> None:
    done = retag(house, cleo, "rename", "finance", to="money")
    place_hold(house, cleo, "lawsuit", tags=["money"])
    with pytest.raises(Refusal, match="would lose 3 spaces"):
        undo_change(house, cleo, done.undo)
    assert reach(house, "lawsuit") == {1, 2, 3}


# -- rules ----------------------------------------------------------------------------------


def test_what_is_reserved_and_required_stays_so_under_its_new_name(
    house: House, cleo: Actor
) -> None:
    reserve_tags(house, cleo, ["finance"])
    require_tags(house, cleo, ["finance", "fun"])
    before = everything(house)
    looked = look_at(house, cleo, Retag(kind="rename", names=("finance",), target="money"))
    assert "“money” is reserved then." in looked.notes
    done = carry_out(house, cleo, looked.retag, seen=looked.spaces, step="r")
    rules = rules_of(house)
    assert rules.reserved == {"money"}
    assert [one.names for one in rules.required] == [("fun", "money")]
    undo_change(house, cleo, done.undo)
    assert everything(house) == before


def test_a_required_tag_is_not_dropped(house: House, cleo: Actor) -> None:
    require_tags(house, cleo, ["finance", "fun"])
    with pytest.raises(Refusal, match="Every space has to have one of finance, fun"):
        retag(house, cleo, "drop", "fun")


# -- undo -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "names", "to"),
    [
        ("rename", ("finance",), "money"), ("merge", ("finance", "fun"), "both"),
        ("merge", ("finance",), "fun"), ("drop", ("finance",), None),
    ],
)  # fmt: skip
def test_undone_it_is_as_it_was(
    house: House, cleo: Actor, kind: str, names: tuple[str, ...], to: str | None
) -> None:
    give(house, [1], "fun", "other")
    before = everything(house)
    done = retag(house, cleo, kind, *names, to=to)
    assert everything(house) != before
    assert undo_change(house, cleo, done.undo).spaces == done.spaces
    assert everything(house) == before
    with pytest.raises(Refusal, match="undone already"):
        undo_change(house, cleo, done.undo)


def test_what_somebody_took_off_meanwhile_stays_off(house: House, cleo: Actor) -> None:
    done = retag(house, cleo, "rename", "finance", to="money")
    with house.store.begin() as tx:
        tx.tags.remove(SpaceKey(1), ["money"])
        tx.commit()
    give(house, [4], "money")
    assert undo_change(house, cleo, done.undo).spaces == 2
    assert keys(house, "finance") == (2, 3)
    assert keys(house, "money") == (4,), "and who got it meanwhile keeps it"


def test_an_undo_is_watched_by_policies_too(house: House, cleo: Actor) -> None:
    done = retag(house, cleo, "drop", "finance")
    policy(house, "tag:finance")
    with pytest.raises(Refusal, match="The policy “cleanup”"):
        undo_change(house, cleo, done.undo)


def test_after_a_month_or_for_nothing_there_is_no_undo(
    house: House, cleo: Actor, watch: Watch
) -> None:
    done = retag(house, cleo, "rename", "finance", to="money")
    with pytest.raises(Refusal, match="no such change"):
        undo_change(house, cleo, done.undo + 99)
    watch.at += UNDOABLE + timedelta(seconds=1)
    with pytest.raises(Refusal, match="no such change"):
        undo_change(house, cleo, done.undo)


def test_watches_that_name_it_are_told(house: House, cleo: Actor) -> None:
    with house.store.begin() as tx:
        for step, query in enumerate(("tag:finance scope:external", '"finance"', "-tag:FINANCE")):
            tx.connection.execute(
                watch.insert().values(
                    step=str(step), maker_id=cleo.person, made_at=tx.now, triggers=1,
                    reach="all", query=query, target="person", state="active", state_at=tx.now,
                )
            )  # fmt: skip
        tx.commit()
    looked = look_at(house, cleo, Retag(kind="rename", names=("finance",), target="money"))
    assert looked.notes == (
        "These name it, and would find nothing by it: watch 1 of cleo@example.com, watch 3 of"
        " cleo@example.com.",
    )


def test_saved_searches_that_name_it_are_told(house: House, cleo: Actor) -> None:
    with house.store.begin() as tx:
        for name, words in (
            ("stale", "tag:finance inactive:>90d sort by title desc columns title, tags"),
            ("other", "finance columns tags"),
        ):
            tx.connection.execute(
                saved_search.insert().values(
                    owner_id=cleo.person, name=name, folded=name, words=words, saved_at=tx.now
                )
            )
        tx.commit()
    looked = look_at(house, cleo, Retag(kind="rename", names=("finance",), target="money"))
    assert looked.notes == (
        "These name it, and would find nothing by it: the saved search “stale” of"
        " cleo@example.com.",
    )
