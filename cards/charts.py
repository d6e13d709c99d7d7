"""Pictures of numbers, for who would rather look. matplotlib is imported when the first is drawn.

Every chart says its numbers as text too: a picture is never the only place where they stand.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from domain.outgoing import Attached

PNG = "image/png"
BLUE = "#1f5fa8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """One small chart of bars, each with its number."""

    title: str
    bars: Sequence[tuple[str, int]]


def bar_charts(name: str, title: str, charts: Sequence[Bars], *, says: str = "") -> Attached:
    """Charts of horizontal bars under each other, wide enough for a phone."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    heights = [max(1.2, 0.34 * len(one.bars) + 0.7) for one in charts]
    figure = Figure(figsize=(7, sum(heights) + 0.6), layout="constrained")
    figure.suptitle(title, fontsize=13, fontweight="bold", x=0.02, ha="left")
    axes = figure.subplots(len(charts), 1, height_ratios=heights, squeeze=False)
    for axis, one in zip((row[0] for row in axes), charts, strict=True):
        labels = [label[:32].replace("$", r"\$") for label, _ in one.bars]
        numbers = [number for _, number in one.bars]
        drawn = axis.barh(range(len(labels)), numbers, color=BLUE, height=0.7)
        axis.set_yticks(range(len(labels)), labels)
        axis.invert_yaxis()
        axis.bar_label(drawn, [f"{number:,}" for number in numbers], padding=3, fontsize=9)
        axis.set_title(one.title.replace("$", r"\$"), loc="left", fontsize=11)
        axis.set_xticks([])
        axis.spines[["top", "right", "bottom"]].set_visible(False)
        axis.margins(x=0.12)
    out = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(out, format="png", dpi=130)
    return Attached(name=f"{name}.png", content=out.getvalue(), media=PNG, says=says)
