"""Messages that the bot carries: to whom, in whose name, and what nobody can make it say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.errors import Refusal
from domain.ids import PersonId, RoomId
from spaces.posting import MOST_AN_HOUR, Letter, post
from tests.chats import BOT, Answer, Chat
from tests.commands.companies import learn, make_space
from tests.commands.crowds import send
from tests.commands.test_messages_by_chat import fields
from tests.commands.test_search_by_chat import HOSTILE

ANA, BEN, CLEO, DORA = (f"{name}@example.com" for name in ("ana", "ben", "cleo", "dora"))
EVE, GIL = "eve@partner.example", "gil@example.com"
ANA_SENDS = f"Ana Horvat ({ANA}) sends:"


@pytest.fixture
def plans(chat: Chat) -> dict[str, Any]:
    """A space of Ana's, with Ben and the bot in it."""
    room = make_space(chat, "Q3 plans", members=("ben",), with_bot=True)
    learn(chat, room)
    return room


def in_room(chat: Chat, room: str, reader: str = ANA) -> list[dict[str, Any]]:
    """What the bot said in a space, by the server's word, newest first."""
    found = chat.rest(reader, "GET", f"messages?roomId={room}&max=100")["items"]
    return [one for one in found if one["personEmail"] == BOT]


def to_ben(chat: Chat) -> list[Answer]:
    return [one for one in chat.as_("ben").messages() if "sends" in one.text]


def attaches(
    chat: Chat, text: str, name: str = "plan.txt", body: bytes = b"secret", by: str = "ana"
) -> Answer:
    """Says something to the bot with a file attached."""
    return send(chat, f"{by}@example.com", text, body, name)


# -- where to, and what comes of it ----------------------------------------------------------------


def test_a_text_goes_into_a_space_in_its_senders_name(chat: Chat, plans: dict[str, Any]) -> None:
    told = chat.as_("ana").asks('send "Q3 plans" The figures are there.')
    [sent] = in_room(chat, plans["id"])
    assert sent["text"] == f"{ANA_SENDS} The figures are there."
    assert "markdown" not in sent
    assert "Sent to Q3 plans." in told.text
    for field in fields(chat, {**sent, "personEmail": BOT}, "Q3 plans"):
        if not field.startswith("From"):
            assert field in told.text
            assert field.partition(": ")[2] in str(told.card)
    assert sent["text"] in told.text


def test_to_a_person_by_address_id_or_mention(chat: Chat, plans: dict[str, Any]) -> None:
    ana = chat.as_("ana")
    id = chat.rest(BEN, "GET", "people/me")["id"]
    told = ana.says(f"send {BEN} one")
    assert f"To: {BEN}" in told
    assert f"To person id: {id}" in told
    ana.says(f"send to <{BEN}> two")
    ana.says(f"send message {id} three")
    chat.in_space(plans["id"], "ana").says(f"send <@personEmail:{BEN}|Ben> four")
    lines = [one.text.splitlines() for one in to_ben(chat)]
    assert [first for first, _ in lines] == [
        f"{ANA_SENDS} {word}" for word in ("four", "three", "two", "one")
    ]
    assert {last for _, last in lines} == {f"(I only pass this on; to answer, write to {ANA}.)"}


def test_here_and_with_line_breaks_and_quotes_as_typed(chat: Chat, plans: dict[str, Any]) -> None:
    chat.in_space(plans["id"], "ana").says('send here She said "yes"  twice,\nand left.')
    first, *_ = (m for m in in_room(chat, plans["id"]) if "sends" in m["text"])
    assert first["text"] == f'{ANA_SENDS}\n> She said "yes"  twice,\n> and left.'


def test_the_form_sends_text_and_markdown(chat: Chat, plans: dict[str, Any]) -> None:
    ana = chat.as_("ana")
    form = ana.asks("send")
    for label in ("To", "Text", "Markdown"):
        assert label in form.text
    ana.presses(form, "Send", to="Q3 plans", text="plain words", markdown="**bold** words")
    [sent] = in_room(chat, plans["id"])
    assert sent["markdown"] == f"**Ana Horvat** ({ANA}) sends:\n\n> **bold** words"
    assert "<strong>bold</strong>" in sent["html"]
    asked = ana.asks('send "Q3 plans"')
    assert "What do you want to say?" in asked.text
    ana.presses(asked, "Send", text="one\ntwo")
    assert in_room(chat, plans["id"])[0]["text"] == f"{ANA_SENDS}\n> one\n> two"


def test_markdown_can_be_typed(chat: Chat, plans: dict[str, Any]) -> None:
    chat.as_("ana").says('send "Q3 plans" markdown: _done_ by `us`')
    [sent] = in_room(chat, plans["id"])
    assert sent["markdown"].endswith("> _done_ by `us`")


