"""What somebody perhaps meant who wrote a search's conditions in plain words.

“search external” looks for that word in titles. Where no title has it, whoever asked must not
take the answer for “there are none”: here is what they may have meant, as queries.
"""

from __future__ import annotations

import re

_MARKS = re.compile(r"[a-z]\w*:|[()]", re.IGNORECASE)
"""Who writes these knows the language."""
_UNUSED = re.compile(
    r"(?:inactive|unused|used|idle|quiet|older|old)\W+(?:(?:since|for|than|over|more|a|an|in)\W+)*"
    r"(\d{1,4})?\W*(day|week|month|year|d|w|m|y)s?\b",
    re.IGNORECASE,
)
_SAID = (
    (re.compile(r"\b(?:external|outsiders?|guests?|foreign)\b", re.IGNORECASE), "scope:external"),
    (re.compile(r"\binternal\b", re.IGNORECASE), "scope:internal"),
    (re.compile(r"\b(?:untagged|without (?:a )?tags?|no tags?)\b", re.IGNORECASE), "tag:none"),
    (re.compile(r"\b(?:direct|conversations?|1:1)\b", re.IGNORECASE), "type:direct"),
    (re.compile(r"\b(?:ownerless|without (?:an )?owners?|no owners?)\b", re.IGNORECASE),
     "owner:none"),
)  # fmt: skip
_TAG = re.compile(r"(?:tagged |with tag )?([\w.+-]{2,40})", re.IGNORECASE)
_DOMAIN = re.compile(r"@?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def supposed(text: str) -> tuple[str, ...]:
    """Queries that say what the words of a title in `text` may have meant, likeliest first."""
    if _MARKS.search(text) and not text.casefold().startswith("1:1"):
        return ()
    plain = text.replace('"', "").lstrip("-")
    parts = [query for pattern, query in _SAID if pattern.search(plain)]
    if unused := _UNUSED.search(plain):
        parts.append(f"inactive:>{unused[1] or 1}{unused[2][0].casefold()}")
    if address := _ADDRESS.fullmatch(plain.strip()):
        return (f"member:{address[0]}", f"owner:{address[0]}")
    if parts:
        return (" ".join(parts),)
    found = []
    if domain := _DOMAIN.fullmatch(plain.strip()):
        found.append(f"domain:{domain[0].removeprefix('@').casefold()}")
    if tag := _TAG.fullmatch(plain.strip()):
        found.append(f"tag:{tag[1].casefold()}")
    return tuple(found)
