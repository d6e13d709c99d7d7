"""What is done before a command is said, where nobody could say it in a chat.

Each takes the stage, the names of the prepared world (`{space}`, `{policy}` …) and who needs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

from domain.endings import RequestState
from domain.ids import RoomId, TeamId
from domain.lifecycle import CaseState
from domain.people import SYSTEM
from domain.policies import Ending, PolicyDraft, PolicyState
from domain.spaces import Space
from retention.keeping import keep_space
from retention.retagging import Retag, carry_out, look_at
from retention.tag_rules import require_tags
from spaces.looking import owners_of
from spaces.sync.live import touch
from storage.store import UnitOfWork
from tests.chats import BOT, Answer, Chat
from webex.gateway import Lane

Names = Mapping[str, str]
Before = str | Callable[[Chat, Names], None]
_CODE = re.compile(r"\b\d{6}\b")


def kept_by_owner(chat: Chat, names: Names) -> None:
    """The space is kept, by somebody who may take it back."""
    with chat.process.house.store.read() as tx:
        space = space_of(tx, names)
    keep_space(chat.process.house, SYSTEM, space, until=None, by_compliance=False)


def waiting(chat: Chat, names: Names) -> None:
    """The space's case can't go on by itself, and compliance has to look at it."""
    with chat.process.house.store.begin() as tx:
        space = space_of(tx, names)
        draft = PolicyDraft(query="tag:none", ending=Ending.NOTIFY, period=timedelta(days=90))
        name = f"waits-{space.key}"
        version = tx.policies.new(name, draft, author=None)
        case = tx.cases.begin(
            space.key, version=version.key, due=tx.now, basis_at=space.last_human,
            state=CaseState.DUE, why="it is due",
        )  # fmt: skip
        assert tx.cases.move(case, CaseState.NEEDS_ATTENTION, why="nobody owns it")
        tx.commit()


def nobody_owns_it(chat: Chat, names: Names) -> None:
    """As far as is known, whoever owned the space has left it."""
    with chat.process.house.store.begin() as tx:
        space = space_of(tx, names)
        while owners := owners_of(tx, space.key):
            for one in owners:
                tx.spaces.remove_member(space.key, one.key)
        tx.commit()


def in_conflict(chat: Chat, names: Names) -> None:
    """A policy would end the space soon, but it is kept by hand."""
    with chat.process.house.store.begin() as tx:
        space = space_of(tx, names)
        draft = PolicyDraft(
            query=f"tag:{names['tag']}", ending=Ending.BLOCK, period=timedelta(days=1)
        )
        made = tx.policies.new(f"quick-{space.key}", draft, author=None)
        tx.policies.set_state(made.policy, PolicyState.ACTIVE, was=PolicyState.SIMULATION)
        until = tx.now + timedelta(days=900)
        tx.protections.keep(space.key, until=until, by=None)
        tx.commit()


def on_its_way(chat: Chat, names: Names) -> None:
    """The space is due, and its owners have been told."""
    with chat.process.house.store.begin() as tx:
        space = space_of(tx, names)
        if tx.cases.open_of(space.key) is not None:
            return
        draft = PolicyDraft(query="tag:none", ending=Ending.NOTIFY, period=timedelta(days=90))
        version = tx.policies.new(f"due-{space.key}", draft, author=None)
        case = tx.cases.begin(
            space.key, version=version.key, due=tx.now + timedelta(days=9),
            basis_at=space.last_human, state=CaseState.DUE, why="it is due",
        )  # fmt: skip
        assert tx.cases.move(case, CaseState.WARNED, why="notice 1 was delivered")
        tx.commit()


def team_of_the_moderator(chat: Chat, names: Names) -> None:
    """The team `{team}`, which `{leader}` moderates and `{mate}` and `{ben}` are in."""
    leader = names["leader"]
    mine = chat.rest(leader, "GET", "teams")["items"]
    found = [one for one in mine if one["name"] == names["team"]]
    made = found[0] if found else chat.rest(leader, "POST", "teams", name=names["team"])
    people = chat.rest(leader, "GET", f"team/memberships?teamId={made['id']}")["items"]
    for email in {names["mate"], names["ben"]} - {one["personEmail"] for one in people}:
        chat.rest(leader, "POST", "team/memberships", teamId=made["id"], personEmail=email)
    touch(chat.process.house, TeamId(str(made["id"])).general_space)


def a_tag_renamed(chat: Chat, names: Names) -> None:
    """The tag `{tag}` has another name by now."""
    tag = "q3" if names["tag"] == "finance" else names["tag"]
    asked = Retag(kind="rename", names=(tag,), target=f"{tag}-b")
    house, step = chat.process.house, f"before {tag}"
    with house.store.read() as tx:
        if tx.tag_changes.of_step(step) is not None:
            return
    carry_out(house, SYSTEM, asked, seen=look_at(house, SYSTEM, asked).spaces, step=step)


def tags_required(chat: Chat, names: Names) -> None:
    """Every space has to have the tag `{tag}`, or what the documents say."""
    documented = ("finance", "hr", "legal")
    tags = documented if names["tag"] in documented else (names["tag"],)
    require_tags(chat.process.house, SYSTEM, tags)


def bot_is_in_it(chat: Chat, names: Names) -> None:
    """The bot is in the space, as it must be to write there."""
    officer = chat.process.house.webex.compliance(Lane.CHAT)
    officer.add_membership(RoomId(names["id"]), email=BOT, moderator=False)


def in_force(chat: Chat, names: Names) -> None:
    """The policy `{policy}`, which was written before, is in force."""
    _move(chat, names, PolicyState.SIMULATION, PolicyState.ACTIVE)


def paused(chat: Chat, names: Names) -> None:
    in_force(chat, names)
    _move(chat, names, PolicyState.ACTIVE, PolicyState.PAUSED)


def deletion_asked(chat: Chat, names: Names) -> None:
    """Who manages the space asked to delete it, and it may still be taken back."""
    owner, space = chat.as_(names["owner"]), names["space"]
    since = chat.seq()
    owner.tells(f"delete {space}")

    def code_shown() -> str | None:
        """Not the first thing that is said: that somebody else took a deletion back comes late."""
        found = (_CODE.search(Answer(one["object"]).text) for one in chat.said_by_the_bot(since))
        return next((one[0] for one in found if one is not None), None)

    code = chat.eventually(code_shown, f"no code was shown for {space}")
    owner.tells(f"delete {space} code {code}")

    def is_asked() -> bool:
        with chat.process.house.store.read() as tx:
            last = tx.deletions.last_of(space_of(tx, names).key)
        return last is not None and last.state is RequestState.COOLING

    chat.eventually(is_asked, f"nobody asked to delete {space}")


def _move(chat: Chat, names: Names, was: PolicyState, to: PolicyState) -> None:
    with chat.process.house.store.begin() as tx:
        [mine] = [one for one in tx.policies.all() if one.name == names["policy"]]
        tx.policies.set_state(mine.policy, to, was=was)
        tx.commit()


def space_of(tx: UnitOfWork, names: Names) -> Space:
    found = tx.spaces.by_id(RoomId(names["id"]))
    assert found is not None
    return found
