"""The everyday commands one after the other: on each database, and without a compliance token."""

from __future__ import annotations

import pytest

from tests.chats import BOT, Chat
from tests.commands.companies import make_space
from tests.commands.test_search_by_chat import HOSTILE

ANA, BEN, CLEO = (f"{name}@example.com" for name in ("ana", "ben", "cleo"))


def play(chat: Chat) -> None:
    """From a space that is made to one person fewer in it; each step told as it was done."""
    ana, ben = chat.as_("ana"), chat.as_("ben")
    made = ana.says(f'create space "Q3 plans" with {BEN} tagged finance')
    assert "Ben Okafor · Added." in made
    assert "New: pii" in ana.says('tag "Q3 plans" pii')
    assert "Tags now: pii" in ana.says('untag "Q3 plans" finance')
    assert "pii · 1" in ben.says("tags")
    assert "1–1 of 1 space" in ben.says("search plans tag:pii member:ana")
    assert "No spaces found" in ben.says("search plans -tag:pii")
    said = f'add members {BEN} {CLEO} nobody@example.com to "Q3 plans" as moderators'
    told = ana.presses(ana.asks(said), "Add anyway")
    assert "Added 1 of 3. One of them moderates it now." in told.text
    assert "You are a moderator of it, too" in told.text
    assert "Removed." in ana.says(f'remove {BEN} from "Q3 plans"')
    assert "No spaces found" in ben.says("search plans"), "who has left finds it no more"
    with chat.process.house.store.read() as tx:
        assert tx.audit.verify()
        assert tx.intents.open() == ()


class TestOnEachDatabase:
    @pytest.fixture
    def bot_database(self, database_url: str) -> str:
        return database_url

    def test_a_day_in_the_life_of_a_space(self, chat: Chat) -> None:
        play(chat)


class TestInMemberMode:
    @pytest.fixture
    def bot_settings(self) -> dict[str, str]:
        return {"CO_ACCESS_TOKEN": "", "CO2_ACCESS_TOKEN": "", "OWN_DOMAINS": "example.com"}

    def test_the_bot_does_it_all_where_it_is_itself(self, chat: Chat) -> None:
        play(chat)

    def test_where_the_bot_is_no_moderator_it_is_told_what_webex_says(self, chat: Chat) -> None:
        room = make_space(chat, "Locked", moderators=("ana",), with_bot=True)
        told = chat.in_space(room, "ana").says(f"add {BEN}")
        assert "Webex would not add Ben Okafor" in told
        assert "If you make me a moderator of the space, I may" in told

    def test_where_the_bot_is_not_there_is_no_space(self, chat: Chat) -> None:
        make_space(chat, "Elsewhere")
        assert "I know no space “Elsewhere”" in chat.as_("ana").says("tag Elsewhere x")


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_title_does_nothing_in_any_answer(chat: Chat, title: str) -> None:
    room = make_space(chat, title, with_bot=True)
    ana = chat.in_space(room, "ana")
    id, said = room["id"], []
    for words in (
        "tag here x", "untag here y", "tags of here", f"add {BEN}", f"remove {BEN}",
        f"remove {ANA} {BOT}", "tag", "add member", f"tag {id}",
    ):  # fmt: skip
        said.append(ana.asks(words))
    for one in said:
        assert "broke on my side" not in one.text
        assert "\u202e" not in one.text
        assert "${" not in str(one.get("attachments"))
        assert "mentionedPeople" not in one
        assert "mentionedGroups" not in one
