"""Pictures of numbers, for who would rather look. matplotlib is imported when the first is drawn.

Every chart says its numbers as text too: a picture is never the only place where they stand. One
colour that all eyes tell from white, grey for what is not known; nothing is told by colour alone.
Sized for a phone held upright: one chart below the other, and large letters.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cards.words import harmless
from domain.outgoing import Attached

PNG = "image/png"
BLUE, GREY, INK, FAINT = "#0072b2", "#8c8c8c", "#222222", "#d9d9d9"
"""The blue is of Okabe and Ito's colours, which colour-blind people tell apart."""
UNKNOWN = "not known"
_WIDE, _HEAD = 6.4, 0.5
"""Inches."""
_MOST_LETTERS = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """One small chart of bars, each with its number. `is_upright`: months and the like, from
    left to right."""

    title: str
    bars: Sequence[tuple[str, int]]
    is_upright: bool = False

    @property
    def height(self) -> float:
        return 2.5 if self.is_upright else 0.7 + 0.33 * max(1, len(self.bars))


def bar_charts(name: str, title: str, charts: Sequence[Bars], *, says: str = "") -> Attached:
    """Charts of bars under each other, wide enough for a phone."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    heights = [_HEAD, *(one.height for one in charts)]
    figure = Figure(figsize=(_WIDE, sum(heights)), layout="constrained", facecolor="white")
    # A figure of its own each: else the longest name would push all of them to the right.
    head, *parts = figure.subfigures(len(heights), 1, height_ratios=heights, squeeze=False)[:, 0]
    _title(head, _plain(title, 60), size=17)
    for part, one in zip(parts, charts, strict=True):
        _title(part, _plain(one.title, 50), size=13)
        (_upright if one.is_upright else _lying)(part.subplots(), one)
    out = io.BytesIO()
    FigureCanvasAgg(figure)
    with warnings.catch_warnings():
        # The font that comes along has no Chinese and the like; the text beside it has.
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        figure.savefig(out, format="png", dpi=150)
    return Attached(name=f"{name}.png", content=out.getvalue(), media=PNG, says=says)


def _title(part: Any, words: str, *, size: int) -> None:
    part.suptitle(words, fontsize=size, fontweight="bold", x=0.02, ha="left", color=INK)


def _lying(axis: Any, one: Bars) -> None:
    numbers = [number for _, number in one.bars]
    drawn = axis.barh(range(len(numbers)), numbers, color=_colours(one), height=0.72)
    axis.set_yticks(range(len(numbers)), [_plain(label) for label, _ in one.bars], fontsize=11)
    axis.invert_yaxis()
    axis.bar_label(drawn, [f"{n:,}" for n in numbers], padding=4, fontsize=11, color=INK)
    axis.set_xlim(0, max([*numbers, 1]) * 1.18)
    axis.set_xticks([])
    axis.tick_params(axis="y", length=0, colors=INK)
    axis.spines[["top", "right", "bottom"]].set_visible(False)
    axis.spines["left"].set_color(FAINT)


def _upright(axis: Any, one: Bars) -> None:
    numbers = [number for _, number in one.bars]
    drawn = axis.bar(range(len(numbers)), numbers, color=_colours(one), width=0.78)
    axis.set_xticks(
        range(len(numbers)), [_plain(label) for label, _ in one.bars], fontsize=10,
        rotation=45, ha="right", rotation_mode="anchor",
    )  # fmt: skip
    axis.bar_label(drawn, [_short(n) for n in numbers], padding=3, fontsize=10, color=INK)
    axis.set_ylim(0, max([*numbers, 1]) * 1.2)
    axis.set_yticks([])
    axis.tick_params(axis="x", length=0, colors=INK)
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.spines["bottom"].set_color(FAINT)


def _colours(one: Bars) -> list[str]:
    return [GREY if label == UNKNOWN else BLUE for label, _ in one.bars]


def _short(number: int) -> str:
    """Fits over a narrow bar; the text beside the picture has it exactly."""
    if number < 10_000:
        return f"{number:,}" if number < 1_000 else f"{number / 1_000:.1f}k"
    return f"{number / 1_000:,.0f}k"


def _plain(text: str, longest: int = _MOST_LETTERS) -> str:
    """A person's words without hidden letters, and without what a drawing takes for formulas."""
    return harmless(text, longest).replace("$", r"\$")
