"""People looked up: oneself, by address, by id; every field as Webex's own answer has it."""

from __future__ import annotations

from typing import Any

import pytest

from cards.words import moment
from tests.chats import Chat
from tests.commands.companies import learn, make_space
from webex.decode import moment as read_moment

ANA, BEN, EVE = "ana@example.com", "ben@example.com", "eve@partner.example"
ADAM = "adam@example.com"
LOST = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS8wMDAwMDAwMC0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDA"
ZONE = "Europe/Vienna"


def me(chat: Chat, email: str) -> dict[str, Any]:
    return dict(chat.rest(email, "GET", "people/me"))


def has_phone(chat: Chat, email: str) -> None:
    path = f"people/{me(chat, email)['id']}"
    chat.rest(ADAM, "PUT", path, phoneNumbers=[{"type": "work", "value": "+43 1 5550100"}])


def when(text: str | None) -> str:
    return moment(read_moment(text), ZONE) if text else "–"


def fields(one: dict[str, Any]) -> list[str]:
    """Each field of the connector's table, as a reader finds it, from Webex's own answer."""
    phones = ", ".join(f"{p['type']} {p['value']}" for p in one["phoneNumbers"])
    return [
        f"Display name: {one['displayName']}", f"E-mail: {', '.join(one['emails'])}",
        f"Status: {one.get('status', '–')}", f"Last activity: {when(one.get('lastActivity'))}",
        f"Phone: {phones or '–'}", f"Nickname: {one['nickName']}",
        f"First name: {one['firstName']}", f"Last name: {one['lastName']}",
        f"Type: {one['type']}", f"Created: {when(one['created'])}", f"Avatar: {one['avatar']}",
        f"Organisation id: {one['orgId']}", f"Id: {one['id']}",
    ]  # fmt: skip


def test_my_own_details_are_all_that_webex_tells(chat: Chat) -> None:
    has_phone(chat, ANA)
    told = chat.as_("ana").asks("my details")
    for field in fields(me(chat, ANA)):
        assert field in told.text
        assert field.partition(": ")[2] in str(told.card)
    assert "work +43 1 5550100" in told.text
    for said in ("me", "who am i", "get my own details"):
        assert "Ana Horvat" in chat.as_("ana").says(said)


def test_a_person_is_found_by_their_address(chat: Chat) -> None:
    has_phone(chat, BEN)
    told = chat.as_("ana").asks(f"get people {BEN}")
    for field in fields(me(chat, BEN)):
        assert field in told.text
        assert field.partition(": ")[2] in str(told.card)
    assert told.text == chat.as_("ana").says(f"people <{BEN.upper()}>")


def test_the_form_takes_an_address_or_ids(chat: Chat) -> None:
    ana = chat.as_("ana")
    form = ana.asks("get people")
    assert "up to 85 ids" in form.text
    ids = [me(chat, email)["id"] for email in (BEN, EVE)]
    told = ana.presses(form, "Send", who=",\n".join([*ids, LOST]))
    assert "1–2 of 2 people" in told.text
    assert f"Not found: {LOST}" in told.text
    assert "Ben Okafor" in ana.presses(ana.asks("get people"), "Send", who=BEN).text


def test_a_few_ids_come_with_presence_and_the_unknown_are_named(chat: Chat) -> None:
    chat.rest(BEN, "POST", "messages", toPersonEmail=ANA, text="hello")
    ids = [me(chat, email)["id"] for email in (BEN, ANA)]
    told = chat.as_("ana").says(f"get people {ids[0]} {LOST}, {ids[1]} {ids[0]}")
    assert "1–2 of 2 people" in told
    assert f"Not found: {LOST}" in told
    for email in (BEN, ANA):
        for field in fields(me(chat, email)):
            if not field.startswith(("Status", "Last activity")):
                assert field in told
    assert "Status: active" in told
    assert "one by one" not in told


def test_of_many_webex_tells_no_presence_and_that_is_said(chat: Chat) -> None:
    for n in range(12):
        chat.control.person(f"p{n}@example.com", name=f"Person {n}")
    ids = [me(chat, f"p{n}@example.com")["id"] for n in range(12)]
    ana = chat.as_("ana")
    told = ana.asks("people " + " ".join([*ids, LOST]))
    assert "1–6 of 12 people" in told.text
    assert "nobody's presence for many ids at once" in told.text
    assert "cut short" not in told.text
    later = ana.presses(told, "Next")
    assert "7–12 of 12 people" in later.text
    assert all(f"Person {n}" in later.text for n in range(6, 12))
    for told_ids, text in ((ids[:6], told.text), (ids[6:], later.text)):
        assert all(f"Id: {id}" in text for id in told_ids)
        assert "1 id not found" in text
    assert f"Not found: {LOST}" in later.text
    assert "1–6 of 12" in ana.presses(later, "Previous").text


