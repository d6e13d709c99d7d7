"""What a policy would do: whom it hits, by name and number, before anybody agrees to it.

A dangerous act says names, counts, date and what can't come back. Who may not agree has no
such button, and reads why. Agreeing is bound to the version and to exactly this list, which
the engine computes again at that moment.
"""

from __future__ import annotations

from collections.abc import Sequence

from cards.kit import Action, Bound, Card, Child, card, facts, fields, head, more, plain, press, row
from cards.words import count, date, harmless, moment, quoted
from domain.fields import Field
from domain.policies import Ending
from domain.views import Hit, SimulationView

_DOES = {
    Ending.KEEP: "keeps",
    Ending.NOTIFY: "tells the owners of",
    Ending.OUTSIDERS: "removes outsiders from",
    Ending.BLOCK: "blocks",
    Ending.PURGE: "purges the older messages of",
    Ending.DELETE: "deletes",
}
_WIDTHS = (3, 2)
MOST_NAMES = 20
MOST_OTHERS = 4


def simulation_card(view: SimulationView, *, zone: str = "UTC", problem: str = "") -> Card:
    """Args: problem: why the list is shown again, one sentence."""
    named = view.sample[:MOST_NAMES]
    unnamed = max(view.targets, sum(n for _, n in view.changes)) - len(named)
    return card(
        f"{view.policy} {_DOES[view.ending]} {count(view.targets, 'space')}",
        *([plain(problem, bold=True, warns=True)] if problem else []),
        plain(f"Spaces {view.sentence}"),
        facts(
            ("Hit", f"{view.targets:,} of {count(view.inventory, 'space')} that I know"),
            *_changes(view),
            *((f"Says otherwise: {part}", f"{was} → {now}") for part, was, now in view.parts),
            *((how.capitalize(), count(n, "space")) for how, n in view.changes),
            ("With outsiders", count(view.outsiders, "space")) if view.outsiders else None,
            ("Under a hold", f"{count(view.held, 'space')}, to which nothing is done")
            if view.held
            else None,
            ("Decides instead of", _others(view.takes_over)) if view.takes_over else None,
            ("Outweighed by", _others(view.outweighed)) if view.outweighed else None,
            ("Not known", f"{count(view.unknown, 'space')}, of which something needed is missing; "
             "nothing is done to them"),
            ("Condition", view.query),
            ("Version", f"{view.number}, by {view.author or 'somebody not known'}"),
            ("As of", moment(view.made_at, zone)),
            ("List", view.targets_hash[:12]),
        ),
        *([head("Space", "When its time is over", widths=_WIDTHS)] if named else []),
        *(row(_name(h), _when(h, view, zone), widths=_WIDTHS) for h in named),
        *([plain(f"And {unnamed:,} more.")] if unnamed > 0 else []),
        *_ends(view, zone),
        actions=[
            *(_approve(view) if view.code else []),
            press("Simulate again", "policy simulate", policy=view.policy),
            press("Show policy", "policy show", policy=view.policy),
        ],
    )  # fmt: skip


def _changes(view: SimulationView) -> list[tuple[str, str]]:
    if view.added is None or view.dropped is None:
        return []
    said = f"{view.added:,} more and {view.dropped:,} fewer than what holds now"
    return [("Compared", said)]


def _others(named: Sequence[tuple[str, int]]) -> str:
    """Other policies, each with how many spaces."""
    some = ", ".join(f"{harmless(name, 40)} ({n:,})" for name, n in named[:MOST_OTHERS])
    rest = len(named) - MOST_OTHERS
    return f"{some} and {count(rest, 'policy', 'policies')} more" if rest > 0 else some


def _name(hit: Hit) -> str:
    marks = [
        *(["new"] if hit.is_new else []),
        *(["with outsiders"] if hit.has_outsiders else []),
    ]  # fmt: skip
    said = f" ({', '.join(marks)})" if marks else ""
    return f"{harmless(hit.space.shown_title, 80)}{said}"


def _when(hit: Hit, view: SimulationView, zone: str) -> str:
    if hit.is_held:
        return "under a hold"
    match hit.how:
        case "hit sooner" | "hit later":
            return f"{date(hit.due, zone)}, not {date(hit.was_due, zone)}"
        case "ended otherwise":
            return f"{date(hit.due, zone)}: {hit.now}, not {hit.was}"
        case "released" | "not kept any more":
            return hit.how
    if hit.due is None:
        return "never"
    is_by_other = hit.by not in ("", view.policy)
    return f"{date(hit.due, zone)}{f', by {harmless(hit.by, 40)}' if is_by_other else ''}"


def _ends(view: SimulationView, zone: str) -> list[Child]:
    said: list[Child] = []
    if view.ending is Ending.DELETE:
        said.append(plain("What is deleted can't be brought back.", warns=True))
    if view.ending is Ending.PURGE:
        said.append(
            plain(
                "Messages that are deleted can't be brought back. The day is the earliest on which"
                " a space can have one that is old enough; from then on it goes on every night.",
                warns=True,
            )
        )
    if view.agreed_by:
        from_when = moment(view.effective_at, zone)
        said.append(plain(f"{view.agreed_by} agreed to it; it holds from {from_when}."))
    elif not view.code:
        said.append(plain(view.why_not))
        said.append(
            plain(
                "Nothing is done until somebody else of compliance agrees to exactly this list."
                f" They type: policy approve {quoted(view.policy)}"
            )
        )
    else:
        said.append(
            plain(
                "If you agree, you agree to exactly this list. Its owners are warned before"
                " anything."
            )
        )
    return said


def _approve(view: SimulationView) -> list[Action]:
    bound = Bound(version=view.version)
    typed = f"policy approve {quoted(view.policy)} code {view.code}"
    if not view.retypes_code:
        return [
            press("Agree to exactly this", "policy approve", style="destructive", bound=bound,
                  typed=typed, policy=view.policy, code=view.code)
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
                press("Agree to exactly this", "policy approve", style="destructive", typed=typed,
                      inputs=("code",), bound=bound, policy=view.policy)
            ],
        )
    ]  # fmt: skip
