"""Rules of tags: reserved, required, looking alike; and who gave which."""

from __future__ import annotations

import pytest

from tests.chats import Chat
from tests.commands.companies import learn, make_space
from tests.commands.test_tags_by_chat import tags_of


def words_of(chat: Chat) -> list[str]:
    with chat.process.house.store.read() as tx:
        assert tx.audit.verify()
        return [str(entry.word) for entry in tx.audit.since()]


# -- reserved -------------------------------------------------------------------------------


def test_a_reserved_tag_is_given_and_taken_by_compliance_alone(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans", tags="secret"))
    told = chat.as_("cleo").says("tag reserve PII, secret")
    assert "Reserved." in told
    assert "Where they are, they stay." in told
    ana = chat.as_("ana")
    assert "by compliance alone" in ana.says('tag "Q3 plans" finance pii')
    assert tags_of(chat, "Q3 plans") == "secret", "none of them was given"
    assert "by compliance alone" in ana.says('untag "Q3 plans" secret')
    assert "It had that already" in ana.says('tag "Q3 plans" secret'), "it changes nothing"
    assert "Tagged." in chat.as_("cleo").says('tag "Q3 plans" pii')
    assert "Untagged." in chat.as_("cleo").says('untag "Q3 plans" secret')
    assert "pii (reserved)" in ana.says('tags of "Q3 plans"')


def test_reserving_is_undone_by_a_button_and_the_record_has_both(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    cleo = chat.as_("cleo")
    told = cleo.asks("tag reserve pii")
    assert "Not reserved any more." in cleo.presses(told, "Undo").text
    assert "Tagged." in chat.as_("ana").says('tag "Q3 plans" pii')
    assert [w for w in words_of(chat) if w.startswith("tag:")] == ["tag:reserve", "tag:free"]
    assert "They were not reserved." in cleo.says("tag unreserve pii")
    assert "reserved already" in cleo.says("tag reserve x") + cleo.says("tag reserve x")


@pytest.mark.parametrize(
    "words", ["tag reserve pii", "tag unreserve pii", "tag require pii", "tag unrequire pii"]
)
def test_the_rules_are_compliance_s(chat: Chat, words: str) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    assert "for compliance" in chat.as_("ana").says(words)
    assert "for compliance" in chat.as_("ana").says(" ".join(words.split()[:2]))
    assert "no tag is required" in chat.as_("ana").says("tag rules").lower()
    assert "none." in chat.as_("ana").says("tag rules")


def test_a_space_is_not_born_with_a_reserved_tag(chat: Chat) -> None:
    chat.as_("cleo").says("tag reserve pii")
    told = chat.as_("ana").says('create space "New" tagged pii')
    assert "by compliance alone" in told
    assert [r for r in chat.control.effects("room.created") if r["object"]["title"] == "New"] == []
    assert "Q9" in chat.as_("cleo").says('create space "Q9" tagged pii')
    assert tags_of(chat, "Q9") == "pii"


# -- required -------------------------------------------------------------------------------


def test_spaces_that_lack_a_required_tag_are_found_and_say_so(chat: Chat) -> None:
    learn(
        chat, make_space(chat, "Books", tags="finance"), make_space(chat, "Chatter"),
        make_space(chat, "Odd", tags="misc"),
    )  # fmt: skip
    cleo = chat.as_("cleo")
    told = cleo.asks("tag require finance, hr and legal")
    assert "Every space has to have: one of finance, hr, legal" in told.text
    assert "Lack a required tag now: 2 spaces" in told.text
    found = cleo.presses(told, "Show those")
    assert "1–2 of 2 spaces" in found.text
    assert "Chatter" in found.text
    assert "Odd" in found.text
    assert "1 of 1 space" in cleo.says("search -required:missing Books")
    assert "Required tags: missing: one of finance, hr, legal" in chat.as_("ana").says(
        'space "Chatter"'
    )
    assert "Required tags" not in chat.as_("ana").says('space "Books"')
    assert "Missing: it has to have one of finance, hr, legal." in chat.as_("ana").says(
        'tags of "Odd"'
    )
    assert "Every space of several people has to have one of finance, hr, legal" in chat.as_(
        "ana"
    ).says("tag rules")


def test_the_last_required_tag_stays(chat: Chat) -> None:
    learn(chat, make_space(chat, "Books", tags="finance q3"))
    chat.as_("cleo").says("tag require finance, hr")
    for who in ("ana", "cleo"):
        assert "would have none of them any more" in chat.as_(who).says('untag "Books" finance q3')
    assert tags_of(chat, "Books") == "finance, q3"
    assert "Tagged." in chat.as_("ana").says('tag "Books" hr')
    assert "Untagged." in chat.as_("ana").says('untag "Books" finance')
    assert "none of them any more" in chat.as_("ana").says('untag "Books" hr')
    chat.as_("cleo").says("tag unrequire hr finance")
    assert "Untagged." in chat.as_("ana").says('untag "Books" hr')


def test_a_space_is_made_with_the_required_tags_or_not_at_all(chat: Chat) -> None:
    chat.as_("cleo").says("tag require finance, hr")
    chat.as_("cleo").says("tag require eu")
    told = chat.as_("ana").says('create space "New" tagged hr')
    assert "Every space has to have the tag eu." in told
    assert chat.control.effects("room.created") == [
        one for one in chat.control.effects("room.created") if one["object"]["title"] != "New"
    ]
    assert "New" in chat.as_("ana").says('create space "New" tagged hr eu')
    assert tags_of(chat, "New") == "eu, hr"


def test_a_set_that_nobody_could_give_is_refused_both_ways_round(chat: Chat) -> None:
    cleo = chat.as_("cleo")
    cleo.says("tag reserve pii secret")
    assert "nobody else could make a space" in cleo.says("tag require pii, secret")
    assert "Required." in cleo.says("tag require pii, eu")
    assert "nobody else could make a space" in cleo.says("tag reserve eu")
    assert "eu" not in cleo.says("tag rules").splitlines()[1]


def test_two_who_require_the_same_make_one_set(chat: Chat) -> None:
    assert "Required." in chat.as_("cleo").says("tag require finance hr")
    assert "required already" in chat.as_("dora").says("tag require hr finance")
    assert "Not required any more." in chat.as_("dora").says("tag unrequire hr")
    assert "No required set has that" in chat.as_("cleo").says("tag unrequire hr")


# -- did you mean ---------------------------------------------------------------------------


def test_a_new_tag_that_looks_like_a_known_one_is_asked_about_first(chat: Chat) -> None:
    learn(chat, make_space(chat, "Books", tags="finance"), make_space(chat, "Q3 plans"))
    ana = chat.as_("ana")
    asked = ana.asks('tag "Q3 plans" finnance urgent')
    assert "Did you mean “finance”?" in asked.text
    assert tags_of(chat, "Q3 plans") == "It has no tags."
    assert "Tagged." in ana.presses(asked, "Yes, finance").text
    assert tags_of(chat, "Q3 plans") == "finance, urgent"


def test_who_means_it_gets_it(chat: Chat) -> None:
    learn(chat, make_space(chat, "Books", tags="finance"), make_space(chat, "Q3 plans"))
    ana = chat.as_("ana")
    asked = ana.asks('tag "Q3 plans" finances')
    assert "Tagged." in ana.presses(asked, "No, finances as written").text
    assert tags_of(chat, "Q3 plans") == "finances"
    assert "Tagged." in ana.says('tag "Q3 plans" finanze as new')
    assert "Tagged." in ana.says('tag "Q3 plans" q3'), "short words are all alike"
    assert "Tagged." in ana.says('tag "Q3 plans" q4'), "and so are numbers"


def test_a_look_alike_of_a_known_tag_is_asked_about_however_short(chat: Chat) -> None:
    learn(chat, make_space(chat, "Books", tags="pci"), make_space(chat, "Q3 plans"))
    assert "Did you mean “pci”?" in chat.as_("ana").says('tag "Q3 plans" рсі')
    assert "only look like others" in chat.as_("ana").says('tag "Q3 plans" рci')


def test_what_was_meant_is_never_a_tag_that_one_may_not_see(chat: Chat) -> None:
    learn(
        chat, make_space(chat, "Board", tags="takeover"), make_space(chat, "Mine", by="ben"),
    )  # fmt: skip
    told = chat.as_("ben").says('tag "Mine" takeovers')
    assert "Tagged." in told
    assert "takeover," not in told
    assert "Did you mean “takeover”" in chat.as_("cleo").says('tag "Mine" takover')


def test_reserved_and_required_words_are_known_to_all(chat: Chat) -> None:
    learn(chat, make_space(chat, "Mine", by="ben"))
    chat.as_("cleo").says("tag reserve confidential")
    asked = chat.as_("ben").asks('tag "Mine" confidental')
    assert "Did you mean “confidential”?" in asked.text
    refused = chat.as_("ben").presses(asked, "Yes, confidential").text
    assert "by compliance alone" in refused, "a button is checked like words"


# -- who gave which -------------------------------------------------------------------------


def test_who_tagged_and_when_is_told(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans", members=("ben",), moderators=("ana", "ben")))
    chat.as_("ana").says('tag "Q3 plans" finance')
    chat.clock.advance(days=3)
    chat.as_("ben").says('tag "Q3 plans" audit')
    told = chat.as_("ben").says('tags of "Q3 plans"')
    rows = {line.split(" · ")[0]: line for line in told.splitlines() if " · by " in line}
    assert "by Ana" in rows["finance"]
    assert "by Ben" in rows["audit"]
    assert rows["finance"].rpartition(", ")[2] != rows["audit"].rpartition(", ")[2]


# -- hostile --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "bad", ["<@all>", "[x](https://evil.example)", "{{DATE(now)}}", "${x}", "pii\u202e", "a" * 900]
)
def test_hostile_words_are_told_harmlessly_and_kept_nowhere(chat: Chat, bad: str) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    for said in (
        f'tag "Q3 plans" {bad}',
        f'untag "Q3 plans" {bad}',
        f'create space "N" tagged {bad}',
    ):
        told = chat.as_("ana").asks(said)
        assert "can't be a tag" in told.text
        assert "\u202e" not in told.text
    for said in (f"tag reserve {bad}", f"tag require {bad}", f"tag unrequire {bad}"):
        assert "can't be a tag" in chat.as_("cleo").says(said)
    assert chat.as_("cleo").says("tags").startswith("No tags yet")
