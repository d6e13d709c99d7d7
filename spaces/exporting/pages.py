"""The HTML of an export: plain pages that a browser shows without a network and without running
anything.

The principle: whatever came from a person is text. It is escaped for where it stands, in an
element of its own that keeps its direction to itself; there is no script, nothing is loaded from
anywhere, and the page itself forbids both. Links lead to files of the same folder only, whose
names were made by us.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import islice
from typing import Any
from urllib.parse import quote

A_PAGE = 1000
"""Messages on one page."""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
table{border-collapse:collapse} td,th{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top}
article{border-top:1px solid #ddd;padding:.5rem 0} article.reply{margin-left:2rem}
.who{font-weight:600} .when,.note{color:#666;font-size:.85rem}
p{white-space:pre-wrap;margin:.2rem 0;overflow-wrap:anywhere}
"""  # noqa: E501


def page(title: str, body: Iterable[str]) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{_text(title)}</title><style>{_STYLE}</style></head><body>\n"
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def index(about: Mapping[str, Any], pages: int, counts: Mapping[str, int]) -> str:
    """The first page: what the space was, who was in it, where the rest is."""
    members = about["members"]
    rows = (
        f"<tr><td>{_own(m['name'] or m['email'])}</td><td>{_own(m['email'])}</td>"
        f"<td>{'moderator' if m['moderator'] else ''}</td></tr>"
        for m in members
    )
    facts = (
        ("Id", about["id"]), ("Kind", about["kind"]), ("Team", about["team"]),
        ("Created", about["created"]), ("Classification", about["classification"]),
        ("Tags", ", ".join(about["tags"])), ("Description", about["description"]),
        ("Exported", about["exported"]), ("Messages", f"{counts['messages']:,}"),
        ("Files", f"{counts['files']:,}, of which {counts['left_out']:,} are only listed"),
    )  # fmt: skip
    return page(
        about["title"] or "(title not known)",
        [
            f"<h1>{_own(about['title'] or '(title not known)')}</h1>",
            "<table>",
            *(f"<tr><th>{_text(k)}</th><td>{_own(str(v))}</td></tr>" for k, v in facts if v),
            "</table>",
            "<p class=note>What was deleted before the export is in it only as far as Webex still "
            "showed it, and is not marked there.</p>",
            "<h2>Messages</h2><ul>",
            *(f'<li><a href="{name_of(n)}">Page {n}</a></li>' for n in range(1, pages + 1)),
            '</ul><p><a href="messages.json">All of them as JSON</a> · '
            '<a href="files.html">Files</a> · <a href="space.json">The space as JSON</a> · '
            '<a href="manifest.json">Manifest</a></p>',
            f"<h2>{len(members):,} members</h2><table>", *rows, "</table>",
        ],
    )  # fmt: skip


def name_of(number: int) -> str:
    return f"messages-{number:05d}.html"


def message_pages(title: str, messages: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Oldest first, `A_PAGE` a page; one page at a time is in memory."""
    rest, number = iter(messages), 0
    while some := list(islice(rest, A_PAGE)):
        number += 1
        here = {str(one["id"]): place for place, one in enumerate(some)}
        yield page(
            f"{title} – {number}",
            [
                f'<p><a href="index.html">{_own(title)}</a></p>',
                *(_message(one, here) for one in some),
                f'<p><a href="{name_of(number + 1)}">Next page</a></p>'
                if len(some) == A_PAGE else "",
            ],
        )  # fmt: skip


def file_rows(messages: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for one in messages:
        for file in one["files"]:
            yield (
                f"<tr><td>{_text(one['created'])}</td><td>{_own(one['email'])}</td>"
                f"<td>{_file(file)}</td></tr>"
            )


def _message(one: Mapping[str, Any], here: Mapping[str, int]) -> str:
    parent = one["parent"]
    place = here[str(one["id"])]
    answers = ""
    if parent is not None:
        link = f'<a href="#m{here[parent]}">' if parent in here else "<a>"
        answers = f" · {link}answers a message</a>"
    edited = f" · edited {_text(one['edited'])}" if one["edited"] else ""
    card = " · with a card (see the JSON)" if one["cards"] else ""
    files = "".join(f"<p>{_file(file)}</p>" for file in one["files"])
    css = ' class="reply"' if parent is not None else ""
    return (
        f'<article id="m{place}"{css}><div><span class="who">{_own(one["email"])}</span> '
        f'<span class="when">{_text(one["created"])}{edited}{answers}{card}</span></div>'
        f'<p dir="auto">{_text(one["text"] or "")}</p>{files}</article>'
    )


def _file(file: Mapping[str, Any]) -> str:
    if "path" not in file:
        return f"A file that is not here: {_own(str(file['left_out']))}"
    where = quote(str(file["path"]), safe="/")
    return (
        f'<a href="{where}" download rel="noreferrer">{_own(str(file["name"]))}</a> '
        f"({int(file['bytes']):,} bytes)"
    )


def _own(text: object) -> str:
    """A person's words in an element of their own."""
    return f"<bdi>{_text(text)}</bdi>"


def _text(text: object) -> str:
    """Escaped for elements and quoted attributes alike; what is no character is shown as such."""
    shown = "".join(
        c if c in "\n\t" or (c.isprintable() and c.isascii()) or (ord(c) >= 0xA0 and (
            c not in _HIDDEN and not 0xD800 <= ord(c) <= 0xDFFF
        )) else f"\\u{ord(c):04x}"
        for c in str(text)
    )  # fmt: skip
    return escape(shown, quote=True)


_HIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")
"""They turn the direction of what follows, or are not seen at all."""
