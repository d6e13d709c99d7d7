"""What a person's words mean: the command, and which word belongs to which argument."""

from __future__ import annotations

import pytest

from bot.matching import divide, match, near_misses, text_without_mention, words_of
from commands.spec import Command, Permission, Reply
from domain.people import Role
from domain.verdicts import yes
from tests.bot.arguments import Some


def made(path: str, *arguments: Some) -> Command:
    def handler() -> Reply:
        raise NotImplementedError

    return Command(
        path=path, aliases=(), arguments=arguments, help="Help.", examples=(path,), group="Test",
        permission=Permission(role=Role.MEMBER, check=lambda *_: yes("all may")), handler=handler,
    )  # fmt: skip


REGISTRY = {p: made(p) for p in ("space", "space tag", "keep until", "search", "tags", "help")}


@pytest.mark.parametrize(
    ("said", "path", "rest"),
    [
        ("space tag Budget", "space tag", ("Budget",)),
        ("SPACE Budget", "space", ("Budget",)),
        ("space", "space", ()),
        ("  keep   until x", "keep until", ("x",)),
        ("help!", "help", ()),
        ('space "tag" x', "space", ("tag", "x")),
    ],
)
def test_the_longest_path_wins(said: str, path: str, rest: tuple[str, ...]) -> None:
    found = match(REGISTRY, words_of(said))
    assert found is not None
    assert (found.command.path, found.words) == (path, rest)


def test_a_command_inside_another_word_is_not_a_command() -> None:
    assert match(REGISTRY, words_of("spaceship tags")) is None
    assert match(REGISTRY, words_of("do search")) is None


def test_quotes_of_any_shape_make_one_word_and_raw_keeps_them() -> None:
    words = words_of('tag “Q3 plans” title:"a b" lone"quote')
    assert words == ("tag", "Q3 plans", "title:a b", 'lone"quote')
    assert words[2].raw == 'title:"a b"'


def test_what_is_misspelt_is_suggested() -> None:
    assert near_misses(REGISTRY, words_of("serch budget"))[0] == "search"
    assert "space tag" in near_misses(REGISTRY, words_of("space tga x"))
    assert near_misses(REGISTRY, words_of("zzzz")) == ()


SPACE, TAGS = Some("space", takes_rest=True), Some("tags", takes_rest=True)


def test_a_phrase_in_quotes_or_one_word_goes_to_the_first_of_two_that_take_the_rest() -> None:
    assert divide([SPACE, TAGS], words_of('"Q3 plans" finance pii')) == {
        "space": ("Q3 plans",), "tags": ("finance", "pii"),
    }  # fmt: skip
    assert divide([SPACE, TAGS], words_of("Budget finance")) == {
        "space": ("Budget",), "tags": ("finance",),
    }  # fmt: skip


def test_a_title_may_be_long_where_only_single_words_follow() -> None:
    until = Some("until")
    assert divide([SPACE, until], words_of("Q3 plans 2027-01-01")) == {
        "space": ("Q3", "plans"), "until": ("2027-01-01",),
    }  # fmt: skip


def test_markers_divide_and_each_counts_once() -> None:
    person, to = Some("person"), Some("space", marker=("to", "in"), takes_rest=True)
    assert divide([person, to], words_of("ana@example.com to Welcome to Vienna")) == {
        "person": ("ana@example.com",), "space": ("Welcome", "to", "Vienna"),
    }  # fmt: skip
    assert divide([person, to], words_of('ana@example.com to "in to"'))["space"] == ("in to",)


def test_a_flag_takes_only_its_marker() -> None:
    person, flag = Some("person"), Some("moderator", marker=("moderator",), is_flag=True)
    to = Some("space", marker=("to",), takes_rest=True)
    assert divide([person, to, flag], words_of("a@b to Plans moderator")) == {
        "person": ("a@b",), "space": ("Plans",), "moderator": (),
    }  # fmt: skip
    assert divide([person, flag], words_of("moderator no a@b"))["moderator"] == ("no",)
    assert divide([person, flag], words_of("moderator a@b"))["person"] == ("a@b",)


def test_a_marker_may_be_a_phrase_and_the_longest_counts() -> None:
    person, to = Some("person"), Some("space", marker=("to",), takes_rest=True)
    flag = Some("moderator", marker=("as moderator",), is_flag=True)
    assert divide([person, to, flag], words_of("a@b to Moderator lounge as moderator")) == {
        "person": ("a@b",), "space": ("Moderator", "lounge"), "moderator": (),
    }  # fmt: skip
    title, people = Some("title", takes_rest=True), Some("people", marker=("with",))
    tags = Some("tags", marker=("with tags",), takes_rest=True)
    assert divide([title, people, tags], words_of("Q3 plans with tags a b with c@d")) == {
        "title": ("Q3", "plans"), "tags": ("a", "b"), "people": ("c@d",),
    }  # fmt: skip


def test_words_that_nobody_takes_are_told() -> None:
    assert divide([Some("person")], words_of("a b c")) == {"person": ("a",), "": ("b", "c")}


ME = ("Y2lzY29zcGFyazovL3VzL1BFT1BMRS9tZQ", "me")


def test_our_mention_is_dropped_by_its_id_and_not_by_our_name() -> None:
    html = (
        f'<p><spark-mention data-object-type="person" data-object-id="{ME[0]}">Keeper'
        "</spark-mention> tag Keeper &amp; co finance</p>"
    )
    assert text_without_mention("Keeper tag Keeper & co finance", html, ME) == (
        "tag Keeper & co finance"
    )


def test_another_persons_mention_becomes_their_id() -> None:
    html = (
        f'<spark-mention data-object-id="{ME[0]}">K</spark-mention> add member '
        '<spark-mention data-object-id="ANA">Ana</spark-mention> to here'
    )
    assert words_of(text_without_mention("", html, ME)) == (
        "add", "member", "ANA", "to", "here",
    )  # fmt: skip


def test_without_a_mention_the_text_is_the_text() -> None:
    assert text_without_mention(" a <b> c ", "", ME) == "a <b> c"
