"""Lists of people as people have them: pasted, or in a file that a spreadsheet or a mail program
wrote. Decides what each line means; whom an address belongs to is `spaces.naming`'s.

Nothing is lost and nothing guessed: a line that names nobody, or says something of them that is
neither yes nor no, comes out with its number and the reason, and stands in the result.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.errors import Refusal
from domain.ids import PersonId, WrongId
from spaces.naming import ADDRESS
from spaces.spec import House
from webex.errors import Denied, Invalid, Missing, Unclear
from webex.gateway import Lane

MOST_PEOPLE = 5_000
"""As many as Webex has room for in one space (webex-facts 7)."""
MOST_BYTES = 2_000_000
LONGEST = 254
"""Of an address (RFC 5321)."""

_EMAIL = {
    "email", "e-mail", "mail", "email address", "e-mail address", "e-mail-adresse", "address",
    "emailaddress", "user", "user id", "user id/email (required)", "userprincipalname", "upn",
    "personemail", "person email", "member", "primary email",
}  # fmt: skip
_MODERATOR = {"moderator", "ismoderator", "is moderator", "moderators", "role", "as moderator"}
_YES = {"yes", "y", "true", "1", "x", "moderator", "owner", "ja", "oui", "sí", "si"}
_NO = {"no", "n", "false", "0", "", "member", "nein", "non"}
_DIVIDERS = ";,\t|"
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person of a list. `why` says why nobody can be meant by it, a sentence."""

    number: int
    """Of the line, from 1, as an editor counts them."""
    said: str
    email: str = ""
    """The address, or Webex's id."""
    moderator: bool | None = None
    why: str = ""


def attached(house: House, addresses: Sequence[str]) -> tuple[Line, ...]:
    """The people of the lists that came with a message, by the files' addresses.

    Raises:
        Refusal: a file can't be read, or is no list.
    """
    lines: list[Line] = []
    for address in addresses:
        try:
            file = house.webex.bot(Lane.CHAT).content(address, most=MOST_BYTES)
        except Invalid:
            raise Refusal(
                f"That file is larger than {MOST_BYTES // 1_000_000} MB.",
                "A list of addresses is smaller. Divide it into several.",
            ) from None
        except (Missing, Denied, Unclear):
            raise Refusal(
                "I can't read the file just now.", "Attach it again, to a message of its own."
            ) from None
        lines += read_file(file.content, file.name)
    return _each_once(lines)


def read_file(content: bytes, name: str = "") -> tuple[Line, ...]:
    """The people of a CSV or text file.

    With a head, the columns for e-mail and moderator are found by their names; without one each
    cell that is an address is one, and a yes or no beside a single one says whether they are to
    be a moderator.

    Raises:
        Refusal: it is no text, is empty, or has too many lines.
    """
    text = _text_of(content, name)
    rows = list(_rows(text))
    if not rows:
        raise Refusal("That file is empty.", "Put an e-mail address on each of its lines.")
    email, moderator = _columns(rows[0][1])
    if email is not None:
        rows = rows[1:]
        lines = [_of_columns(number, row, email, moderator) for number, row in rows]
    else:
        lines = [line for number, row in rows for line in _of_cells(number, row)]
    if not lines:
        raise Refusal("That file names nobody.", "Put an e-mail address on each of its lines.")
    return _each_once(lines)


def read_text(text: str) -> tuple[Line, ...]:
    """The people of a pasted list, of one line or of many; divided by commas, semicolons or
    spaces, or as a mail program copies them (`Ana Horvat <ana@example.com>; …`)."""
    lines = [
        line
        for number, words in enumerate(text.splitlines(), 1)
        for line in _of_words(number, words)
    ]
    return _each_once(lines)


