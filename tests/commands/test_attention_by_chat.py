"""Spaces that wait for compliance: listed for them alone, and sent on their way by one press."""

from __future__ import annotations

from domain.ids import RoomId
from domain.lifecycle import CaseState
from tests.chats import Chat
from tests.commands.companies import learn, make_space


def waits(chat: Chat) -> None:
    """A space whose case can't go on by itself."""
    room = make_space(chat, "Q3 plans", tags="finance", idle=200)
    learn(chat, room)
    chat.as_("cleo").says("policy new cleanup tag:finance then notify after 90d cap 5")
    with chat.process.house.store.begin() as tx:
        space = tx.spaces.by_id(RoomId(room["id"]))
        assert space is not None
        case = tx.cases.begin(
            space.key, version=tx.policies.all()[0].key, due=tx.now, basis_at=space.last_human,
            state=CaseState.DUE, why="it is due",
        )  # fmt: skip
        assert tx.cases.move(case, CaseState.NEEDS_ATTENTION, why="nobody owns it?")
        tx.commit()


def test_what_waits_is_listed_and_goes_on_once_somebody_has_looked(chat: Chat) -> None:
    waits(chat)
    cleo = chat.as_("cleo")
    told = cleo.says("attention")
    assert "Q3 plans" in told
    assert "nobody owns it" in told
    done = cleo.says('attention done "Q3 plans" because it is moderated now')
    assert "It goes its way again" in done
    assert "it is moderated now" in done
    assert "does not wait for anybody" in cleo.says('attention done "Q3 plans"')
    assert "Nothing waits for you" in cleo.says("attention")


def test_one_of_them_shows_what_can_be_done_and_who_is_on_it(chat: Chat) -> None:
    waits(chat)
    cleo, dora = chat.as_("cleo"), chat.as_("dora")
    one = cleo.presses(cleo.asks("attention"), "1. Q3 plans")
    assert "nobody yet" in one.text
    assert "Cleo Laurent" in cleo.presses(one, "I am on it").text
    assert "Cleo Laurent is on it" in dora.says("attention")
    assert "Something is wrong with it: 1" in dora.says("attention of stuck")
    assert "0 spaces wait" in dora.says("attention of deletion")
    assert "begins anew" in dora.says('attention retry "Q3 plans"')
    assert "does not wait for anybody" in dora.says('attention "Q3 plans"')


def test_it_is_for_compliance(chat: Chat) -> None:
    waits(chat)
    for said in (
        "attention",
        'attention "Q3 plans"',
        'attention done "Q3 plans"',
        'attention take "Q3 plans"',
        'attention retry "Q3 plans"',
    ):
        told = chat.as_("ana").says(said)
        assert "nobody owns it" not in told
        assert "compliance" in told
    assert "nobody owns it" in chat.as_("cleo").says("attention")