def test_a_file_of_the_message_goes_along(chat: Chat, plans: dict[str, Any]) -> None:
    attaches(chat, 'send "Q3 plans" Have a look', body=b"the plan")
    [sent] = in_room(chat, plans["id"])
    assert sent["text"] == f"{ANA_SENDS} Have a look"
    [address] = sent["files"]
    content = chat._session.get(
        address, headers={"Authorization": f"Bearer {chat.control.token(BEN)}"}, timeout=30
    )
    assert content.content == b"the plan"
    assert 'filename="plan.txt"' in content.headers["Content-Disposition"]
    attaches(chat, f"send {BEN}", body=b"only this")
    [alone] = to_ben(chat)
    assert alone.text.startswith(f"Ana Horvat ({ANA}) sends a file.")
    assert len(alone["files"]) == 1


def test_of_several_files_each_is_a_message(chat: Chat, plans: dict[str, Any]) -> None:
    house = chat.process.house
    addresses = [
        chat.rest(ANA, "POST", "messages", toPersonEmail=BOT, files=[f"https://x.example/{n}"])
        for n in range(2)
    ]
    with house.store.read() as tx:
        space = tx.spaces.by_id(RoomId(plans["id"]))
        ana = tx.people.by_id(PersonId(addresses[0]["personId"]))
    assert space is not None
    assert ana is not None
    letters = [Letter(text=f"number {n}", file=a["files"][0]) for n, a in enumerate(addresses)]
    for _ in range(2):  # again, as after a crash
        sent = post(house, ana, space, letters, step="message/x")
        assert [one.text for one in sent] == ["number 0", "number 1"]
    assert [m["text"] for m in in_room(chat, plans["id"])] == ["number 1", "number 0"]


@pytest.mark.parametrize(
    ("status", "said"),
    [(423, "looking through the file for malware"), (410, "found malware in the file"),
     (404, "I can't read that file")],
)  # fmt: skip
def test_a_file_that_can_not_be_passed_on_is_said_and_nothing_is_sent(
    chat: Chat, plans: dict[str, Any], status: int, said: str
) -> None:
    fault = chat.control.fault("status", method="GET", path="/contents/*", status=status, count=50)
    assert said in attaches(chat, 'send "Q3 plans" look').text
    assert chat.control.fired(fault)
    assert in_room(chat, plans["id"]) == []


def test_taking_back_deletes_it_for_whoever_sent_it_alone(
    chat: Chat, plans: dict[str, Any]
) -> None:
    ana = chat.as_("ana")
    told = ana.asks('send "Q3 plans" oops')
    [sent] = in_room(chat, plans["id"])
    for who in ("ben", "cleo"):
        no = chat.as_(who).says(f"take back {sent['id']}")
        assert "I carried no message of that id for you." in no
    mine = chat.rest(ANA, "POST", "messages", roomId=plans["id"], text="my own")
    assert "I carried no message" in ana.says(f"take back {mine['id']}")
    assert "Deleted 1 message." in ana.presses(told, "Take back").text
    assert in_room(chat, plans["id"]) == []
    assert "Deleted 1 message." in ana.says(f"take back {sent['id']}"), "so already"


def test_nothing_is_taken_back_from_under_a_hold_or_after_a_day(
    chat: Chat, plans: dict[str, Any]
) -> None:
    ana = chat.as_("ana")
    ana.says('send "Q3 plans" evidence')
    [sent] = in_room(chat, plans["id"])
    chat.as_("cleo").says('hold place lawsuit space "Q3 plans"')
    assert "Something forbids to destroy anything in it" in ana.says(f"take back {sent['id']}")
    assert [m["id"] for m in in_room(chat, plans["id"])] == [sent["id"]]
    ana.says(f"send {DORA} late")
    [late] = [m for m in chat.as_("dora").messages() if "sends" in m.text]
    chat.clock.advance(hours=25)
    assert "within a day" in ana.says(f"take back {late['id']}")


# -- who may ---------------------------------------------------------------------------------------


def test_only_into_spaces_that_the_sender_is_in_now(chat: Chat, plans: dict[str, Any]) -> None:
    chat.control.person(GIL)
    seat = chat.rest(ANA, "POST", "memberships", roomId=plans["id"], personEmail=GIL)
    learn(chat)
    assert "Sent" in chat.as_(GIL).says('send "Q3 plans" hello')
    chat.rest(GIL, "DELETE", f"memberships/{seat['id']}")
    before = in_room(chat, plans["id"])
    gone = chat.as_(GIL).says('send "Q3 plans" still here')
    none = chat.as_(GIL).says('send "Nowhere" still here')
    assert gone.replace("Q3 plans", "X") == none.replace("Nowhere", "X")
    assert "I know no space" in gone
    cleo = chat.as_("cleo").says('send "Q3 plans" from above')
    assert "You are not in that space" in cleo
    assert in_room(chat, plans["id"]) == before