def test_85_ids_are_the_most(chat: Chat) -> None:
    ids = [f"{n:08x}-0000-4000-8000-000000000000" for n in range(86)]
    wanted = [_id(uuid) for uuid in ids]
    ana = chat.as_("ana")
    form = ana.asks("get people")
    assert "That are 86 ids" in ana.presses(form, "Send", who=" ".join(wanted)).text
    told = ana.presses(ana.asks("get people"), "Send", who=" ".join(wanted[:85]))
    assert "Nobody has 85 ids of those" in told.text
    assert all(id in told.text for id in wanted[:50])
    later = ana.presses(told, "Next")
    assert all(id in later.text for id in wanted[50:85])
    assert "cut short" not in told.text + later.text
    assert later.buttons == ["Previous"]


def _id(uuid: str) -> str:
    import base64

    return base64.b64encode(f"ciscospark://us/PEOPLE/{uuid}".encode()).decode().rstrip("=")


def test_people_of_other_organisations_are_told_as_webex_tells_them(chat: Chat) -> None:
    """By id and without presence; by address nobody learns that we ever met them (I13)."""
    learn(chat, make_space(chat, "Deal", members=(EVE,)))
    eve = me(chat, EVE)
    told = chat.as_("ben").says(f"people {eve['id']}")
    assert "Eve Moreau" in told
    assert "Status: –" in told
    assert "Last activity: –" in told
    known, unknown = (
        chat.as_("ben").says(f"people {email}") for email in (EVE, "zed@partner.example")
    )
    assert known.replace(EVE, "X") == unknown.replace("zed@partner.example", "X")
    assert "by their id only" in known
    assert "Eve Moreau" in chat.as_("cleo").says(f"people {EVE}")


def test_people_are_found_by_how_their_name_begins(chat: Chat) -> None:
    assert me(chat, BEN)["id"] in chat.as_("ana").says("people ben")
    assert "Ben Okafor" in chat.as_("ana").says("get people Ben Ok")
    for number in range(7):
        chat.control.person(f"zoe{number}@example.com", name=f"Zoe {number} Q")
    told = chat.as_("ana").asks("people zoe")
    assert "1–6 of 7 people" in told.text
    assert "Zoe 6 Q" in chat.as_("ana").presses(told, "Next").text
    for hostile in ("%", "_", "zo%", '"; drop table person', "\\"):
        assert "whose name begins with" in chat.as_("ana").says(f"people {hostile}")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("people nobody at all", "whose name begins with “nobody at all”"),
        ("people en", "whose name begins with “en”"),
        ("people Eve", "whose name begins with “Eve”"),
        (f"people {BEN} {ANA}", "one address at a time"),
        ("people nobody@example.com", "I find nobody with the address nobody@example.com"),
        ("people @", "no e-mail address"),
        (f"people {LOST}", "I find nobody with that id"),
        ("people " + "x" * 3000, "no id of a person"),
    ],
)
def test_what_names_nobody_is_refused_with_a_next_step(chat: Chat, said: str, answer: str) -> None:
    assert answer in chat.as_("ana").says(said)


def test_outsiders_look_nobody_up(chat: Chat) -> None:
    for said in ("my details", f"get people {BEN}"):
        assert "only talk" in chat.as_(EVE).says(said)


@pytest.mark.parametrize("name", ["**Ben** [x](https://evil.example)", "Ben\u202eneB", "<@all>"])
def test_a_hostile_name_is_a_name(chat: Chat, name: str) -> None:
    chat.control.person("odd@example.com", name=name)
    told = chat.as_("ana").asks("people odd@example.com")
    assert "\u202e" not in told.text
    assert "mentionedPeople" not in told
    assert "mentionedGroups" not in told
    id = me(chat, "odd@example.com")["id"]
    assert f"Id: {id}" in told.text


def test_in_member_mode_the_bot_asks_itself(stage: Chat) -> None:
    stage.start(CO_ACCESS_TOKEN="", CO2_ACCESS_TOKEN="", OWN_DOMAINS="example.com")
    ana = stage.as_("ana")
    for field in fields(me(stage, ANA)):
        if not field.startswith(("Status", "Last activity")):
            assert field in ana.says("me")
    assert "Ben Okafor" in ana.says(f"people {BEN}")
