"""A press does something once, for who may, on its own card, as the card was made; else nothing."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from cards.kit import Bound, Card, card, fields, press, text
from domain.audit import Word
from domain.fields import Field, FieldKind
from domain.ids import CaseKey, PersonKey, RoomId, StepKey
from domain.lifecycle import CaseState
from domain.people import SYSTEM
from domain.policies import Ending, PolicyDraft
from domain.spaces import Space
from sandbox.showing import inputs_of
from spaces.effects.cards import send_card
from spaces.sync.live import touch
from tests.chats import BOT, Answer, Chat, Person

ANA, BEN = "ana@example.com", "ben@example.com"


def made(chat: Chat) -> list[str]:
    """The titles of the group spaces that exist because of a bot, by the server's own log."""
    found = chat.control.effects("room.created")
    return [e["object"]["title"] for e in found if e["object"]["type"] == "group"]


def refused(chat: Chat) -> list[str]:
    """Why presses were refused, by the record."""
    with chat.process.house.store.read() as tx:
        assert tx.audit.verify()
        words = (Word.PRESS_REFUSED, Word.COMMAND_REFUSED)
        return [str(one.detail["why"]) for word in words for one in tx.audit.since(word=word)]


def key_of(chat: Chat, person: Person) -> PersonKey:
    person.says("help")
    with chat.process.house.store.read() as tx:
        known = tx.people.by_email(person.email)
    assert known is not None
    return known.key


def sent(
    chat: Chat, shown: Card, *, to: Person | None = None, room: str = "", step: str = "one"
) -> Answer:
    """A card of the bot's own, 1:1 or in a space, as the server has it."""
    house = chat.process.house
    whom: tuple[PersonKey, Any] | None = None
    if to is not None:
        key = key_of(chat, to)
        with house.store.read() as tx:
            whom = (key, tx.people.ids_of([key])[key])
    intent = send_card(
        house, shown, step=StepKey(f"test/{step}"), word=Word.MESSAGE_SEND, actor=SYSTEM,
        person=whom, room=RoomId(room) if room else None,
    )  # fmt: skip
    found = [e["object"] for e in chat.said_by_the_bot()]
    return Answer(next(m for m in found if m["id"] == intent.evidence["message"]))


def offer(title: str = "Budget", **more: Any) -> Card:
    return card("An offer", actions=[press("Make it", "create space", title=title, **more)])


def shared(chat: Chat, title: str = "Plans") -> tuple[str, Space]:
    """A space of ana, ben and the bot; its id, and how the inventory knows it."""
    room = chat.control.space(title, creator=ANA, members=[BEN, BOT])
    return str(room["id"]), touch(chat.process.house, RoomId(room["id"]))


def test_it_acts_once(chat: Chat) -> None:
    ana = chat.as_("ana")
    offered = sent(chat, offer(), to=ana)
    assert "The space is there" in ana.presses(offered, "Make it").text
    assert "pressed “Make it” already" in ana.presses(offered, "Make it").text
    assert made(chat) == ["Budget"]
    assert refused(chat) == ["used"]


def test_who_may_not_say_it_may_not_press_it_either(chat: Chat) -> None:
    room, space = shared(chat)
    tag = card("Tags", actions=[press("Tag", "tag", space=room, tags="finance")])
    ben = chat.as_("ben")
    answer = ben.presses(sent(chat, tag, room=room), "Tag")
    assert "only its creator" in answer.text
    with chat.process.house.store.read() as tx:
        assert tx.spaces.by_key(space.key).tags == ()
    assert len(refused(chat)) == 1
    ana = chat.as_("ana")
    assert "Tagged" in ana.presses(sent(chat, tag, room=room), "Tag").text  # it was not used up


def test_an_outsider_presses_in_vain(chat: Chat) -> None:
    room = chat.control.space("Plans", creator=ANA, members=["eve@partner.example", BOT])["id"]
    eve = chat.as_("eve@partner.example")
    assert "only talk" in eve.presses(sent(chat, offer(), room=room), "Make it").text
    assert made(chat) == []
    assert len(refused(chat)) == 1


def test_a_button_for_one_person_is_for_nobody_else(chat: Chat) -> None:
    room, _ = shared(chat)
    only_ana = Bound(only_for=key_of(chat, chat.as_("ana")))
    offered = sent(chat, offer(bound=only_ana), room=room)
    assert "for somebody else" in chat.as_("ben").presses(offered, "Make it").text
    assert made(chat) == []
    assert refused(chat) == ["other person"]
    chat.as_("ana").presses(offered, "Make it")
    assert made(chat) == ["Budget"]


def test_an_expired_button_does_nothing(chat: Chat) -> None:
    ana = chat.as_("ana")
    offered = sent(chat, offer(bound=Bound(life=timedelta(days=3))), to=ana)
    chat.clock.advance(days=3, seconds=1)
    assert "no longer valid" in ana.presses(offered, "Make it").text
    assert made(chat) == []
    assert refused(chat) == ["expired or moved on"]


@pytest.mark.parametrize("moved", ["cycle", "closed", "voided"])
def test_when_the_case_moved_on_the_old_card_does_nothing(chat: Chat, moved: str) -> None:
    _, space = shared(chat)
    ana, store = chat.as_("ana"), chat.process.house.store
    with store.begin() as tx:
        draft = PolicyDraft(query="all", ending=Ending.DELETE, period=timedelta(days=365))
        version = tx.policies.new("old", draft, author=None)
        case = tx.cases.begin(
            space.key, version=version.key, due=tx.now, basis_at=None, state=CaseState.DUE,
            why="a test",
        )  # fmt: skip
        tx.commit()
    bound = Bound(case=case.key, cycle=case.cycle + (moved == "cycle"))
    offered = sent(chat, offer(bound=bound), to=ana)
    with store.begin() as tx:
        if moved == "closed":
            assert tx.cases.move(case, CaseState.CLEAR, why="a test")
        elif moved == "voided":
            tx.presses.void_case(CaseKey(case.key))
        tx.commit()
    answer = ana.presses(offered, "Make it").text
    assert "moved on" in answer or "no longer valid" in answer
    assert made(chat) == []
    assert len(refused(chat)) == 1


