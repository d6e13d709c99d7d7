"""A message's words: from markdown to text, html and mentions, as Webex gives them back (1.5)."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from sandbox.ids import rest_id, uuid_of
from sandbox.world import Row, World

_MENTION = re.compile(r"<@(personId|personEmail):([^|>]+)(?:\|([^>]*))?>|<@all>", re.IGNORECASE)
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+)\)")


@dataclass(slots=True, kw_only=True)
class Marked:
    text: str
    markdown: str | None = None
    html: str | None = None
    people: list[str] = field(default_factory=list)
    """uuids of the mentioned."""
    all: bool = False


def mark(world: World, text: str, markdown: str | None) -> Marked:
    if markdown is None:
        return Marked(text=text)
    made = Marked(text="", markdown=markdown)
    plain, rich, at = [], [], 0
    for found in _MENTION.finditer(markdown):
        between = markdown[at : found.start()]
        plain.append(_plain(between))
        rich.append(_rich(between))
        at = found.end()
        if found.group(1) is None:
            made.all = True
            plain.append("All")
            rich.append('<spark-mention data-object-type="groupMention" data-group-type="all">'
                        "All</spark-mention>")  # fmt: skip
            continue
        person = _person(world, found.group(1), found.group(2))
        name = found.group(3) or (person["first"] or person["name"] if person else "")
        plain.append(name)
        if person is None:
            rich.append(html.escape(name))
            continue
        made.people.append(person["uuid"])
        rich.append(
            f'<spark-mention data-object-type="person" '
            f'data-object-id="{rest_id("PEOPLE", person["uuid"])}">{html.escape(name)}'
            "</spark-mention>"
        )
    plain.append(_plain(markdown[at:]))
    rich.append(_rich(markdown[at:]))
    made.text = "".join(plain).strip() or text
    made.html = f"<p>{''.join(rich)}</p>"
    return made


def _person(world: World, kind: str, value: str) -> Row | None:
    if kind.lower() == "personemail":
        return world.person_by_email(value)
    return world.by_uuid("person", uuid_of("PEOPLE", value))


def _plain(text: str) -> str:
    return _LINK.sub(r"\1", _STRONG.sub(r"\1", text)).replace("`", "")


def _rich(text: str) -> str:
    safe = html.escape(text, quote=False)
    return _LINK.sub(r'<a href="\2">\1</a>', _STRONG.sub(r"<strong>\1</strong>", safe))
