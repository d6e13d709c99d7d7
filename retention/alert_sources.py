"""Where alerts come from that can be seen in what is written down: looked at again and again.

So each comes within minutes whatever process died in between, and goes by itself when its cause
is gone. What happens only once (a cap, a deletion that ended oddly) is raised where it happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from domain.alerts import Alert, AlertKind, Item, Mend, Raised
from domain.audit import Word
from domain.endings import Request, RequestState
from domain.erasures import ErasureState
from domain.ids import RequestKey, SpaceKey
from domain.intents import Intent, Outcome
from domain.lifecycle import CaseState
from domain.owning import SearchState
from domain.policies import PolicyState, PolicyVersion
from domain.watches import WatchState
from query.protecting import holds_on
from retention.alerting import keep_true, raise_alert, settle_alert
from retention.ground import CLOCKS_DIFFER
from retention.policies import sentence_of
from retention.reminding import approvals, reminders
from retention.spec import Night
from spaces.spec import House
from storage.store import UnitOfWork

DELETIONS = Mend(title="Deletions", command="deletions")
UNSEEN = timedelta(minutes=5)
"""So long an effect may be under way before nobody knows what came of it."""
UNSETTLED = timedelta(hours=20)
"""What destroys nothing has so long to be settled (L1 gives it a day)."""
FIRST_READING = timedelta(hours=24)
MOST_HELD = 100
SINGLY = 5
"""So many spaces without an owner are told of each by a card of its own; more, by their count."""
LASTING = (
    AlertKind.APPROVAL, AlertKind.BRAKE, AlertKind.UNKNOWN, AlertKind.INVENTORY,
    AlertKind.CLASSIFICATION, AlertKind.HOLD, AlertKind.ATTENTION, AlertKind.DELIVERY,
    AlertKind.OWNERLESS, AlertKind.REMINDER,
)  # fmt: skip


def look(house: House, tx: UnitOfWork) -> int:
    """Makes the alerts that last say what there is now. Gives how many there are."""
    found = [
        *_approvals(tx), *_brake(tx), *_unknown(tx), *_inventory(house, tx), *_classes(tx),
        *_conflicts(tx), *_watches(tx), *_ownerless(tx), *reminders(tx), *approvals(tx),
    ]  # fmt: skip
    _let_go(tx)
    return len(keep_true(tx, LASTING, [*found, *_attention(tx)]))


def raise_of_night(night: Night, *, stopped: str, capped: dict[str, str]) -> None:
    """What a night says when it is over; what it does not say any more is settled."""
    with night.house.store.begin() as tx:
        is_clock = stopped.startswith(CLOCKS_DIFFER)
        is_brake = (pause := tx.settings.pause()) is not None and pause.is_brake
        if is_clock:
            raise_alert(tx, clock_fault(stopped, occurrence=night.run))
        elif stopped and not is_brake:  # of the brake there is an alert of its own
            raise_alert(
                tx,
                Raised(
                    kind=AlertKind.NIGHT, what="the night's run stopped",
                    pairs=(("Why", stopped),), occurrence=night.run,
                ),
            )  # fmt: skip
        elif not stopped:
            settle_alert(tx, AlertKind.NIGHT, why="a night's run went through")
            settle_alert(tx, AlertKind.CLOCK, why="the clocks agree again")
        if capped:
            raise_alert(tx, cap_reached(capped))
        elif not stopped:
            settle_alert(tx, AlertKind.CAP, why="a night's run reached no cap")
        tx.commit()


def clock_fault(why: str, *, occurrence: str = "") -> Raised:
    return Raised(
        kind=AlertKind.CLOCK, what="the clocks differ", pairs=(("Why", why),),
        occurrence=occurrence,
    )  # fmt: skip


def cap_reached(capped: dict[str, str]) -> Raised:
    """Args: capped: what the cap said, by policy; empty for what people asked for."""
    return Raised(
        kind=AlertKind.CAP,
        items=tuple(
            Item(key=f"policy/{name}", said=f"{name or 'what people asked for'}: {why}")
            for name, why in capped.items()
        ),
    )  # fmt: skip


# -- what lasts ---------------------------------------------------------------------------------


def _approvals(tx: UnitOfWork) -> Iterator[Raised]:
    """A version that nobody agreed to, a loosening that one person asked for, a deletion that
    waits for a second."""
    holding = {one.key for one in tx.policies.holding()}
    for version in tx.policies.all():
        if version.state is PolicyState.RETIRED:
            continue
        if version.key not in holding and not version.approved_by:
            yield _version_waits(version)
        now = tx.policies.standing(version.policy)
        if now.asked_for:
            yield Raised(
                kind=AlertKind.APPROVAL, subject=f"policy/{version.policy}/{now.asked_for}",
                what=f"a second person is wanted to {now.asked_for} the policy “{now.name}”",
                pairs=(("Policy", now.name),), occurrence=f"{now.asked_at}",
                asked_by=now.asked_by,
                mends=(_mend(f"{now.asked_for} it".capitalize(), f"policy {now.asked_for}",
                             now.name),),
            )  # fmt: skip
    pause = tx.settings.pause()
    if pause is not None and pause.asked_by:
        yield Raised(
            kind=AlertKind.APPROVAL, subject="resume",
            what="a second person is wanted to let everything go on",
            pairs=(("Asked by", pause.asked_by), ("Paused because", pause.reason or "–")),
            occurrence=f"{pause.asked_at}", mends=(Mend(title="Resume", command="resume"),),
            asked_by=pause.asked_by_key,
        )  # fmt: skip
    waiting = tx.deletions.open(RequestState.WAITING)
    spaces = tx.spaces.by_keys([one.space for one in waiting])
    people = tx.people.by_keys([one.by for one in waiting])
    for one in waiting:
        yield Raised(
            kind=AlertKind.APPROVAL, subject=f"deletion/{one.key}", space=one.space,
            what="a second person is wanted to delete a space",
            pairs=(
                ("Space", spaces[one.space].shown_title), ("Asked by", people[one.by].name),
                ("Why", one.reason or "–"),
            ),
            mends=(DELETIONS,), is_known=True, asked_by=one.by,
        )  # fmt: skip
    for asked in tx.erasures.open(ErasureState.SHOWN):
        yield Raised(
            kind=AlertKind.APPROVAL, subject=f"erasure/{asked.number}",
            what=f"a second person is wanted for the erasure {asked.number}",
            pairs=(("To be answered by", f"{asked.due:%Y-%m-%d}"),), asked_by=asked.by,
            mends=(
                Mend(
                    title="Look and agree", command="erasure approve",
                    args={"number": asked.number}, typed=f"erasure approve {asked.number}",
                ),
            ),
        )  # fmt: skip


def _version_waits(version: PolicyVersion) -> Raised:
    return Raised(
        kind=AlertKind.APPROVAL, subject=f"policy/{version.policy}",
        what=f"the policy “{version.name}” waits for a second person",
        pairs=(
            ("Policy", f"{version.name}, version {version.number}"),
            ("What it says", sentence_of(version)), ("Written by", version.author or "–"),
        ),
        occurrence=f"version {version.number}", asked_by=version.author_key,
        mends=(_mend("Look and agree", "policy approve", version.name),),
    )  # fmt: skip


def _mend(title: str, command: str, policy: str) -> Mend:
    return Mend(title=title, command=command, args={"policy": policy})


def _brake(tx: UnitOfWork) -> Iterator[Raised]:
    pause = tx.settings.pause()
    if pause is not None and pause.is_brake:
        yield Raised(
            kind=AlertKind.BRAKE, what="the brake was pulled", pairs=(("Why", pause.reason),),
            occurrence=f"{pause.at}",
        )  # fmt: skip


def _unknown(tx: UnitOfWork) -> Iterator[Raised]:
    """What destroys, minutes after it was asked for; anything, once its day is nearly over."""
    late = [
        one
        for one in tx.intents.open(older_than=tx.now - UNSEEN)
        if one.attempts and one.plan.word is not Word.ALERT_SEND
        and (one.plan.is_destructive or one.made_at < tx.now - UNSETTLED)
    ]  # fmt: skip
    keys = [one.plan.space for one in late if one.plan.space is not None]
    spaces = tx.spaces.by_keys(keys)
    if late:
        yield Raised(
            kind=AlertKind.UNKNOWN,
            items=tuple(
                Item(
                    key=f"intent/{one.id}",
                    said=f"{one.plan.kind}"
                    + (f", {spaces[one.plan.space].shown_title}" if one.plan.space else "")
                    + (" (can't be read back)" if one.outcome is Outcome.UNKNOWN else ""),
                )
                for one in late
            ),
        )  # fmt: skip


def _inventory(house: House, tx: UnitOfWork) -> Iterator[Raised]:
    last, since = tx.crawls.last(complete=True), tx.runs.first_at()
    if last is None or last.finished_at is None:
        if since is not None and tx.now - since > FIRST_READING:
            yield Raised(
                kind=AlertKind.INVENTORY, what="the company was never read whole",
                pairs=(("Since", f"{since:%d %b %Y %H:%M} UTC"), _why_not_whole(tx)),
            )  # fmt: skip
    elif tx.now - last.started_at > house.limits.inventory:
        yield Raised(
            kind=AlertKind.INVENTORY, what="what I know of the company is too old",
            pairs=(
                ("Last read whole", f"{last.finished_at:%d %b %Y %H:%M} UTC"), _why_not_whole(tx),
            ),
        )  # fmt: skip


def _why_not_whole(tx: UnitOfWork) -> tuple[str, str]:
    last = tx.crawls.last()
    return ("What the last reading said", (last.said if last is not None else "") or "–")


def _classes(tx: UnitOfWork) -> Iterator[Raised]:
    """The last reading of the company could not read the classifications."""
    last = tx.crawls.last()
    if last is not None and not last.is_complete and "classification" in last.said:
        yield Raised(
            kind=AlertKind.CLASSIFICATION, what="the classifications can't be read",
            pairs=(("Why", last.said),), occurrence=f"{last.generation}",
        )  # fmt: skip


def _conflicts(tx: UnitOfWork) -> Iterator[Raised]:
    """What was on its way to a space that is on hold: an effect in flight (I11), a request."""
    intents: list[Intent] = [
        one for one in tx.intents.open() if one.plan.is_destructive and one.plan.space is not None
    ]
    requests: list[Request] = list(tx.deletions.open())[:MOST_HELD]
    keys = {one.plan.space for one in intents[:MOST_HELD]} | {one.space for one in requests}
    names = {key: _holds(tx, key) for key in keys if key is not None}
    held = {key: said for key, said in names.items() if said}
    spaces = tx.spaces.by_keys(list(held))
    items = [
        Item(
            key=f"intent/{one.id}",
            said=f"{spaces[one.plan.space].shown_title}: {one.plan.kind} had begun; held by"
            f" {held[one.plan.space]}",
        )
        for one in intents
        if one.plan.space in held
    ] + [
        Item(
            key=f"deletion/{one.key}",
            said=f"{spaces[one.space].shown_title}: somebody asked to delete it; held by"
            f" {held[one.space]}",
        )
        for one in requests
        if one.space in held
    ]  # fmt: skip
    if items:
        yield Raised(kind=AlertKind.HOLD, items=tuple(items))


def _holds(tx: UnitOfWork, space: SpaceKey) -> str:
    return ", ".join(f"“{one.name}”" for one in holds_on(tx, space))


def _ownerless(tx: UnitOfWork) -> Iterator[Raised]:
    """Searches for an owner that ended with nobody; a few of them were told of one by one."""
    given_up = [one for one in tx.owner_searches.open() if one.state is SearchState.ESCALATED]
    spaces = tx.spaces.by_keys([one.space for one in given_up])
    if given_up:
        yield Raised(
            kind=AlertKind.OWNERLESS, is_known=len(given_up) <= SINGLY,
            items=tuple(
                Item(
                    key=f"search/{one.key}", said=f"{spaces[one.space].shown_title}: {one.why}"
                )
                for one in given_up
            ),
        )  # fmt: skip


def _attention(tx: UnitOfWork) -> Iterator[Raised]:
    """Cases that can't go on by themselves, but for those that have an alert of their own, and
    those for which an owner is looked for."""
    own = {one.subject for one in tx.alerts.on((AlertKind.ATTENTION,)) if not one.lasts}
    searched = {one.space for one in tx.owner_searches.open()}
    cases = [
        one
        for one in tx.cases.open(CaseState.NEEDS_ATTENTION)
        if f"case/{one.key}" not in own and one.space not in searched
    ]
    spaces = tx.spaces.by_keys([one.space for one in cases])
    if cases:
        yield Raised(
            kind=AlertKind.ATTENTION,
            items=tuple(
                Item(key=f"case/{one.key}", said=f"{spaces[one.space].shown_title}: {one.why}")
                for one in cases
            ),
        )  # fmt: skip


def _watches(tx: UnitOfWork) -> Iterator[Raised]:
    given_up = [w for w in tx.watches.listed(maker=None) if w.state is WatchState.PAUSED]
    makers = tx.people.by_keys([one.maker for one in given_up])
    if given_up:
        yield Raised(
            kind=AlertKind.DELIVERY,
            items=tuple(
                Item(
                    key=f"watch/{one.key}",
                    said=f"watch {one.key} of {makers[one.maker].email}: {one.why}",
                )
                for one in given_up
            ),
            mends=(
                Mend(
                    title="Everyone's watches", command="watches", args={"everyone": "yes"},
                    typed="watches of everyone",
                ),
            ),
        )  # fmt: skip


def _let_go(tx: UnitOfWork) -> None:
    """What was raised where it happened, and is put right by now."""
    stuck = {int(one.key) for one in tx.cases.open(CaseState.NEEDS_ATTENTION)}
    for one in tx.alerts.on((AlertKind.ATTENTION,)):
        if not one.lasts and _is_over(tx, one, stuck):
            settle_alert(tx, one.kind, one.subject, why="it was looked after")
    if requests := tx.alerts.on((AlertKind.ERASURE,)):
        going = {one.number for one in tx.erasures.open()}
        for one in requests:
            if one.subject.partition("/")[0] not in going:
                settle_alert(tx, one.kind, one.subject, why="the request is over")


def _is_over(tx: UnitOfWork, one: Alert, stuck: set[int]) -> bool:
    what, _, number = one.subject.partition("/")
    if not number.isdigit():
        return False
    if what == "case":
        return int(number) not in stuck
    if what == "deletion":
        return tx.deletions.get(RequestKey(int(number))).state is not RequestState.ATTENTION
    return False