def test_not_where_only_moderators_write_and_not_into_a_blocked_space(chat: Chat) -> None:
    room = make_space(chat, "News", members=("ben",), moderators=("ana", BOT), with_bot=True)
    learn(chat, room)
    chat.rest(ANA, "PUT", f"rooms/{room['id']}", title="News", isAnnouncementOnly=True)
    assert "Only its moderators write" in chat.as_("ben").says('send "News" me too')
    assert "Sent" in chat.as_("ana").says('send "News" all of you')
    with chat.process.house.store.begin() as tx:
        key = tx.spaces.key_of(RoomId(room["id"]))
        assert key is not None
        tx.blocks.add(key, {"is_locked": False, "moderators": []}, case=None)
        tx.commit()
    assert "The space is blocked" in chat.as_("ana").says('send "News" again')
    assert len(in_room(chat, room["id"])) == 1


def test_the_bot_must_be_in_it_and_says_how(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans")
    learn(chat, room)
    told = chat.as_("ana").says('send "Q3 plans" hello')
    assert "I am not in that space myself" in told
    assert f'add member {BOT} to "Q3 plans"' in told


def test_only_to_people_of_the_company(chat: Chat) -> None:
    """Its rules on writing outside do not hold for bots, so this one keeps to itself."""
    learn(chat, make_space(chat, "Deal", members=(EVE,)))
    id = chat.rest(EVE, "GET", "people/me")["id"]
    assert "people of the company only" in chat.as_("ana").says(f"send {id} psst")
    assert "I don't write to bots" in chat.as_("ana").says(f"send {BOT} psst")
    assert "I find nobody" in chat.as_("ana").says("send new@nowhere.example psst")
    assert [m for m in chat.as_(EVE).messages() if m["personEmail"] == BOT] == []
    assert "only talk" in chat.as_(EVE).says(f"send {BEN} psst")
    assert to_ben(chat) == []


def test_so_many_an_hour_and_no_more(chat: Chat, plans: dict[str, Any]) -> None:
    with chat.process.house.store.begin() as tx:
        ana = tx.people.by_email(ANA) or pytest.fail("nobody")
        tx.connection.exec_driver_sql(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < ?)"
            " INSERT INTO carried_message(uuid, room, sender_id, at) SELECT x, 'r', ?, ? FROM n",
            (MOST_AN_HOUR - 1, ana.key, int(tx.now.timestamp() * 1000)),
        )
        tx.commit()
    assert "Sent" in chat.as_("ana").says('send "Q3 plans" the last one')
    assert f"carried {MOST_AN_HOUR} messages" in chat.as_("ana").says('send "Q3 plans" one more')
    assert "Sent" in chat.as_("ben").says('send "Q3 plans" mine is another count')
    chat.clock.advance(hours=2)
    assert "Sent" in chat.as_("ana").says('send "Q3 plans" later')
    assert len(in_room(chat, plans["id"])) == 3


# -- never twice, and nobody else's words ----------------------------------------------------


def test_a_message_that_comes_twice_is_sent_once(chat: Chat, plans: dict[str, Any]) -> None:
    doubled = chat.control.fault("frame-double", path="post", count=1)
    chat.as_("ana").says('send "Q3 plans" once')
    assert chat.control.fired(doubled) == 1
    assert len(in_room(chat, plans["id"])) == 1


@pytest.mark.parametrize("to", ['"Q3 plans"', BEN])
def test_an_answer_that_was_lost_is_looked_for_and_not_sent_again(
    chat: Chat, plans: dict[str, Any], to: str
) -> None:
    ana = chat.as_("ana")
    ana.says(f"send {to} the same words")  # said on purpose before, and another's
    lost = chat.control.fault("5xx-after", method="POST", path="/messages", count=1, who=BOT)
    told = ana.says(f"send {to} the same words")
    assert chat.control.fired(lost) == 1
    assert "Sent to" in told
    sent = in_room(chat, plans["id"]) if to != BEN else to_ben(chat)
    assert len(sent) == 2
    assert len({one["id"] for one in sent}) == 2


def test_what_was_not_sent_is_said(chat: Chat, plans: dict[str, Any]) -> None:
    chat.control.fault("status", method="POST", path="/messages", status=403, count=1, who=BOT)
    assert "Webex would not send that message" in chat.as_("ana").says('send "Q3 plans" x')
    assert in_room(chat, plans["id"]) == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("field", ["text", "markdown"])
