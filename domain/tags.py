"""What a tag is as a word: how it is folded, what it may be made of, what it looks like.

Two tags that a person reads as one are one: upper and lower case, composed and decomposed
letters and their wide and ligature forms are folded away. Letters that only look like others
(a Cyrillic а) can't be, so a word that mixes them is refused, and one that is wholly of them
has the same `silhouette` as what it looks like.
"""

from __future__ import annotations

import unicodedata

from domain.errors import Refusal

LONGEST = 40
UNTAGGED = "none"
"""What a query calls having no tag."""
LIKE_LATIN = frozenset({"CYRILLIC", "GREEK", "CHEROKEE", "ARMENIAN", "COPTIC"})
"""Alphabets with letters that can't be told from Latin ones."""
_BETWEEN = frozenset("_.+-")
_MOST_MARKS = 3  # on one letter; more only serve to draw over other lines
_LOOKS = {
    ord(letter): looks
    for looks, letters in {
        "a": "аα", "b": "вβ", "c": "с", "d": "ԁ", "e": "еёε", "g": "ց", "h": "нһհ", "i": "іїι",
        "j": "јյ", "k": "кκ", "l": "1", "m": "м", "n": "ηո", "o": "оο0օ", "p": "рρ", "q": "ԛ",
        "s": "ѕ", "t": "тτ", "u": "υս", "v": "ν", "w": "ԝω", "x": "хχ", "y": "уγ", "z": "ζ",
        "3": "з",
    }.items()
    for letter in letters
}  # fmt: skip
"""Letters and digits to what they are taken for, after folding."""


def fold_tag(text: str) -> str:
    """`text` as tags are compared; folding it again changes nothing."""
    for _ in range(3):
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        if folded == text:
            break
        text = folded
    return text


def tag_name(text: str) -> str:
    """A tag as it is kept. Raises Refusal when it can't be one."""
    name = fold_tag(text.strip().lstrip("#"))
    if name == UNTAGGED:
        raise Refusal(f"“{UNTAGGED}” can't be a tag: `tag:{UNTAGGED}` finds what has no tag.")
    if len(name) > LONGEST or not _is_word(name):
        raise Refusal(
            f"“{text[:LONGEST]}” can't be a tag.",
            f"A tag is one word of letters, digits, - . _ or +, up to {LONGEST} long.",
        )
    alphabets = {unicodedata.name(c, "?").split(" ", 1)[0] for c in name if c.isalpha()}
    if "LATIN" in alphabets and alphabets & LIKE_LATIN:
        raise Refusal(
            f"“{text[:LONGEST]}” can't be a tag: some of its letters only look like others.",
            "Use letters of one alphabet.",
        )
    return name


def silhouette(name: str) -> str:
    """What a folded tag looks like at a glance; equal for words that can't be told apart."""
    return name.translate(_LOOKS).replace("rn", "m").replace("vv", "w")


def is_numbered_apart(one: str, other: str) -> bool:
    """They differ in their digits alone, such as q3 and q4: somebody meant them to."""
    without = [_without_digits(name) for name in (one, other)]
    return without[0] == without[1] and one != other


def _without_digits(name: str) -> str:
    return "".join("#" if c.isdigit() else c for c in name)


def _is_word(name: str) -> bool:
    marks = 0
    for place, letter in enumerate(name):
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind in ("Mn", "Mc") else 0
        is_inside = place > 0 and (letter in _BETWEEN or 0 < marks <= _MOST_MARKS)
        if not (kind[0] in "LN" or letter == "_" or is_inside):
            return False
    return bool(name)
