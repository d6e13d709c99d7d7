"""“undo” alone: what somebody did lately, and the way back, for them and nobody else."""

from __future__ import annotations

from datetime import timedelta

from commands.undo import BACK
from tests.chats import Chat
from tests.commands.companies import learn, make_space


def test_the_latest_stands_first_and_is_offered_until_it_is_undone(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans", tags="finance", members=("ben",)))
    ana, ben = chat.as_("ana"), chat.as_("ben")
    assert "nothing of the last day" in ana.says("undo")
    ana.says('tag "Q3 plans" pii')
    ana.says('keep forever "Q3 plans"')
    told = ana.asks("undo")
    first, second = (line for line in told.text.splitlines() if line[:2] in ("1.", "2."))
    assert "keep clear" in first
    assert "Q3 plans" in first
    assert "untag" in second
    assert "pii" in second
    assert "nothing of the last day" in ben.says("undo"), "nobody undoes another's"
    assert "Untagged." in ana.presses(told, "Undo 2").text
    assert ana.says('tags of "Q3 plans"').splitlines()[1] == "finance"
    again = ana.says("undo that")
    assert "keep clear" in again
    assert "tag: “Q3 plans” (pii" in again, "what was undone can be done again"
    assert "untag:" not in again, "and is not undone twice"


def test_what_is_typed_for_it_does_it_and_a_day_later_it_is_over(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans", members=("ben",)))
    ana = chat.as_("ana")
    ana.says('tag "Q3 plans" pii')
    said = ana.says("undo")
    typed = said.partition("[Undo 1] or type: ")[2].splitlines()[0]
    assert "Untagged." in ana.says(typed)
    ana.says('tag "Q3 plans" pii')
    chat.clock.advance(days=(BACK + timedelta(hours=1)) / timedelta(days=1))
    assert "nothing of the last day" in ana.says("undo")
