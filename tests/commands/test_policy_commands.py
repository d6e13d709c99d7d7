"""Policies by chat: the real bot on the real sandbox, two officers, and people who may not."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import openpyxl
import pytest

from domain.audit import Word
from domain.policies import Basis, Ending, PolicyState
from retention.policies import put_in_force
from spaces.sync.crawl import crawl
from tests.chats import Chat, Person, eventually
from webex.gateway import Lane

CLEANUP = "policy new cleanup tag:finance then delete after 90d cap 50"


@pytest.fixture
def cleo(chat: Chat) -> Person:
    return chat.as_("cleo")


@pytest.fixture
def dora(chat: Chat) -> Person:
    return chat.as_("dora")


@pytest.fixture
def old_spaces(chat: Chat) -> list[str]:
    """Three spaces that Ana made, two of them of finance; the inventory knows them."""
    ana = chat.as_("ana")
    for title, tag in (("Budget", "finance"), ("Audit", "finance"), ("Party", "fun")):
        ana.says(f'create space "{title}"')
        assert "Tagged" in ana.says(f'tag "{title}" {tag}')
    assert crawl(chat.process.house).is_complete
    return ["Budget", "Audit", "Party"]


def code_in(said: str) -> str:
    found = re.search(r"code (\d{6})", said)
    assert found, said
    return found[1]


def test_from_an_idea_to_a_policy_in_force(
    chat: Chat, cleo: Person, dora: Person, old_spaces: list[str]
) -> None:
    written = cleo.says(CLEANUP)
    assert "Spaces tagged “finance”: delete them 3 months after their last activity" in written
    assert "State: draft" in written

    seen = cleo.says("policy simulate cleanup")
    assert "cleanup deletes 2 spaces" in seen
    assert "Budget" in seen
    assert "Audit" in seen
    assert "Party" not in seen
    assert "You wrote version 1" in seen

    code = code_in(dora.says("policy approve cleanup"))
    agreed = dora.says(f"policy approve cleanup code {code}")
    assert "You agreed to version 1" in agreed
    assert "Approved by: dora@example.com" in agreed

    house = chat.process.house
    assert put_in_force(house) == ()  # it cools
    chat.clock.advance(hours=25)
    [now] = put_in_force(house)
    assert (now.name, now.number, now.state) == ("cleanup", 1, PolicyState.ACTIVE)
    assert put_in_force(house) == ()
    assert "State: active" in cleo.says("policy show Cleanup")
    with house.store.read() as tx:
        words = [row.word for row in tx.audit.since() if row.word.startswith("policy:")]
        assert words == [
            Word.POLICY_WRITE, Word.POLICY_SIMULATE, Word.POLICY_SIMULATE, Word.POLICY_APPROVE,
            Word.POLICY_IN_FORCE,
        ]  # fmt: skip
        assert tx.audit.verify()


def test_buttons_say_the_same_as_words(
    chat: Chat, cleo: Person, dora: Person, old_spaces: list[str]
) -> None:
    form = cleo.asks("policy new")
    written = cleo.presses(
        form, "Send", policy="cleanup", query="tag:finance", ending="delete", period="90d",
        cap="50", direct="no",
    )  # fmt: skip
    assert "delete them 3 months after their last activity" in written.text
    assert "Direct conversations: left alone" in written.text
    seen = cleo.presses(written, "Simulate")
    assert "cleanup deletes 2 spaces" in seen.text
    assert "Agree to exactly this" not in seen.buttons

    seen = dora.asks("policy simulate cleanup")
    agreed = dora.presses(seen, "Agree to exactly this")
    assert "You agreed to version 1" in agreed.text
    assert "pressed “Agree to exactly this” already" in dora.presses(
        seen, "Agree to exactly this"
    ).text  # fmt: skip
    taken_back = cleo.presses(cleo.asks("policy show cleanup"), "Pause")
    assert "Approved by: nobody yet" in taken_back.text


def test_the_authors_own_press_is_no_agreement(
    chat: Chat, cleo: Person, dora: Person, old_spaces: list[str]
) -> None:
    """Cleo sees a simulation of Dora's, whose next version then is her own."""
    dora.says(CLEANUP)
    seen = cleo.asks("policy approve cleanup")
    cleo.says("policy change cleanup tag:finance or tag:fun")
    assert "moved on" in cleo.presses(seen, "Agree to exactly this").text
    assert "You wrote version 2" in cleo.says("policy approve cleanup")
    assert "not the code of version 2" in dora.says("policy approve cleanup code 123456")


