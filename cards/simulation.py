"""What a policy would do: whom it hits, by name and number, before anybody agrees to it.

A dangerous act says names, counts, date and what can't come back. The author can't agree to
their own policy, so their card has no such button; who can is told how. Agreeing is bound to
the version, and the engine compares the list again at that moment.
"""

from __future__ import annotations

from cards.kit import Action, Bound, Card, card, facts, fields, head, more, plain, press, row
from cards.words import count, date, harmless, moment
from domain.fields import Field
from domain.policies import Ending
from domain.views import SimulationView

_DOES = {
    Ending.KEEP: "keeps",
    Ending.NOTIFY: "tells the owners of",
    Ending.BLOCK: "blocks",
    Ending.DELETE: "deletes",
}
_WIDTHS = (3, 2)
MOST_NAMES = 20


def simulation_card(view: SimulationView, *, zone: str = "UTC", may_approve: bool) -> Card:
    """Args: may_approve: the reader is of compliance and not the author."""
    named = view.sample[:MOST_NAMES]
    unnamed = view.targets - len(named)
    return card(
        f"{view.policy} {_DOES[view.ending]} {count(view.targets, 'space')}",
        plain(f"Spaces {view.sentence}"),
        facts(
            ("Hit", f"{view.targets:,} of {count(view.inventory, 'space')} that I know"),
            ("Not known", f"{count(view.unknown, 'space')}, of which something needed is missing; "
             "nothing is done to them"),
            ("Condition", view.query),
            ("Version", f"{view.number}, by {view.author or 'somebody not known'}"),
            ("As of", moment(view.made_at, zone)),
            ("List", view.targets_hash[:12]),
        ),
        *([head("Space", "When its time is over", widths=_WIDTHS)] if named else []),
        *(row(harmless(h.space.shown_title, 80), date(h.due, zone), widths=_WIDTHS) for h in named),
        *([plain(f"And {unnamed:,} more.")] if unnamed > 0 else []),
        *(
            [plain("What is deleted can't be brought back.", warns=True)]
            if view.ending is Ending.DELETE
            else []
        ),
        plain(_who(view, may_approve)),
        actions=[
            *(_approve(view) if may_approve else []),
            press("Simulate again", "policy simulate", policy=view.policy),
            press("Show policy", "policy show", policy=view.policy),
        ],
    )  # fmt: skip


def _who(view: SimulationView, may_approve: bool) -> str:
    if not may_approve:
        quoted = f'"{view.policy}"' if " " in view.policy else view.policy
        return (
            "Nothing is done until somebody else of compliance agrees to exactly this list. "
            f"They type: policy approve {quoted}"
        )
    return "If you agree, you agree to exactly this list. Its owners are warned before anything."


def _approve(view: SimulationView) -> list[Action]:
    bound = Bound(version=view.version)
    if not view.code:
        return [
            press("Agree to exactly this", "policy approve", style="destructive", bound=bound,
                  policy=view.policy)
        ]  # fmt: skip
    code = Field(
        name="code", label=f"Type {view.code} to agree to {count(view.targets, 'space')}",
        required=True,
    )  # fmt: skip
    return [
        more(
            "Agree …",
            fields(code),
            actions=[
                press("Agree to exactly this", "policy approve", style="destructive",
                      inputs=("code",), bound=bound, policy=view.policy)
            ],
        )
    ]  # fmt: skip
