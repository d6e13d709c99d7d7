"""The lifecycle whole: every arrow that there is, and none besides."""

from __future__ import annotations

from itertools import product

import pytest

from domain.lifecycle import CaseState, Cause, NoSuchArrow, move

WAYS = {
    "clear": {"decided": "due", "hold placed": "held"},
    "due": {
        "notice delivered": "warned", "woke up": "clear", "kept": "clear",
        "decision changed": "clear", "hold placed": "held", "policy paused": "paused",
        "stuck": "needs attention",
    },
    "warned": {
        "notice delivered": "warned", "notices over": "blocked", "told": "clear",
        "done": "clear", "may purge": "purging",
        "woke up": "clear", "kept": "clear", "decision changed": "clear", "hold placed": "held",
        "policy paused": "paused", "stuck": "needs attention",
    },
    "blocked": {
        "grace over": "enforcing", "done": "clear", "woke up": "clear", "kept": "clear",
        "decision changed": "clear", "hold placed": "held", "policy paused": "paused",
        "stuck": "needs attention",
    },
    "purging": {  # that people go on writing does not stop it: the space goes on
        "kept": "clear", "decision changed": "clear", "hold placed": "held",
        "policy paused": "paused", "stuck": "needs attention",
    },
    "enforcing": {
        "confirmed gone": "gone", "not confirmed": "needs attention", "called off": "blocked",
        "stuck": "needs attention",
    },
    "gone": {},
    "held": {"hold released": "clear"},
    "paused": {
        "policy resumed": "clear", "decision changed": "clear", "kept": "clear",
        "hold placed": "held",
    },
    "needs attention": {"looked after": "clear", "confirmed gone": "gone"},
}  # fmt: skip


@pytest.mark.parametrize(("state", "cause"), list(product(CaseState, Cause)))
def test_each_arrow_is_there_or_is_missing(state: CaseState, cause: Cause) -> None:
    wanted = WAYS[state].get(cause)
    if wanted is not None:
        assert move(state, cause) == wanted
        return
    with pytest.raises(NoSuchArrow):
        move(state, cause)


def test_only_a_blocked_case_whose_grace_is_over_is_ever_enforced() -> None:
    into = [(s, c) for s, c in product(CaseState, Cause) if WAYS[s].get(c) == "enforcing"]
    assert into == [(CaseState.BLOCKED, Cause.GRACE_OVER)]