def test_a_list_that_changed_is_shown_again_instead_of_agreed_to(
    chat: Chat, cleo: Person, dora: Person, old_spaces: list[str]
) -> None:
    cleo.says(CLEANUP)
    seen = dora.asks("policy simulate cleanup")
    chat.as_("ana").says("tag Party finance")
    again = dora.presses(seen, "Agree to exactly this")
    assert "The list has changed since you saw it" in again.text
    assert "cleanup deletes 3 spaces" in again.text
    assert "Party" in again.text
    assert "Approved by: nobody yet" in cleo.says("policy show cleanup")
    assert "You agreed to version 1" in dora.presses(again, "Agree to exactly this").text


def test_all_spaces_are_agreed_to_only_by_typing_the_code(
    chat: Chat, cleo: Person, dora: Person, old_spaces: list[str]
) -> None:
    cleo.says("policy new sweep all then notify after 90d cap 5")
    seen = dora.asks("policy simulate sweep")
    code = code_in(seen.text)
    wrong = dora.presses(seen, "Agree to exactly this", code="12")
    assert "not the code" in wrong.text
    assert "You agreed" in dora.presses(seen, "Agree to exactly this", code=code).text


def test_who_is_not_of_compliance_can_not_tell_what_policies_there_are(
    chat: Chat, cleo: Person
) -> None:
    cleo.says(CLEANUP)
    ana = chat.as_("ana")
    for words in (
        "policy show {}", "policy simulate {}", "policy approve {}", "policy pause {}",
        "policy resume {}", "policy retire {}", "policy change {} cap 3",
    ):  # fmt: skip
        there, not_there = (ana.says(words.format(name)) for name in ("cleanup", "nothing"))
        assert there == not_there
        assert "for compliance" in there
    for words in ("policy list", "policy new", "policy new x", CLEANUP, "pause", "resume"):
        said = ana.says(words)
        assert "for compliance" in said
        assert "cleanup" not in said
    assert "policy" not in ana.says("help")
    assert "policy" not in ana.says("polcy list").replace("polcy", "")
    with chat.process.house.store.read() as tx:
        assert len(tx.policies.all()) == 1
        assert tx.settings.pause() is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("policy new x tag:a then delete", "Without a period"),
        ("policy new x tag:a then delete after", "not a span"),
        ("policy new x tag:a then delete after 0d", "zero means nothing"),
        ("policy new x tag:a then delete after 90", "not a span"),
        ("policy new x tag:a then delete now after 90d", "can be keep"),
        ("policy new x tag:a then delete after 90d cap 0", "goes from 1"),
        ("policy new x tag:a then delete after 90d cap all", "no whole number"),
        ("policy new x tag:a then delete after 90d cap 50 tag:b", "no whole number"),
        ("policy new x tag:a then delete after 90d floor tag:b", "After “floor”"),
        ("policy new x tag:a then delete after 90d direct maybe", "After “direct”"),
        ("policy new x tag:a then delete after 90d warn soon", "whole numbers"),
        ("policy new x tag:a then delete after 90d warn 3", "at least 2 times"),
        ("policy new x tag:a then keep for 90d", "A keep has no end"),
        ("policy new x colour:red then delete after 90d", "no condition “colour”"),
        ("policy new <b>x</b> tag:a then keep", "can't be the name"),
        ('policy new "a*b" tag:a then keep', "can't be the name"),
        ("policy new x then keep", "For which spaces"),
    ],
)  # fmt: skip
def test_what_is_not_clear_is_asked_for_and_never_guessed(
    chat: Chat, cleo: Person, typed: str, said: str
) -> None:
    assert said in cleo.says(typed)
    with chat.process.house.store.read() as tx:
        assert tx.policies.all() == ()


