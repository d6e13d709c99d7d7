"""Certificates to look up: the latest, and one of them with what it says in short."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Card, card, facts, head, plain, press, row
from cards.words import date, moment
from domain.views import CertificateRow

_WIDTHS = (3, 2)
PER_PAGE = 10


def certificates_card(
    rows: Sequence[CertificateRow], *, total: int, page: int = 1, zone: str = "UTC"
) -> Card:
    """Args: rows: those of the page, the latest first."""
    if not rows:
        return card("No certificates", plain("Nothing that would need one has been ended."))
    first = (page - 1) * PER_PAGE + 1
    last = first + len(rows) - 1
    pages = []
    if page > 1:
        pages.append(press("Newer", "certificates", typed=f"certificates {page - 1}",
                           page=str(page - 1)))  # fmt: skip
    if last < total:
        pages.append(press("Older", "certificates", typed=f"certificates {page + 1}",
                           page=str(page + 1)))  # fmt: skip
    return card(
        f"Certificates {first:,}–{last:,} of {total:,}",
        head("What", "Number and day", widths=_WIDTHS),
        *(row(one.title, f"{one.number}, {date(one.made_at, zone)}", widths=_WIDTHS)
          for one in rows),
        *([] if all(one.is_whole for one in rows) else [
            plain("One of them was changed after it was sealed.", warns=True)
        ]),
        actions=[
            *pages,
            press(f"Open {rows[0].number}", "certificate", typed=f"certificate {rows[0].number}",
                  number=rows[0].number),
        ],
    )  # fmt: skip


def certificate_row_card(one: CertificateRow, *, zone: str = "UTC") -> Card:
    """One certificate, with its files below."""
    return card(
        f"Certificate {one.number}",
        *([] if one.is_whole else [
            plain("It was changed after it was sealed: it proves nothing.", warns=True, bold=True)
        ]),
        facts(
            *([("Space", one.title), ("Space id", one.space_id)] if one.space_id
              else [("Of", one.title)]), ("Made", moment(one.made_at, zone)),
            ("Came of", one.why), ("Seal", "whole" if one.is_whole else "broken"),
            ("SHA-256", one.sha256),
        ),
        plain("The paper and the sealed record are below."),
        actions=[press("All certificates", "certificates")],
    )  # fmt: skip
