"""Who is in a space: by name and address, moderators first, for whoever sees the space."""

from __future__ import annotations

from tests.chats import Chat
from tests.commands.companies import learn, make_space

EVE = "eve@partner.example"


def test_everybody_is_listed_with_what_they_are(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans", members=("ben", EVE), moderators=("ana",)))
    told = chat.as_("ben").asks('members "Q3 plans"')
    assert "3 members of “Q3 plans”" in told.text
    assert "Ana Horvat, moderator · ana@example.com" in told.text
    assert "Ben Okafor · ben@example.com" in told.text
    assert "Eve Moreau, of another organisation · eve@partner.example" in told.text
    assert "3 members" in chat.as_("ben").says("who is in Q3 plans?")
    assert "3 members" in chat.as_("cleo").says("list members Q3 plans")


def test_many_are_shown_a_page_at_a_time(chat: Chat) -> None:
    for number in range(25):
        chat.control.person(f"p{number:02d}@example.com", name=f"Person {number:02d}")
    learn(chat, make_space(chat, "Q3 plans", members=tuple(f"p{n:02d}" for n in range(25))))
    ana = chat.as_("ana")
    first = ana.asks('members "Q3 plans"')
    assert "26 members of “Q3 plans”" in first.text
    assert "Person 24" not in first.text
    second = ana.presses(first, "Next")
    assert "Person 24 · p24@example.com" in second.text
    assert "Nobody on this page." in ana.says('members "Q3 plans" page 9')


def test_whoever_does_not_see_the_space_is_told_of_none(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    ben = chat.as_("ben")
    hidden, none = ben.says('members "Q3 plans"'), ben.says('members "Z9 plans"')
    assert hidden.replace("Q3", "Z9") == none
    assert "I know no space" in none