def test_whatever_is_written_mentions_nobody(
    chat: Chat, plans: dict[str, Any], text: str, field: str
) -> None:
    ana = chat.as_("ana")
    told = ana.presses(ana.asks("send"), "Send", to="Q3 plans", **{field: text})
    [sent] = in_room(chat, plans["id"])
    for one in (sent, told):
        assert "mentionedPeople" not in one
        assert "mentionedGroups" not in one
    assert "\u202e" not in json.dumps(sent, ensure_ascii=False)
    assert "<b" not in sent.get("html", "")
    assert "spark-mention" not in sent.get("html", "")
    assert sent["text"].startswith(f"Ana Horvat ({ANA}) sends:")


def test_nobody_speaks_as_somebody_else(chat: Chat, plans: dict[str, Any]) -> None:
    ana = chat.as_("ana")
    fake = f"hello\n\n\n\n\nCleo Laurent ({CLEO}) sends: give me your password"
    for field in ("text", "markdown"):
        ana.presses(ana.asks("send"), "Send", to="Q3 plans", **{field: fake})
        sent = in_room(chat, plans["id"])[0]
        lines = sent.get("markdown", sent["text"]).splitlines()
        assert "Ana Horvat" in lines[0]
        assert all(line.startswith(">") for line in lines[1:] if line)
        assert len(lines) < 8
    chat.control.person(GIL, name="**Cleo Laurent** <@all>")
    chat.rest(ANA, "POST", "memberships", roomId=plans["id"], personEmail=GIL)
    learn(chat)
    gil = chat.as_(GIL)
    gil.presses(gil.asks("send"), "Send", to="Q3 plans", markdown="hi")
    sent = in_room(chat, plans["id"])[0]
    assert f"({GIL}) sends:" in sent["markdown"].splitlines()[0]
    assert "mentionedGroups" not in sent
    assert r"\*\*Cleo" in sent["markdown"]


def test_length_counts_in_bytes_with_the_senders_line(chat: Chat, plans: dict[str, Any]) -> None:
    ana = chat.as_("ana")
    head = len(f"{ANA_SENDS} ".encode())
    told = ana.presses(ana.asks("send"), "Send", to="Q3 plans", text="é" * 3710)
    over = 2 * 3710 + head - 7439
    assert f"{over} bytes too long" in told.text
    assert in_room(chat, plans["id"]) == []
    fits = "é" * ((7439 - head) // 2)
    assert "Sent" in ana.presses(ana.asks("send"), "Send", to="Q3 plans", text=fits).text
    assert in_room(chat, plans["id"])[0]["text"].endswith(fits)


def test_the_record_tells_who_sent_and_took_back_and_keeps_no_text(
    chat: Chat, plans: dict[str, Any]
) -> None:
    told = chat.as_("ana").asks('send "Q3 plans" a very private thing')
    chat.as_("ana").presses(told, "Take back")
    with chat.process.house.store.read() as tx:
        assert tx.audit.verify()
        records = [r for r in tx.audit.since() if str(r.word).startswith("message:")]
        assert tx.intents.open() == ()
        kept = tx.connection.exec_driver_sql("SELECT group_concat(payload) FROM intent").scalar()
    assert [(str(r.word), r.actor) for r in records] == [
        ("message:send", ANA), ("message:take-back", ANA)
    ]  # fmt: skip
    assert "private thing" not in str(records) + str(kept)


def test_in_member_mode_what_nobody_can_look_at_is_not_sent_again(stage: Chat) -> None:
    stage.start(CO_ACCESS_TOKEN="", CO2_ACCESS_TOKEN="", OWN_DOMAINS="example.com")
    room = make_space(stage, "Q3 plans", with_bot=True)
    stage.in_space(room["id"], "ana").says("help")
    lost = stage.control.fault("5xx-after", method="POST", path="/messages", count=1, who=BOT)
    stage.in_space(room["id"], "ana").tells("send here hello")
    stage.as_("ana").waits_for("can't see yet whether it did")
    assert stage.control.fired(lost) == 1
    sent = [m for m in in_room(stage, room["id"]) if "sends" in m["text"]]
    assert len(sent) == 1


def test_a_refusal_comes_before_anything_is_sent(chat: Chat, plans: dict[str, Any]) -> None:
    house = chat.process.house
    with house.store.read() as tx:
        space = tx.spaces.by_id(RoomId(plans["id"]))
        ana = tx.people.by_email(ANA)
    assert space is not None
    assert ana is not None
    with pytest.raises(Refusal, match="too long"):
        post(house, ana, space, [Letter(text="fine"), Letter(text="x" * 8000)], step="message/y")
    assert in_room(chat, plans["id"]) == []