def _text_of(content: bytes, name: str) -> str:
    if len(content) > MOST_BYTES:
        raise Refusal(
            f"A list may have at most {MOST_BYTES // 1_000_000} MB.", "Divide it into several."
        )
    if content[:4] == b"PK\x03\x04" or name.lower().endswith((".xlsx", ".xls", ".ods", ".numbers")):
        raise Refusal("I can't read a workbook.", "Save it as CSV (a text file) and attach that.")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    first = content[:400]
    if 0 in first:
        # In UTF-16 every other byte of Latin letters is zero; which ones, tells the order.
        for order, start in (("utf-16-le", 1), ("utf-16-be", 0)):
            zeros, others = first[start::2].count(0), first[1 - start :: 2].count(0)
            if not others and zeros * 4 > len(first):
                return content.decode(order, "replace")
        raise Refusal("That file is no text.", "Save the list as CSV or text and attach that.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(number of its first line, cells) of each row that has any."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    csv.field_size_limit(MOST_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_divider(text))
    began = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield began, []
            began = reader.line_num + 1
            continue
        cells = [_clean(cell) for cell in row]
        if any(cells):
            yield began, cells
        began = reader.line_num + 1


def _divider(text: str) -> str:
    """The sign that stands in most of the first lines, outside of quotes."""
    first = [re.sub(r'"[^"]*"', "", line) for line in text.splitlines()[:20] if line.strip()]
    counts = {sign: sum(sign in line for line in first) for sign in _DIVIDERS}
    best = max(counts, key=lambda sign: counts[sign])
    return best if counts[best] else ","


def _columns(head: Sequence[str]) -> tuple[int | None, int | None]:
    """Where the addresses and the moderators stand; None where there is no head."""
    if any("@" in cell for cell in head):
        return None, None
    names = [cell.casefold().strip("*: ") for cell in head]
    email = next((n for n, name in enumerate(names) if name in _EMAIL), None)
    moderator = next((n for n, name in enumerate(names) if name in _MODERATOR), None)
    return email, moderator


def _of_columns(number: int, row: Sequence[str], email: int, moderator: int | None) -> Line:
    said = row[email] if email < len(row) else ""
    role = row[moderator].casefold() if moderator is not None and moderator < len(row) else ""
    one = _line(number, said, shown=said or " ".join(filter(None, row)))
    if one.why or moderator is None:
        return one
    return _with_role(one, role)


def _of_cells(number: int, row: Sequence[str]) -> Iterator[Line]:
    named = [cell for cell in row if "@" in cell]
    others = [cell.casefold() for cell in row if "@" not in cell and cell]
    if not named:
        yield _line(number, " ".join(filter(None, row)))
        return
    if len(named) == 1 and len(_of_words(number, named[0])) == 1:
        one = _of_words(number, named[0])[0]
        roles = [cell for cell in others if cell in _YES | _NO - {""}]
        yield _with_role(one, roles[0]) if roles and not one.why else one
        return
    for cell in named:
        yield from _of_words(number, cell)


def _of_words(number: int, words: str) -> list[Line]:
    words = _clean(words)
    if "<" in words and (found := ADDRESS.findall(words)):
        return [_line(number, one) for one in found]
    parts = re.split(r"[\s,;|]+", words)
    return [_line(number, one) for one in parts if one and one.casefold() not in ("and", "&")]


def _line(number: int, said: str, *, shown: str = "") -> Line:
    if _is_id(said):
        return Line(number=number, said=said, email=said)
    email = said.strip("<>\"'").lower().removeprefix("mailto:")
    if "<" in said and len(inside := ADDRESS.findall(said)) == 1:
        email = str(inside[0]).lower()
    shown = (shown or said)[:80]
    if ADDRESS.fullmatch(email) and len(email) <= LONGEST:
        return Line(number=number, said=shown, email=email)
    why = f"“{shown}” is no e-mail address." if shown else "No e-mail address stands there."
    return Line(number=number, said=shown, why=why)


def _is_id(said: str) -> bool:
    """Webex's id of a person, as a mention or a button gives it."""
    try:
        PersonId(said)
    except WrongId:
        return False
    return True


def _with_role(one: Line, role: str) -> Line:
    if role not in _YES | _NO:
        why = f"“{role[:40]}” is neither yes nor no for moderator."
        return Line(number=one.number, said=one.said, why=why)
    said = None if role == "" else role in _YES
    return Line(number=one.number, said=one.said, email=one.email, moderator=said)


def _each_once(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The first line of each person counts; one that says otherwise of them is told."""
    first: dict[str, Line] = {}
    kept: list[Line] = []
    for line in lines:
        before = first.setdefault(line.email, line) if line.email else line
        if before is line:
            kept.append(line)
        elif before.moderator != line.moderator:
            why = f"{line.email} stands in line {before.number} already, and otherwise there."
            kept.append(Line(number=line.number, said=line.said, why=why))
    if len(kept) > MOST_PEOPLE:
        raise Refusal(
            f"That are {len(kept):,} people, and Webex has room for {MOST_PEOPLE:,} in a space.",
            "Divide the list.",
        )
    return tuple(kept)


def _clean(cell: str) -> str:
    """Without what nobody sees: pasted lists are full of it."""
    return unicodedata.normalize("NFC", cell).translate(_UNSEEN).replace("\u00a0", " ").strip()