@pytest.mark.parametrize(
    ("typed", "query", "ending"),
    [
        ("tag:a inactive:>90d then delete after 1y", "tag:a inactive:>90d", Ending.DELETE),
        ("when tag:a or tag:b then block after 2w", "tag:a or tag:b", Ending.BLOCK),
        ('"tag:a title:then" then notify after 2w', "tag:a then", Ending.NOTIFY),
        ('title:"after work" then keep', '"after work"', Ending.KEEP),
        ('"after work" then keep', '"after work"', Ending.KEEP),
        ('"all" then keep', "all", Ending.KEEP),
    ],
)
def test_a_condition_is_typed_like_a_search(
    chat: Chat, cleo: Person, typed: str, query: str, ending: Ending
) -> None:
    said = cleo.says(f"policy new x {typed}")
    with chat.process.house.store.read() as tx:
        [made] = tx.policies.all()
    assert (made.query, made.ending) == (query, ending), said


def test_everything_that_can_be_said_is_understood(chat: Chat, cleo: Person) -> None:
    said = cleo.says(
        'policy new "Old plans" tag:a then delete after 6m from creation warn 60 20 grace 3w'
        " cap 7 priority 200 direct"
    )
    assert "Spaces tagged “a”: delete them 6 months after they were created." in said
    with chat.process.house.store.read() as tx:
        [made] = tx.policies.all()
    assert (made.name, made.basis, made.notices, made.cap) == (
        "Old plans", Basis.CREATED, (60, 20), 7,
    )  # fmt: skip
    assert (made.grace, made.priority, made.includes_direct, made.is_floor) == (
        timedelta(weeks=3), 200, True, False,
    )  # fmt: skip
    assert "It may do nothing" not in said
    assert "none: without a cap it may do nothing" in cleo.says(
        "policy new bare tag:a then delete after 90d"
    )


def test_a_change_is_typed_or_filled_in_and_says_what_holds_meanwhile(
    chat: Chat, cleo: Person, dora: Person, old_spaces: list[str]
) -> None:
    cleo.says(CLEANUP)
    dora.presses(dora.asks("policy simulate cleanup"), "Agree to exactly this")
    chat.clock.advance(hours=25)
    put_in_force(chat.process.house)
    said = cleo.says("policy change cleanup tag:finance,fun")
    assert "Until this one is in force, version 1 is: tag:finance" in said
    form = cleo.presses(cleo.asks("policy show cleanup"), "Change …")
    said = cleo.presses(form, "Send", cap="80").text
    assert "At most a run: 80 spaces" in said
    assert "Version: 3" in said
    assert "says already" in dora.says("policy change cleanup cap 80")
    assert "active; version 3 is draft: it waits for a second person" in cleo.says("policies")
    seen = dora.says("policy simulate cleanup")
    assert "1 more and 0 fewer than what holds now" in seen
    assert "Party (new)" in seen
    with chat.process.house.store.read() as tx:
        [holding] = tx.policies.holding()
    assert (holding.number, holding.cap) == (1, 50)


def test_everything_stands_still_at_one_persons_word(
    chat: Chat, cleo: Person, dora: Person
) -> None:
    assert "Everything that destroys stands still" in cleo.says("pause the auditors are here")
    assert "the auditors are here" in dora.says("status")
    waiting = dora.says("resume")
    assert "A second person is needed" in waiting
    assert "You asked for that already" in dora.says("resume")
    assert "What destroys goes on" in cleo.says("resume")
    assert "Nothing is paused" in cleo.says("resume")


def test_a_policy_is_paused_and_goes_on(
    chat: Chat, cleo: Person, dora: Person, old_spaces: list[str]
) -> None:
    cleo.says(CLEANUP)
    dora.presses(dora.asks("policy simulate cleanup"), "Agree to exactly this")
    chat.clock.advance(hours=25)
    put_in_force(chat.process.house)
    paused = dora.asks("policy pause cleanup because of the audit")
    assert "State: paused" in paused.text
    assert "policy resume cleanup" in cleo.says("policy resume cleanup")
    assert "State: active" in dora.presses(paused, "Resume").text
    assert "They type: policy retire cleanup" in cleo.says("policy retire cleanup")
    shown = dora.asks("policy retire cleanup")
    assert "you agree to exactly this" in shown.text
    assert "State: retired" in dora.presses(shown, "Take it away").text
    assert "No policies yet" in cleo.says("policy list")
    with chat.process.house.store.read() as tx:
        reasons = [row.detail.get("reason") for row in tx.audit.since(word=Word.POLICY_PAUSE)]
    assert reasons == ["of the audit"]