ASKED = card(
    "Which?", fields(Field(name="title", label="Title", kind=FieldKind.TEXT)),
    actions=[press("Make it", "create space", inputs=("title",))],
)  # fmt: skip


@pytest.mark.parametrize(
    "changed",
    [
        {"space": "another"}, {"team": "x"}, {"command": "help"}, {"only_for": "1"},
        {"title": ["Budget"]}, {"title": {"a": "b"}}, {"title": None}, {"title": "x" * 8000},
        {"title": "é" * 4000}, {"nonce": ""}, {"nonce": None}, {"nonce": 7}, {"nonce": "x" * 5000},
        {"nonce": "made up"}, {"nonce": ["a", "b"]}, {"nonce": "' OR '1'='1"},
    ],
    ids=str,
)  # fmt: skip
def test_altered_inputs_do_nothing(chat: Chat, changed: Mapping[str, object]) -> None:
    ana = chat.as_("ana")
    asked = sent(chat, ASKED, to=ana)
    since = chat.seq()
    given = {**inputs_of(asked, "Make it", {"title": "Budget"}), **changed}
    ana.submits(asked, {name: value for name, value in given.items() if name or value})
    answer = chat.answer_to(ANA, asked["roomId"], since)
    assert "That did not work" in answer.text
    assert made(chat) == []
    assert len(refused(chat)) == 1
    assert "The space is there" in ana.presses(asked, "Make it", title="Budget").text


def test_what_stands_in_our_record_is_not_for_the_card_to_change(chat: Chat) -> None:
    ana = chat.as_("ana")
    offered = sent(chat, offer("Budget"), to=ana)
    since = chat.seq()
    ana.submits(offered, {**inputs_of(offered, "Make it", {}), "title": "Something else"})
    assert "was altered" in chat.answer_to(ANA, offered["roomId"], since).text
    assert made(chat) == []


def test_the_nonce_of_another_card_does_nothing_on_this_one(chat: Chat) -> None:
    room, _ = shared(chat)
    ben = chat.as_("ben")
    theirs = sent(chat, offer("For ben"), room=room, step="one")
    mine = sent(chat, offer("Mine"), to=ben, step="two")
    since = chat.seq()
    ben.submits(mine, inputs_of(theirs, "Make it", {}))
    assert "another card" in chat.answer_to(BEN, mine["roomId"], since).text
    assert made(chat) == []
    assert refused(chat) == ["other card"]


def test_a_card_that_was_copied_to_another_space_does_nothing(chat: Chat) -> None:
    """Webex tells a press to the card's author, who is then the one who copied it; so the copy
    is pressed as if Webex told us too."""
    ana = chat.as_("ana")
    offered = sent(chat, offer(), to=ana)
    elsewhere, _ = shared(chat, "Elsewhere")
    copy = chat.rest(
        ANA, "POST", "messages", roomId=elsewhere, text="copy", attachments=offered["attachments"]
    )
    chat.as_("ben").submits(copy, inputs_of(offered, "Make it", {}))
    ana.says("help")
    assert made(chat) == []


@pytest.mark.parametrize("buttons", ["the same", "different"])
def test_of_two_people_who_press_at_once_exactly_one_acts(chat: Chat, buttons: str) -> None:
    room, _ = shared(chat)
    ana, ben = chat.as_("ana"), chat.as_("ben")
    ana.says("help")
    ben.says("help")
    shown = card(
        "One of these",
        actions=[
            press("Red", "create space", title="Red", once=True),
            press("Blue", "create space", title="Blue", once=True),
        ],
    )
    offered = sent(chat, shown, room=room)
    titles = ("Red", "Red" if buttons == "the same" else "Blue")
    both = threading.Barrier(2)

    def presses(who: Person, title: str) -> None:
        both.wait(10)
        who.submits(offered, inputs_of(offered, title, {}))

    racing = [
        threading.Thread(target=presses, args=pair) for pair in zip((ana, ben), titles, strict=True)
    ]
    for one in racing:
        one.start()
    for one in racing:
        one.join()
    chat.eventually(lambda: refused(chat))
    chat.eventually(lambda: made(chat))
    assert refused(chat) == ["used"]
    assert len(made(chat)) == 1
    chat.eventually(
        lambda: any("already" in e["object"].get("text", "") for e in chat.said_by_the_bot())
    )


def test_when_the_command_refuses_before_it_began_the_card_can_be_tried_again(chat: Chat) -> None:
    ana = chat.as_("ana")
    asked = sent(chat, ASKED, to=ana)
    assert "did not work" in ana.presses(asked, "Make it", title="x" * 200).text
    assert "The space is there" in ana.presses(asked, "Make it", title="Budget").text
    assert made(chat) == ["Budget"]


def test_a_text_field_with_the_words_of_a_command_is_only_a_text(chat: Chat) -> None:
    ana = chat.as_("ana")
    asked = sent(chat, ASKED, to=ana)
    title = 'delete everything "now" <@all> {{x}} ${y}'
    ana.presses(asked, "Make it", title=title)
    assert made(chat) == [title]


def test_the_text_beside_a_card_says_what_to_type_instead() -> None:
    assert "create space" in card("x", text("y"), actions=[press("Go", "create space")]).text
