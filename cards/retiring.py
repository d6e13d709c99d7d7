"""A policy is to be taken away: what becomes of its spaces then, before anybody agrees to it."""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Action, Bound, Card, card, facts, fields, head, more, plain, press, row
from cards.words import count, date, harmless, moment, quoted
from domain.fields import Field
from domain.views import Hit, RetiringView

MOST_NAMED = 20
_WIDTHS = (3, 2)


def retiring_card(view: RetiringView, *, zone: str = "UTC", problem: str = "") -> Card:
    """Args: problem: why it is shown again, one sentence."""
    named = view.sample[:MOST_NAMED]
    unnamed = sum(number for _, number in view.changes) - len(named)
    return card(
        f"{view.policy} is to be taken away",
        *([plain(problem, bold=True, warns=True)] if problem else []),
        plain("Nothing has changed yet. What others then do with its spaces:"),
        facts(
            ("Lose protection", count(view.losing, "space")),
            *((how.capitalize(), count(number, "space")) for how, number in view.changes),
            ("Version", f"{view.number}"),
            ("Asked for by", view.asked_by) if view.asked_by else None,
            ("List", view.list_hash[:12]),
        ),
        *([head("Space", "Then", widths=_WIDTHS)] if named else []),
        *(
            row(harmless(hit.space.shown_title, 80), _becomes(hit, zone), widths=_WIDTHS)
            for hit in named
        ),
        *([plain(f"And {unnamed:,} more.")] if unnamed > 0 else []),
        plain(_what_follows(view, zone)),
        actions=[
            *(_agree(view) if view.code else []),
            press("Show policy", "policy show", policy=view.policy),
        ],
    )  # fmt: skip


def _what_follows(view: RetiringView, zone: str) -> str:
    if view.code:
        return (
            "If you agree, you agree to exactly this. It is gone for good, and its spaces are left"
            " alone for 7 days."
        )
    return (
        f"Somebody else of compliance has to agree until {moment(view.until, zone)}."
        f" They type: policy retire {quoted(view.policy)}"
    )


def _becomes(hit: Hit, zone: str) -> str:
    by = f" by {harmless(hit.by, 40)}" if hit.by else ""
    what = f", {hit.now}" if hit.now else ""
    return f"{hit.how}{what}, {date(hit.due, zone)}{by}" if hit.due else hit.how


def _agree(view: RetiringView) -> Sequence[Action]:
    bound = Bound(version=view.version)
    typed = f"policy retire {quoted(view.policy)} code {view.code}"
    if not view.retypes_code:
        return [
            press("Take it away", "policy retire", style="destructive", bound=bound, typed=typed,
                  policy=view.policy, code=view.code)
        ]  # fmt: skip
    code = Field(
        name="code", required=True,
        label=f"Type {view.code} to agree for {count(view.losing, 'space')}",
    )  # fmt: skip
    return [
        more(
            "Agree …", fields(code),
            actions=[
                press("Take it away", "policy retire", style="destructive", typed=typed,
                      inputs=("code",), bound=bound, policy=view.policy)
            ],
        )
    ]  # fmt: skip
