"""Watches as people make them, and what they are then told: each event from Webex to the card."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from domain.watches import FIELDS, Trigger
from spaces.sync.crawl import crawl
from tests.chats import BOT, Chat
from tests.commands.companies import learn, make_space
from tests.commands.watching import ANA, BEN, EVE, add, deliveries, settle, told, write

Shape = Mapping[str, Any]


def member_comes(chat: Chat, room: dict[str, Any]) -> Shape:
    return add(chat, ANA, room, EVE)


def member_moderates(chat: Chat, room: dict[str, Any]) -> Shape:
    mine = chat.rest(ANA, "GET", f"memberships?roomId={room['id']}&personEmail={BEN}")["items"][0]
    return dict(chat.rest(ANA, "PUT", f"memberships/{mine['id']}", isModerator=True))


def member_goes(chat: Chat, room: dict[str, Any]) -> Shape:
    mine = chat.rest(ANA, "GET", f"memberships?roomId={room['id']}&personEmail={BEN}")["items"][0]
    chat.rest(ANA, "DELETE", f"memberships/{mine['id']}")
    return dict(mine)


def message_comes(chat: Chat, room: dict[str, Any]) -> Shape:
    return dict(write(chat, BEN, room))


def message_is_edited(chat: Chat, room: dict[str, Any]) -> Shape:
    made = write(chat, BEN, room)
    changed = chat.rest(BEN, "PUT", f"messages/{made['id']}", roomId=room["id"], text="changed")
    return dict(changed)


def message_goes(chat: Chat, room: dict[str, Any]) -> Shape:
    made = write(chat, BEN, room)
    chat.rest(BEN, "DELETE", f"messages/{made['id']}")
    return dict(made)


def space_comes(chat: Chat, room: dict[str, Any]) -> Shape:
    return dict(chat.rest(ANA, "POST", "rooms", title="A new one"))


def space_changes(chat: Chat, room: dict[str, Any]) -> Shape:
    return dict(chat.rest(ANA, "PUT", f"rooms/{room['id']}", title="Q4 plans"))


def space_goes(chat: Chat, room: dict[str, Any]) -> Shape:
    shown = dict(chat.rest(ANA, "GET", f"rooms/{room['id']}"))
    chat.rest(ANA, "DELETE", f"rooms/{room['id']}")
    assert crawl(chat.process.house).is_complete  # it is two identities that see it gone
    return shown


HAPPENS: dict[Trigger, tuple[Callable[[Chat, dict[str, Any]], Shape], str]] = {
    Trigger.MEMBERSHIP_CREATED: (member_comes, "Eve Moreau came into “Q3 plans”"),
    Trigger.MEMBERSHIP_UPDATED: (member_moderates, "Ben Okafor moderates “Q3 plans” now"),
    Trigger.MEMBERSHIP_DELETED: (member_goes, "Ben Okafor is not in “Q3 plans” any more"),
    Trigger.MESSAGE_CREATED: (message_comes, "Ben Okafor wrote in “Q3 plans”"),
    Trigger.MESSAGE_UPDATED: (message_is_edited, "Ben Okafor edited a message in “Q3 plans”"),
    Trigger.MESSAGE_DELETED: (message_goes, "A message of Ben Okafor was deleted in “Q3 plans”"),
    Trigger.SPACE_CREATED: (space_comes, "Ana Horvat created “A new one”"),
    Trigger.SPACE_UPDATED: (space_changes, "“Q4 plans” was changed"),
    Trigger.SPACE_DELETED: (space_goes, "“Q3 plans” is gone"),
}  # fmt: skip


@pytest.mark.parametrize("trigger", list(Trigger), ids=lambda one: one.words)
def test_what_happens_is_told_once_with_all_that_webex_says(chat: Chat, trigger: Trigger) -> None:
    """The same event comes by Mercury, by Webex's record and by the job that reads it; it is told
    once, and each field is Webex's own."""
    is_moderated = trigger in (Trigger.SPACE_DELETED, Trigger.MEMBERSHIP_UPDATED)
    moderators = ("ana",) if is_moderated else ()
    room = make_space(
        chat, "Q3 plans", members=("ben",), moderators=moderators,
        with_bot=trigger is not Trigger.SPACE_DELETED,
    )  # fmt: skip
    learn(chat, room)
    ana = chat.as_("ana")
    assert "all of my spaces" in ana.says(f"watch {trigger.words} in all my spaces")
    happens, words = HAPPENS[trigger]
    shape = happens(chat, room)
    card = ana.waits_for(words, within=40)
    settle(chat)
    [one] = deliveries(chat)
    expected = {name: shape.get(name) for name in FIELDS[trigger.resource]}
    assert dict(one.happening.data) == expected
    for name, value in expected.items():
        said = {True: "yes", False: "no", None: ""}.get(value, value)
        assert str(said) in card.text, name
    heard = [m for m in ana.messages() if m["personEmail"] == BOT and words in m.text]
    assert len(heard) == 1