def test_the_versions_of_a_policy_are_told_and_an_earlier_one_can_be_written_anew(
    chat: Chat, cleo: Person, dora: Person
) -> None:
    cleo.says(CLEANUP)
    dora.says("policy change cleanup cap 80 then block")
    told = cleo.asks("policy history cleanup")
    assert "cleanup: 2 versions" in told.text
    assert "action: delete → block; cap: 50 → 80" in told.text
    assert "condition: tag:finance; action: delete; after: 90d" in told.text
    again = cleo.presses(told, "Back to 1 …")
    assert "Version 3 says what version 1 said" in again.text
    assert "action: block → delete; cap: 80 → 50" in cleo.says("policy history cleanup")
    assert "says already" in dora.says("policy rollback cleanup to 1")
    assert "has no version 9" in cleo.says("policy rollback cleanup to 9")
    assert "is for compliance" in chat.as_("ben").says("policy history cleanup")


def test_what_was_rolled_back_to_needs_a_second_person(
    chat: Chat, cleo: Person, dora: Person, old_spaces: list[str]
) -> None:
    cleo.says(CLEANUP)
    cleo.says("policy change cleanup cap 80")
    cleo.says("policy rollback cleanup to 1")
    assert "You wrote version 3" in cleo.says("policy approve cleanup")
    code = code_in(dora.says("policy approve cleanup"))
    assert "You agreed to version 3" in dora.says(f"policy approve cleanup code {code}")


def test_what_would_go_by_a_day_is_told_drawn_and_listed(
    chat: Chat, cleo: Person, dora: Person, old_spaces: list[str]
) -> None:
    cleo.says(CLEANUP)
    assert "0 spaces would go" in cleo.says("forecast by 400d")
    told = cleo.says("forecast by 400d policy cleanup")
    assert "2 spaces would go" in told
    assert "By cleanup alone, as if it were in force." in told
    assert "Deleted: 2" in told
    assert "Budget" in told
    assert "Party" not in told
    eventually(lambda: len([m for m in cleo.messages() if m.get("files")]) == 2)
    bot = chat.process.house.webex.bot(Lane.CHAT)
    found = {
        file.name.rpartition(".")[2]: file.content
        for message in cleo.messages()
        for url in message.get("files", ())
        for file in [bot.content(url, most=1_000_000)]
    }
    assert found["png"].startswith(b"\x89PNG")
    [sheet] = openpyxl.load_workbook(io.BytesIO(found["xlsx"])).worksheets
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} == {"Audit", "Budget"}
    assert "is for compliance" in chat.as_("ben").says("forecast by 400d")
    assert "past" in cleo.says("forecast by 2020-01-01")


def test_what_the_next_run_would_do_is_told_drawn_and_listed(
    chat: Chat, cleo: Person, dora: Person, old_spaces: list[str]
) -> None:
    assert "The next run would do nothing" in cleo.says("simulate")
    cleo.says(CLEANUP)
    code = code_in(dora.says("policy approve cleanup"))
    dora.says(f"policy approve cleanup code {code}")
    chat.clock.advance(hours=25)
    put_in_force(chat.process.house)
    chat.clock.advance(days=70)
    told = cleo.says("simulate")
    assert "The next run would deal with 2 spaces" in told
    assert "Warned: 2 spaces" in told
    assert "Budget" in told
    assert "Party" not in told
    assert "Nothing of it would be done: the last complete inventory" in told
    eventually(lambda: len([m for m in cleo.messages() if m.get("files")]) >= 2)
    with chat.process.house.store.read() as tx:
        assert tx.cases.counts() == {}  # nothing was begun
    assert "is for compliance" in chat.as_("ben").says("simulate")
