"""The inventory's questions, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from domain.groups import GroupSeen, GroupState
from domain.ids import OrgId, PersonId, RoomId, TeamId
from domain.seen import Look, MemberSeen, PersonSeen, SpaceSeen
from domain.spaces import Scope, SpaceState, SpaceType
from sandbox.ids import new_uuid, rest_id
from storage.crawls import Kind
from storage.migrate import is_current, upgrade
from storage.schema import metadata
from storage.store import Store

OURS, THEIRS = (
    OrgId(rest_id("ORGANIZATION", new_uuid())),
    OrgId(rest_id("ORGANIZATION", new_uuid())),
)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def person(email: str, org: OrgId | None = OURS) -> PersonSeen:
    return PersonSeen(id=PersonId(rest_id("PEOPLE", new_uuid())), email=email, name=email, org=org)


def room(title: str | None, **more: object) -> SpaceSeen:
    made = {"last_activity": NOW, "created": NOW - timedelta(days=9), "owner_org": OURS, **more}
    return SpaceSeen(
        id=RoomId(rest_id("ROOM", new_uuid())), title=title, type=SpaceType.GROUP, **made
    )  # type: ignore[arg-type]


def member(who: PersonSeen, *, moderator: bool = False) -> MemberSeen:
    return MemberSeen(person=who, is_moderator=moderator)


def test_the_migrations_make_what_the_schema_says(store: Store) -> None:
    with store.engine.connect() as connection:
        ours = ("space_title", "ix_space_name__title")  # made by hand, per database
        context = MigrationContext.configure(
            connection,
            opts={"include_object": lambda thing, name, *more: not str(name).startswith(ours)},
        )
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing(store: Store) -> None:
    upgrade(store.engine)
    assert is_current(store.engine)


def test_many_are_found_by_address_and_the_latest_who_has_it_counts(store: Store) -> None:
    first, second = person("ana@example.com"), person("ana@example.com")
    with store.begin() as tx:
        tx.people.ensure([first, person("ben@example.com")])
        tx.commit()
    with store.begin() as tx:
        tx.people.ensure([second])
        tx.commit()
    with store.read() as tx:
        found = tx.people.by_emails(["ANA@example.com", "ben@example.com", "nobody@example.com"])
        assert set(found) == {"ana@example.com", "ben@example.com"}
        assert found["ana@example.com"].id == second.id
        assert tx.people.by_emails([]) == {}


def test_a_team_is_found_by_its_general_space_by_who_may_see_that(store: Store) -> None:
    uuid, ana, ben = new_uuid(), person("ana@example.com"), person("ben@example.com")
    team = TeamId(rest_id("TEAM", uuid))
    general = replace(room("Finance & Co.", team=team), id=RoomId(rest_id("ROOM", uuid)))
    with store.begin() as tx:
        keys = tx.people.ensure([ana, ben])
        tx.spaces.take_in(
            [
                Look(space=general, members=(member(ana),), complete=True),
                Look(space=room("Budget", team=team), members=(member(ben),), complete=True),
            ]
        )
        tx.commit()
    with store.read() as tx:
        for named in ("finance & co.", team):
            [found] = tx.spaces.general_of(named, visible_to=keys[ana.id])
            assert (found.id, found.team_id) == (general.id, team)
            assert tx.spaces.general_of(named, visible_to=keys[ben.id]) == ()
            assert len(tx.spaces.general_of(named, visible_to=None)) == 1
        assert tx.spaces.team_names(visible_to=keys[ana.id]) == ("Finance & Co.",)
        assert tx.spaces.team_names(visible_to=keys[ben.id]) == ()


def test_leaving_without_commit_leaves_nothing(store: Store) -> None:
    with store.begin() as tx:
        tx.spaces.write([room("Plans")])
    with store.read() as tx:
        assert tx.spaces.count_live() == 0


def test_a_space_knows_size_scope_and_domains_once_its_members_are_known(store: Store) -> None:
    ana, eve = person("ana@example.com"), person("eve@partner.example", THEIRS)
    with store.begin() as tx:
        tx.people.set_own_org(OURS)
        keys = tx.spaces.write([room("Plans"), room("Inside")])
        plans, inside = keys.values()
        tx.spaces.write_members(plans, [member(ana, moderator=True), member(eve)], complete=True)
        tx.spaces.write_members(inside, [member(ana)], complete=True)
        tx.commit()
    with store.read() as tx:
        assert tx.spaces.by_key(plans).scope is Scope.EXTERNAL
        assert tx.spaces.by_key(inside).scope is Scope.INTERNAL
        assert tx.spaces.by_key(plans).size == 2
        assert [one.email for one in tx.spaces.owners(plans)] == ["ana@example.com"]


def test_members_that_are_not_all_known_leave_the_scope_open(store: Store) -> None:
    with store.begin() as tx:
        tx.people.set_own_org(OURS)
        (key,) = tx.spaces.write([room("Plans")]).values()
        tx.spaces.write_members(key, [member(person("ana@example.com"))], complete=False)
        tx.commit()
    with store.read() as tx:
        assert tx.spaces.by_key(key).scope is None
        assert tx.spaces.by_key(key).size is None


def test_an_empty_member_list_is_unknown(store: Store) -> None:
    ana = person("ana@example.com")
    with store.begin() as tx:
        tx.people.set_own_org(OURS)
        (key,) = tx.spaces.write([room("Plans")]).values()
        tx.spaces.write_members(key, [member(ana)], complete=True)
        tx.spaces.write_members(key, [], complete=True)
        tx.commit()
    with store.read() as tx:
        assert tx.spaces.by_key(key).size is None
        assert len(tx.spaces.members(key)) == 1


def test_who_left_is_remembered(store: Store) -> None:
    ana, ben = person("ana@example.com"), person("ben@example.com")
    with store.begin() as tx:
        (key,) = tx.spaces.write([room("Plans")]).values()
        tx.spaces.write_members(key, [member(ana), member(ben)], complete=True)
        tx.spaces.write_members(key, [member(ana)], complete=True)
        tx.commit()
    with store.read() as tx:
        left = tx.people.by_email("ben@example.com")
        assert left is not None
        assert not tx.spaces.is_member(key, left.key)
        assert tx.spaces.was_member(key, left.key)


@pytest.mark.parametrize("title", ["Straße", "100% done_", 'the "big" one', "ÉTUDE"])
def test_a_title_is_found_whatever_its_case(store: Store, title: str) -> None:
    with store.begin() as tx:
        tx.spaces.write([room(title), room("another")])
        tx.commit()
    with store.read() as tx:
        assert [s.title for s in tx.spaces.by_title(title, visible_to=None)] == [title]


def test_nobody_finds_a_space_that_they_are_not_in(store: Store) -> None:
    ana, ben = person("ana@example.com"), person("ben@example.com")
    seen = room("Secret plans")
    with store.begin() as tx:
        (key,) = tx.spaces.write([seen]).values()
        tx.spaces.write_members(key, [member(ana)], complete=True)
        keys = tx.people.ensure([ana, ben])
        tx.tags.add(key, ["hush"], None)
        tx.commit()
    with store.read() as tx:
        for who, found in ((keys[ana.id], 1), (keys[ben.id], 0)):
            assert len(tx.spaces.by_title("secret plans", visible_to=who)) == found
            assert len(tx.spaces.similar_titles("secret", visible_to=who)) == found
            assert len(tx.tags.counts(visible_to=who)) == found
            assert (tx.spaces.by_id(seen.id, visible_to=who) is not None) is bool(found)


def test_activity_never_goes_back(store: Store) -> None:
    seen = room("Plans")
    with store.begin() as tx:
        (key,) = tx.spaces.write([seen]).values()
        tx.spaces.set_activity(key, last_activity=NOW - timedelta(days=3), last_human=NOW)
        tx.spaces.set_activity(key, last_activity=None, last_human=NOW - timedelta(days=3))
        tx.commit()
    with store.read() as tx:
        found = tx.spaces.by_key(key)
    assert (found.last_activity, found.last_human) == (NOW, NOW)


def test_a_title_that_could_not_be_read_keeps_the_one_that_was_known(store: Store) -> None:
    seen = room("Plans")
    again = SpaceSeen(id=seen.id, title=None, type=None)
    with store.begin() as tx:
        (key,) = tx.spaces.write([seen]).values()
        tx.spaces.write([again])
        tx.commit()
    with store.read() as tx:
        assert tx.spaces.by_key(key).title == "Plans"
        assert tx.spaces.by_key(key).type is SpaceType.GROUP


def test_a_migrated_space_is_found_by_both_ids(store: Store) -> None:
    seen, to = room("Plans"), RoomId(rest_id("ROOM", new_uuid()))
    with store.begin() as tx:
        (key,) = tx.spaces.write([seen]).values()
        tx.spaces.move_id(key, to)
        tx.commit()
    with store.read() as tx:
        for id in (seen.id, to):
            found = tx.spaces.by_id(id)
            assert found is not None
            assert found.key == key


def test_a_gone_space_keeps_its_people_as_former_members(store: Store) -> None:
    ana = person("ana@example.com")
    with store.begin() as tx:
        (key,) = tx.spaces.write([room("Plans")]).values()
        tx.spaces.write_members(key, [member(ana)], complete=True)
        tx.spaces.mark_gone(key)
        tx.commit()
    with store.read() as tx:
        found = tx.people.by_id(ana.id)
        assert found is not None
        assert tx.spaces.by_key(key).state is SpaceState.GONE
        assert tx.spaces.was_member(key, found.key)
        assert tx.spaces.count_live() == 0


def seen(name: str, emails: Sequence[str]) -> GroupSeen:
    return GroupSeen(
        source="file", source_id="file:g", name=name, emails={email: email for email in emails}
    )


def test_a_group_that_shrinks_at_once_is_not_believed(store: Store) -> None:
    emails = [f"p{n}@example.com" for n in range(120)]
    with store.begin() as tx:
        tx.people.ensure([person(email) for email in emails])
        (whole,) = tx.groups.write([seen("Finance", emails)])
        (less,) = tx.groups.write([seen("Finance", emails[:3])])
        assert (whole.after, less.after) == (GroupState.KNOWN, GroupState.SHRUNK)
        tx.commit()
    with store.read() as tx:
        one = tx.people.by_email(emails[50])
        assert one is not None
        assert tx.groups.is_in(one.key, "Finance") is None


def test_a_crawl_goes_on_where_it_was(store: Store) -> None:
    with store.begin() as tx:
        made = tx.crawls.start("company")
        tx.crawls.add_parts(made.generation, Kind.PERSON, ["1", "2", "3"])
        first, second, _ = tx.crawls.open_parts(made.generation, limit=5)
        tx.crawls.done([first])
        tx.crawls.failed(second)
        tx.crawls.add_parts(made.generation, Kind.PERSON, ["1", "2"])
        tx.commit()
    with store.begin() as tx:
        again = tx.crawls.unfinished("company")
        assert again is not None
        assert (again.done, again.total) == (1, 3)
        left = tx.crawls.open_parts(again.generation, limit=5)
        assert [(one.name, one.tries) for one in left] == [("3", 0), ("2", 1)]
        tx.crawls.finish(again.generation, complete=True)
        tx.commit()
    with store.read() as tx:
        last = tx.crawls.last(complete=True)
        assert last is not None
        assert last.generation == made.generation


def test_a_crawl_keeps_how_many_spaces_of_ours_lived_at_its_end(store: Store) -> None:
    with store.begin() as tx:
        tx.people.set_own_org(OURS)
        kept, gone, lost, _ = tx.spaces.write(
            [room("Plans"), room("Gone"), room("Lost"), room("Theirs", owner_org=THEIRS)]
        ).values()
        tx.spaces.mark_gone(gone)
        tx.spaces.set_state(lost, SpaceState.LOST)
        first = tx.crawls.start("company")
        assert first.spaces is None
        tx.crawls.finish(first.generation, complete=True)
        tx.spaces.mark_gone(kept)
        tx.crawls.finish(tx.crawls.start("company").generation, complete=False)
        tx.commit()
    with store.read() as tx:
        complete, last = tx.crawls.last(complete=True), tx.crawls.last()
    assert complete is not None
    assert last is not None
    assert (complete.spaces, last.spaces) == (1, 0)


def test_a_page_of_many_is_written_at_once_and_again_only_where_it_differs(store: Store) -> None:
    people = [person(f"p{n}@example.com", OURS if n % 9 else THEIRS) for n in range(90)]
    looks = [
        Look(
            space=room(f"Space {n}", creator=people[n].id),
            members=tuple(member(one, moderator=one is people[n]) for one in people[n : n + 12]),
            complete=True,
        )
        for n in range(70)
    ]
    with store.begin() as tx:
        tx.people.set_own_org(OURS)
        keys = tx.spaces.take_in(looks, generation=1)
        tx.commit()
    less = [replace(one, members=(one.members or ())[1:]) for one in looks]
    for wanted, generation in ((looks, 2), (less, 3), (less, 4)):
        with store.begin() as tx:
            assert tx.spaces.take_in(wanted, generation=generation) == keys
            tx.commit()
        with store.read() as tx:
            for one in wanted:
                inside = {p.id for p, _ in tx.spaces.members(keys[one.space.id])}
                assert inside == {m.person.id for m in one.members or ()}
                known = tx.spaces.by_key(keys[one.space.id])
                outside = any(m.person.org == THEIRS for m in one.members or ())
                assert (known.size, known.scope) == (len(inside), Scope(outside))
                assert known.title == one.space.title
                assert known.creator is not None
            assert tx.spaces.live_keys(not_seen_in=generation) == ()
