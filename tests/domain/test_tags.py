"""What a tag may be, and which two are one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refusal
from domain.tags import LONGEST, fold_tag, is_numbered_apart, silhouette, tag_name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Finance", "finance"), ("#PII", "pii"), ("  q3  ", "q3"), ("Straße", "strasse"),
        ("ＦＩＮＡＮＣＥ", "finance"), ("ﬁnance", "finance"), ("cafe\u0301", "café"),
        ("v1.2+x_y-z", "v1.2+x_y-z"), ("हिन्दी", "हिन्दी"), ("日本", "日本"), ("ФИНАНСЫ", "финансы"),
        ("2026", "2026"), ("_x", "_x"),
    ],
)  # fmt: skip
def test_a_tag_is_kept_folded(typed: str, kept: str) -> None:
    assert tag_name(typed) == unicodedata.normalize("NFC", kept)


@pytest.mark.parametrize(
    "bad",
    [
        "", "#", "none", "NONE", "two words", "a/b", "-x", ".x", "+x", "a,b", 'a"b', "a:b", "a(b",
        "x" * (LONGEST + 1), "ß" * 21, "pii\u202e", "p\u200bii", "\u0301x", "x" + "\u0301" * 12,
        "{{x}}", "${x}", "*x*", "<b>", "a\nb", "a\x00b", "😀", "\ud800",
    ],
)  # fmt: skip
def test_what_is_no_word_can_not_be_a_tag(bad: str) -> None:
    with pytest.raises(Refusal, match="can't be a tag"):
        tag_name(bad)


@pytest.mark.parametrize("bad", ["fіnance", "рii", "αudit", "pаyroll"])
def test_letters_that_only_look_like_others_are_not_mixed_in(bad: str) -> None:
    assert not bad.isascii()
    with pytest.raises(Refusal, match="only look like others"):
        tag_name(bad)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_tag(fold_tag(text)) == fold_tag(text)


@given(st.text(max_size=60))
def test_a_kept_tag_is_kept_as_it_is(text: str) -> None:
    try:
        name = tag_name(text)
    except Refusal:
        return
    assert tag_name(name) == name
    assert 0 < len(name) <= LONGEST


def test_whole_words_that_look_alike_have_one_silhouette() -> None:
    assert silhouette(tag_name("сосо")) == silhouette("coco")
    assert silhouette("c0co") == silhouette("coco")
    assert silhouette("modern") == silhouette("modem")
    assert silhouette("finance") != silhouette("finances")


def test_what_differs_in_digits_alone_was_meant_so() -> None:
    assert is_numbered_apart("q3", "q4")
    assert is_numbered_apart("2026", "2027")
    assert not is_numbered_apart("q3", "q33")
    assert not is_numbered_apart("q3", "r3")
