"""All policies, the one that decides first on top."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from cards.kit import Action, Card, card, head, more, plain, press, row, text
from cards.parts import MOST_BUTTONS
from cards.policy import says
from cards.words import count, harmless
from domain.ids import PolicyKey
from domain.policies import PolicyState, PolicyVersion

MOST = 3 * MOST_BUTTONS  # behind three times a *more*; with “New policy”, 19 actions
_WIDTHS = (2, 4)
NOTHING: Mapping[PolicyKey, PolicyVersion] = MappingProxyType({})


def policies_card(
    listed: Sequence[tuple[PolicyVersion, str]],
    waiting: Mapping[PolicyKey, PolicyVersion] = NOTHING,
) -> Card:
    """All policies.

    Args:
        listed: each policy's version with its condition in words, by priority.
        waiting: later versions that are not in force yet.
    """
    shown, rest = listed[:MOST], len(listed) - MOST
    return card(
        count(len(listed), "policy", "policies") if listed else "No policies yet",
        *([head("Policy", "What it says", widths=_WIDTHS)] if listed else []),
        *(
            row(
                f"{n}. {harmless(v.name, 40)} ({_state(v, waiting.get(v.policy))})",
                says(v, words),
                widths=_WIDTHS,
            )
            for n, (v, words) in enumerate(shown, 1)
        ),
        *([plain(f"And {rest:,} more, which decide later.")] if rest > 0 else []),
        text("A new policy starts in simulation: it touches nothing until a second person agrees."),
        actions=[*_details(shown), press("New policy", "policy new")],
    )


def _state(version: PolicyVersion, later: PolicyVersion | None) -> str:
    if later is not None:
        return f"{version.stage}; version {later.number} is {_waiting(later)}"
    if version.state is PolicyState.SIMULATION:
        return _waiting(version)
    return str(version.stage)


def _waiting(version: PolicyVersion) -> str:
    waits = "it cools off" if version.approved_by else "it waits for a second person"
    return f"{version.stage}: {waits}"


def _details(shown: Sequence[tuple[PolicyVersion, str]]) -> Iterator[Action]:
    for start in range(0, len(shown), MOST_BUTTONS):
        some = shown[start : start + MOST_BUTTONS]
        yield more(
            f"Show {start + 1}–{start + len(some)}" if len(some) > 1 else f"Show {start + 1}",
            actions=[
                press(f"{n}. {harmless(version.name, 30)}", "policy show", policy=version.name)
                for n, (version, _) in enumerate(some, start + 1)
            ],
        )