def test_compliance_is_told_when_an_outsider_joins_a_space_tagged_pii(chat: Chat) -> None:
    tagged = make_space(chat, "Payroll", members=("ben",), tags="pii")
    other = make_space(chat, "Football", members=("ben",))
    learn(chat, tagged, other)
    cleo = chat.as_("cleo")
    said = cleo.says("watch membership created of outsiders in the whole company where tag:pii")
    assert "Of: outsiders" in said
    assert "Where: tag:pii" in said
    add(chat, ANA, tagged, "dora@example.com")
    add(chat, ANA, other, EVE)
    add(chat, ANA, tagged, EVE)
    card = cleo.waits_for("Eve Moreau came into “Payroll”", within=40)
    assert EVE in card.text
    settle(chat)
    assert len(deliveries(chat)) == 1


def test_a_message_is_told_of_and_its_text_never(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans", members=("ben",))
    learn(chat, room)
    ana = chat.as_("ana")
    ana.says('watch messages in "Q3 plans"')
    write(chat, BEN, room, "the secret plan")
    card = ana.waits_for("Ben Okafor wrote in “Q3 plans”", within=40)
    assert "secret plan" not in card.text
    with chat.process.house.store.read() as tx:
        kept = tx.connection.exec_driver_sql("SELECT data FROM happening").scalars().all()
    assert kept
    assert not any("secret plan" in one for one in kept)


def test_what_the_bot_writes_into_a_watched_space_is_not_told_for_ever(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans", members=("ben",), moderators=("ana",), with_bot=True)
    learn(chat, room)
    here = chat.in_space(room, "ana")
    here.asks("watch message created in here to here")
    write(chat, BEN, room)
    told(chat)
    settle(chat)
    assert len(deliveries(chat)) == 1
    posted = [e for e in chat.said_by_the_bot() if e["object"]["roomId"] == room["id"]]
    assert len([e for e in posted if "wrote in" in e["object"].get("text", "")]) == 1


def test_who_left_the_space_is_told_nothing_of_it(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans", by="ben", members=("ana",))
    learn(chat, room)
    ana = chat.as_("ana")
    ana.says('watch message created in "Q3 plans"')
    mine = chat.rest(ANA, "GET", f"memberships?roomId={room['id']}&personEmail={ANA}")["items"][0]
    chat.rest(ANA, "DELETE", f"memberships/{mine['id']}")
    write(chat, BEN, room)
    chat.eventually(lambda: deliveries(chat), "it was never looked at", within=40)
    settle(chat)
    [one] = deliveries(chat)
    assert (one.state, one.why) == ("withheld", "whoever made it is not in the space")
    assert not any("wrote in" in m.text for m in ana.messages())


def test_whoever_left_the_company_has_no_watches_any_more(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans", by="ben", members=("ana",))
    learn(chat, room)
    chat.as_("ana").says('watch message created in "Q3 plans"')
    chat.control.person(ANA, login=0)
    write(chat, BEN, room)
    chat.eventually(lambda: deliveries(chat), "it was never looked at", within=40)
    settle(chat)
    with chat.process.house.store.read() as tx:
        watch = tx.watches.get(1)
    assert watch is not None
    assert (watch.state, watch.why) == (
        "ended", "whoever made it is not of the company any more"
    )  # fmt: skip
    assert "not of the company any more" in chat.as_("cleo").says("watches of everyone")


def test_watches_are_listed_logged_ended_and_taken_up_again(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans", members=("ben",))
    learn(chat, room)
    ana = chat.as_("ana")
    assert "No watches" in ana.says("watches")
    said = ana.says(f'watch membership created, message created and deleted of {EVE} in "Q3 plans"')
    assert "I'll tell it" in said
    listed = ana.asks("watches")
    assert (
        "1. membership created, message created, message deleted of eve@partner.example"
        in listed.text
    )
    assert "active, nothing told yet" in listed.text
    assert "You have that already" in ana.says(
        f'watch membership created, message created and deleted of {EVE} in "Q3 plans"'
    )
    add(chat, ANA, room, EVE)
    ana.waits_for("Eve Moreau came into", within=40)
    told(chat)
    log = ana.says("watch log 1")
    assert f"1. membership created ({EVE})" in log
    assert "delivered, sent, 1 attempt" in log
    assert "I tell it again" in ana.says("redeliver 1")
    chat.eventually(
        lambda: [m for m in ana.messages() if "Eve Moreau came into" in m.text][1:],
        "it was not told again", within=30,
    )  # fmt: skip
    ended = ana.presses(listed, "End 1")
    assert "Watch 1 has ended" in ended.text
    assert "ended, ended by Ana Horvat" in ana.says("watches")
    write(chat, EVE, room)
    settle(chat)
    assert len(deliveries(chat)) == 1
    assert "Watch 1 goes on" in ana.presses(ended, "Take it up again").text
    assert "Watch 1 is active" in ana.says("watch resume 1")
    assert "Watch 1 has ended" in ana.says("unwatch 1")


def test_the_form_makes_the_same_watch(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans", members=("ben",))
    learn(chat, room)
    ana = chat.as_("ana")
    made = ana.presses(
        ana.asks("watch"), "Send", events="membership created,message deleted",
        where="Q3 plans", who="", query="", to="",
    )  # fmt: skip
    assert "Tells of: membership created, message deleted" in made.text
    assert "In: Q3 plans" in made.text
    assert "To: its maker, 1:1" in made.text


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("watch parties", "I can't watch “parties”"),
        ("watch created", "I can't watch “created”"),
        ('watch membership created in "Nowhere"', "I know no space “Nowhere”"),
        ("watch membership created of aliens", "I don't know who “aliens” is"),
        ("watch message created where tag:", "needs a value"),
        ('watch space created in "Q3 plans"', "is not created any more"),
        ("watch space updated of outsiders", "is about nobody"),
        ("watch message created in the whole company", "Only compliance watches the whole"),
        ("watch message created in all my spaces to https://example.com/x", "I tell only you"),
        ('watch message created in "Q3 plans" to https://example.com/x', "Only its moderators"),
        ('watch message created in "Q3 plans" to "Football"', "Only its moderators"),
        ("unwatch 99", "You have no watch 99"),
        ("watch log 99", "You have no watch 99"),
        ("watch secret 99", "no key"),
        ("watch resume 99", "You have no watch 99"),
        ("redeliver 99", "You have no delivery 99"),
        ("redeliver of watch 99", "You have no watch 99"),
        ("watches of everyone", "Only compliance sees everyone's"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_refused_with_a_next_step(chat: Chat, said: str, answer: str) -> None:
    learn(
        chat, make_space(chat, "Q3 plans", by="ben", members=("ana",), moderators=("ben",)),
        make_space(chat, "Football", members=("ben",)),
    )  # fmt: skip
    assert answer in chat.as_("ana").says(said)
    with chat.process.house.store.read() as tx:
        assert tx.watches.listed(maker=None) == ()


def test_somebody_elses_watch_reads_like_none(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans", members=("ben",))
    learn(chat, room)
    chat.as_("ana").says('watch membership created in "Q3 plans"')
    add(chat, ANA, room, EVE)
    told(chat)
    ben = chat.as_("ben")
    for said in ("unwatch 1", "watch log 1", "watch resume 1", "redeliver of watch 1"):
        assert "You have no watch 1." in ben.says(said)
    assert "You have no delivery 1." in ben.says("redeliver 1")
    assert "Q3 plans" in chat.as_("cleo").says("watch log 1")
    assert "Watch 1 has ended" in chat.as_("cleo").says("unwatch 1")
