"""What is asked before it is done: a preview with a code, and what follows once it is typed.

What was shown is kept with the code, so that exactly that is done and nothing that came in
between. The code is for its person alone, works once, and expires. Whether they may is asked
again by whatever follows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from commands.spec import Context, Reply
from domain.confirmations import Confirmation
from domain.errors import Refusal

LIFE = timedelta(minutes=30)
MANY = 20
"""Things beyond which the code has to be typed, and a press alone will not do."""
MOST_ATTEMPTS = 5

Follow = Callable[[Context, Mapping[str, Any]], Reply]
_follows: dict[str, Follow] = {}


class NotYet(Refusal):
    """What followed a yes could not begin just now. Nothing was done, and the code stays good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """To be given to `cards.preview.preview_card`."""

    code: str
    which: int
    retypes: bool


def confirmed(kind: str) -> Callable[[Follow], Follow]:
    """Declares the function below as what follows when somebody confirmed a `kind`.

    It is called ``follow(context, payload)`` and checks again whether the caller may.
    """

    def declare(follow: Follow) -> Follow:
        if kind in _follows:
            raise ValueError(f"two things follow a confirmed {kind!r}")
        _follows[kind] = follow
        return follow

    return declare


def ask(
    context: Context, kind: str, payload: Mapping[str, Any], *, retypes: bool,
    life: timedelta = LIFE,
) -> Asked:  # fmt: skip
    """Keeps what is shown to the caller until they confirm it.

    Args:
        payload: exactly what will be done, as JSON values; never what has to be searched again.
        retypes: the code has to be typed.
    """
    if kind not in _follows:
        raise ValueError(f"nothing follows a confirmed {kind!r}")
    with context.house.store.begin() as tx:
        made = tx.confirmations.add(
            kind, context.caller.key, payload, life=life, is_code_needed=retypes
        )
        tx.commit()
    return Asked(code=made.code, which=made.id, retypes=retypes)


def follow(context: Context, code: str, which: int | None) -> Reply:
    """What was confirmed, done. Raises Refusal: there is no such thing to confirm (any more)."""
    with context.house.store.begin() as tx:
        found = (
            tx.confirmations.get(which) if which is not None
            else tx.confirmations.of_code(context.caller.key, code)
        )  # fmt: skip
        if found is None or found.person != context.caller.key:
            raise Refusal("I have nothing to confirm under that code.", "Ask for it again.")
        _refuse_if_over(found, context, tx.now)
        if (which is None or found.is_code_needed) and code != found.code:
            if tx.confirmations.tried(found.id) >= MOST_ATTEMPTS:
                tx.confirmations.void(found.id)
            tx.commit()
            raise Refusal("That is not the code on the card.", "Nothing was done; look again.")
        if not tx.confirmations.use(found.id, step=context.step):
            raise Refusal("That was confirmed already.", "It counts once.")
        tx.commit()
    try:
        return _follows[found.kind](context, found.payload)
    except NotYet:
        with context.house.store.begin() as tx:
            tx.confirmations.give_back(found.id, step=context.step)
            tx.commit()
        raise


def _refuse_if_over(found: Confirmation, context: Context, now: Any) -> None:
    if found.used_at is not None and found.used_by_step != context.step:
        raise Refusal("That was confirmed already.", "It counts once.")
    if found.expires_at <= now and found.used_at is None:
        raise Refusal(
            "That code is no longer valid.", "Ask for it again: things may look different now."
        )
