"""A certificate on paper: a PDF that says all that was sealed, readable without us.

fpdf2's door. Its letters are DejaVu's, which come with matplotlib, so that names in most
alphabets print; what they lack is printed as a box. Imported when the first one is made.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from cards.words import harmless, moment
from domain.outgoing import Attached

PDF = "application/pdf"
LABELS = {"sha256": "SHA-256", "id": "Id"}
MOST_DEEP = 6
_WIDE = 52.0
"""Millimetres of the labels' column."""


def certificate_paper(
    number: str, *, made_at: datetime, body: Mapping[str, object], sha256: str, is_whole: bool,
    says: str = "",
) -> Attached:  # fmt: skip
    """The certificate as a PDF of A4 pages.

    Args:
        body: as it was sealed; everything of it is printed.
        is_whole: it still has the seal that was written beside it.
    """
    import matplotlib as mpl
    from fpdf import FPDF

    logging.getLogger("fpdf").setLevel(logging.ERROR)  # which letters a font lacks
    letters = Path(mpl.get_data_path()) / "fonts" / "ttf"
    pdf = FPDF(format="A4")
    pdf.set_creation_date(made_at.astimezone(UTC))
    pdf.set_title(f"Certificate {number}")
    pdf.set_creator("Spacekeeper")
    pdf.set_auto_page_break(auto=True, margin=18)
    for style, name in (("", "DejaVuSans"), ("B", "DejaVuSans-Bold")):
        pdf.add_font("dejavu", style=style, fname=letters / f"{name}.ttf")
    pdf.add_page()
    pdf.set_font("dejavu", "B", 17)
    pdf.multi_cell(0, 10, f"Certificate {number}", align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("dejavu", "", 9)
    pdf.multi_cell(0, 5, f"Made on {moment(made_at)}", align="L", new_x="LMARGIN", new_y="NEXT")
    if not is_whole:
        pdf.set_text_color(170, 0, 0)
        pdf.set_font("dejavu", "B", 11)
        said = "This record was changed after it was sealed. It proves nothing."
        pdf.multi_cell(0, 7, said, align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.set_text_color(0, 0, 0)
    for depth, label, value in _lines(body):
        if value is None:
            pdf.ln(2)
            pdf.set_font("dejavu", "B", 12 if depth == 0 else 10)
            pdf.multi_cell(0, 7, label, align="L", new_x="LMARGIN", new_y="NEXT")
            continue
        pdf.set_font("dejavu", "B", 8)
        pdf.set_x(pdf.l_margin + 3 * min(depth, 3))
        pdf.multi_cell(_WIDE, 5, label, align="L", new_x="RIGHT", new_y="TOP")
        pdf.set_font("dejavu", "", 8)
        pdf.multi_cell(0, 5, value, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(4)
    pdf.set_font("dejavu", "B", 8)
    pdf.multi_cell(0, 5, "How to check it", align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("dejavu", "", 8)
    pdf.multi_cell(
        0, 5,
        f"The SHA-256 of its JSON, as it comes beside this paper, is {sha256}. The same stands in"
        " the record, each row of which is sealed to the one before: `spacekeeper audit verify`.",
        align="L", new_x="LMARGIN", new_y="NEXT",
    )  # fmt: skip
    return Attached(name=f"{number}.pdf", content=bytes(pdf.output()), media=PDF, says=says)


def _lines(body: Mapping[str, object], depth: int = 0) -> Iterator[tuple[int, str, str | None]]:
    """(depth, label, value) of everything in it; None for a head."""
    for name, value in body.items():
        label = LABELS.get(name, name.replace("_", " ").capitalize())
        if depth >= MOST_DEEP:
            yield depth, label, harmless(json.dumps(value, ensure_ascii=False, default=str), 2000)
        elif isinstance(value, Mapping):
            yield depth, label, None
            yield from _lines(value, depth + 1)
        elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            for place, one in enumerate(value, 1):
                yield depth, f"{label} {place} of {len(value)}", None
                yield from _lines(one if isinstance(one, Mapping) else {"": one}, depth + 1)
        else:
            yield depth, label, _said(value)


def _said(value: object) -> str:
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return harmless(", ".join(map(str, value)), 2000)
    return harmless(str(value), 2000)
