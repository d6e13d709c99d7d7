"""Tags: given, taken off, undone, counted; by those who may, and told to those who may know."""

from __future__ import annotations

import pytest

from tests.chats import BOT, Chat
from tests.commands.companies import learn, make_space


def tags_of(chat: Chat, title: str) -> str:
    """The tags of a space by the words of compliance, who sees all."""
    told = chat.as_("cleo").says(f'tags of "{title}"')
    return told.splitlines()[1]


def test_a_tag_is_given_and_undone_by_a_button(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans", tags="finance"))
    ana = chat.as_("ana")
    told = ana.asks('tag "Q3 plans" Finance, #PII and 2026')
    assert "Tagged." in told.text
    assert "New: pii, 2026" in told.text
    assert tags_of(chat, "Q3 plans") == "2026, finance, pii"
    undone = ana.presses(told, "Undo")
    assert "Untagged." in undone.text
    assert undone["id"] == told["id"], "what is undone does not stay on show"
    assert tags_of(chat, "Q3 plans") == "finance", "what it had before stays"
    ana.presses(undone, "Undo")
    assert tags_of(chat, "Q3 plans") == "2026, finance, pii"


def test_nothing_new_is_told_as_nothing_new(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans", tags="finance"))
    told = chat.as_("ana").asks('tag "Q3 plans" finance')
    assert "It had that already" in told.text
    assert told.buttons == []
    assert "It has no such tag" in chat.as_("ana").says('untag "Q3 plans" pii')


def test_the_form_of_tag_asks_for_what_is_missing_and_shows_the_space_by_its_title(
    chat: Chat,
) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    ana = chat.as_("ana")
    form = ana.asks('tag "Q3 plans"')
    assert "Space: Q3 plans" in form.text
    assert "Tags now: finance, pii" in ana.presses(form, "Send", tags="finance pii").text
    whole = ana.presses(ana.asks("untag"), "Send", space="Q3 plans", tags="pii")
    assert "Tags now: finance" in whole.text


def test_a_form_is_not_shown_for_a_space_that_is_not_there(chat: Chat) -> None:
    assert "I know no space “Nowhere”" in chat.as_("ana").says("tag Nowhere")


@pytest.mark.parametrize("bad", ["none", "two/parts", '"two words"', "-x", "x" * 41])
def test_what_can_not_be_a_tag_is_told_and_none_is_given(chat: Chat, bad: str) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    assert "can't be a tag" in chat.as_("ana").says(f'tag "Q3 plans" good {bad}')
    assert tags_of(chat, "Q3 plans") == "It has no tags."


def test_a_member_who_does_not_moderate_is_refused_and_told_whom_to_ask(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans", members=("ben",), moderators=("ana",)))
    told = chat.as_("ben").says('tag "Q3 plans" finance')
    assert "only its moderators may do that. Ask one of them, or compliance" in told.replace(
        "\n", " "
    )
    assert tags_of(chat, "Q3 plans") == "It has no tags."
    assert "Tagged" in chat.as_("ana").says('tag "Q3 plans" finance')
    assert "Tagged" in chat.as_("cleo").says('tag "Q3 plans" audit'), "compliance is not in it"


def test_undo_is_asked_again_whether_it_may(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans", members=("ben",), moderators=("ana", "ben"))
    learn(chat, room)
    told = chat.as_("ben").asks('tag "Q3 plans" finance')
    members = chat.rest("ana@example.com", "GET", f"memberships?roomId={room['id']}")["items"]
    [his] = [m for m in members if m["personEmail"] == "ben@example.com"]
    chat.rest("ana@example.com", "PUT", f"memberships/{his['id']}", isModerator=False)
    assert "only its moderators" in chat.as_("ben").presses(told, "Undo").text
    assert tags_of(chat, "Q3 plans") == "finance"


def test_all_tags_are_counted_only_over_what_one_may_see(chat: Chat) -> None:
    learn(
        chat, make_space(chat, "One", tags="finance pii"),
        make_space(chat, "Two", tags="finance", members=("ben",)),
    )  # fmt: skip
    told = chat.as_("cleo").asks("tags")
    assert "finance · 2" in told.text
    assert "pii · 1" in told.text
    bens = chat.as_("ben").asks("tags")
    assert "finance · 1" in bens.text
    assert "pii" not in bens.text
    assert "1–1 of 1 space" in chat.as_("ben").presses(bens, "finance").text


def test_a_space_that_one_is_not_in_is_no_space_whatever_is_asked_of_it(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans", tags="finance"))
    there, not_there = "Q3 plans", "Nowhere"
    for words in ("tags of {}", "tag {} x", "untag {} x"):
        said, other = (
            chat.as_("ben").says(words.format(f'"{name}"')).replace(name, "it")
            for name in (there, not_there)
        )
        assert said == other


def test_two_spaces_of_one_title_are_told_apart_by_their_ids(chat: Chat) -> None:
    one, two = make_space(chat, "Plans", idle=3), make_space(chat, "Plans", idle=9)
    learn(chat, one, two)
    told = chat.as_("ana").says("tag Plans finance")
    assert "2 spaces have that title" in told
    assert one["id"] in told
    assert two["id"] in told
    assert "Tagged" in chat.as_("ana").says(f"tag {two['id']} finance")
    assert "finance" not in chat.as_("ana").says(f"tags of {one['id']}")


def test_in_a_space_here_need_not_be_said(chat: Chat) -> None:
    room = make_space(chat, "Q3 plans", with_bot=True)
    learn(chat, room)
    ana = chat.in_space(room, "ana")
    told = ana.asks("tag finance")
    assert "Tagged." in told.text
    assert told["roomId"] == room["id"], "all in it are ours, and it is about this very space"
    assert "Tagged." in ana.says("tag here pii")
    assert "pii" in ana.says("tags of here")


def test_with_outsiders_in_the_space_they_do_not_read_the_tags(chat: Chat) -> None:
    room = make_space(chat, "Open", members=("eve@partner.example",), with_bot=True)
    learn(chat, room)
    told = chat.in_space(room, "ana").asks("tag here finance")
    assert "finance" in told.text
    assert told["roomType"] == "direct"
    said = [m["text"] for m in chat.control.room(room["id"])["messages"] if m["personEmail"] == BOT]
    assert not any("finance" in text for text in said)


def test_each_change_of_tags_is_in_the_record(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    chat.as_("ana").says('tag "Q3 plans" finance')
    chat.as_("ana").says('untag "Q3 plans" finance')
    with chat.process.house.store.read() as tx:
        assert tx.audit.verify()
        words = [str(entry.word) for entry in tx.audit.since()]
    assert "space:tag:add" in words
    assert "space:tag:remove" in words
