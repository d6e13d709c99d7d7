"""What was said to us in a message: its text without our own mention, and whether it is a greeting.

How words become a command and its arguments is `commands.wording`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

from commands.matching import near_misses as near_misses
from commands.wording import LONGEST as LONGEST
from commands.wording import Match as Match
from commands.wording import divide as divide
from commands.wording import is_quoted as is_quoted
from commands.wording import match as match
from commands.wording import words_of as words_of

_MENTION = re.compile(r"<spark-mention\b([^>]*)>(.*?)</spark-mention>", re.I | re.S)
_OBJECT = re.compile(r'data-object-id="([^"]*)"', re.I)
_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<br\s*/?>|</p>|</div>|</li>", re.I)


def text_without_mention(text: str, html: str, me: Iterable[str]) -> str:
    """The words said to us: our own mention is dropped, other people's become their ids.

    A display name can be part of any word, so it is never searched for; only the mention in
    the HTML says where we were addressed.

    Args:
        me: every id that stands for us, REST id or uuid.
    """
    if "<spark-mention" not in html.lower():
        return text.strip()
    ours = frozenset(me)

    def named(found: re.Match[str]) -> str:
        objects = _OBJECT.search(found[1])
        about = objects[1] if objects else ""
        return " " if about in ours else f" {about or found[2]} "

    plain = _TAG.sub("", _BREAK.sub("\n", _MENTION.sub(named, html)))
    return unescape(plain).strip()
