"""What becomes of a space, in a sentence or two. No card of its own."""

from __future__ import annotations

from collections.abc import Iterator

from cards.speech import Speech
from cards.words import SHORT, harmless
from domain.lifecycle import CaseState
from domain.people import ANYBODY, Reader
from domain.policies import Ending, Ruling
from domain.spaces import SpaceState
from domain.views import SpaceView


def fate(view: SpaceView, reader: Reader = ANYBODY) -> str:
    """Says “keep until” or “delete after”; a deletion never without its own date."""
    return " ".join(_fate(view, Speech(reader)))


def _fate(view: SpaceView, say: Speech) -> Iterator[str]:
    if view.space.state is not SpaceState.LIVE:
        yield say(f"fate.over.{view.space.state.name.lower()}")
        return
    if view.state is CaseState.HELD or view.ruling is Ruling.HELD:
        yield say("fate.held")
        return
    if view.is_asked_for:
        due = view.asked_due
        yield say("fate.asked_for_on", day=say.date(due)) if due else say("fate.asked_for")
        return
    if view.ruling is Ruling.UNTOUCHABLE:
        yield say("fate.untouchable")
        return
    if view.keeps_forever:
        yield say("fate.kept_forever")
        return
    if view.keep_until:
        yield say("fate.kept_until", day=say.date(view.keep_until))
    if view.ruling is Ruling.UNKNOWN:
        yield say("fate.not_known")
    elif view.due is None:
        if not view.keep_until:
            yield say("fate.no_policy")
    else:
        yield _end(view, say)
        if view.state is not CaseState.CLEAR:
            yield say(f"fate.now.{view.state.name.lower()}")
        if view.stands_still:
            yield say.retold(view.stands_still)


def _end(view: SpaceView, say: Speech) -> str:
    by = ".by" if view.policy else ".alone"
    policy = harmless(view.policy, SHORT)
    if view.state is CaseState.BLOCKED:
        if view.gone_at is None:
            return say(f"fate.stays_blocked{by}", policy=policy)
        return say(f"fate.goes{by}", day=say.date(view.gone_at), policy=policy)
    if view.state is CaseState.PURGING:
        return say(f"fate.purging{by}", policy=policy)
    if view.gone_at is not None and view.gone_at != view.due:
        return say(
            f"fate.ends.in_two{by}",
            day=say.date(view.due),
            later=say.date(view.gone_at),
            policy=policy,
        )
    ending = _ENDS[view.ending] if view.ending else "period"
    return say(f"fate.ends.{ending}{by}", day=say.date(view.due), policy=policy)


_ENDS = {
    Ending.KEEP: "keep", Ending.NOTIFY: "notify", Ending.OUTSIDERS: "outsiders",
    Ending.BLOCK: "block", Ending.PURGE: "purge", Ending.DELETE: "delete",
}  # fmt: skip
