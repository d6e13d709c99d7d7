"""One policy, as its present version says it. How it reads in one sentence is decided here."""

from __future__ import annotations

from cards.kit import Bound, Button, Card, Child, card, facts, plain, press
from cards.words import count, moment, quoted, yes_no
from domain.cadences import Profiles, profile_of
from domain.policies import (
    TAKES_AWAY,
    Basis,
    Counting,
    Ending,
    PolicyStage,
    PolicyState,
    PolicyVersion,
)
from domain.spans import say_span
from domain.views import PolicyHome

STAGES = {
    PolicyStage.DRAFT: "draft: it touches nothing, and nobody has looked yet whom it would hit",
    PolicyStage.SIMULATING: "simulating: it plans and shows, and touches nothing",
    PolicyStage.APPROVED: "approved: it cools off, and touches nothing until it is in force",
    PolicyStage.ACTIVE: "active",
    PolicyStage.PAUSED: "paused: nothing is done by it",
    PolicyStage.RETIRED: "retired",
}
_DOES = {
    Ending.KEEP: "keep them",
    Ending.NOTIFY: "tell their owners",
    Ending.OUTSIDERS: "remove people of other organisations from them",
    Ending.BLOCK: "block them",
    Ending.PURGE: "purge their older messages",
    Ending.DELETE: "delete them",
}


def policy_card(
    version: PolicyVersion, *, sentence: str, zone: str = "UTC", note: str = "",
    holding: PolicyVersion | None = None, home: PolicyHome | None = None,
) -> Card:  # fmt: skip
    """A policy.

    Args:
        sentence: its condition in words, fitting after “spaces”.
        note: what just came of it, or is to be done.
        holding: the version in force, which may be an earlier one.
        home: the company's time zone and profiles of warnings.
    """
    home = home or PolicyHome()
    return card(
        f"Policy {version.name}",
        plain(says(version, sentence), bold=bool(note)),
        *([plain(note)] if note else []),
        *(_meanwhile(version, holding)),
        facts(
            ("State", STAGES[version.stage]),
            ("Condition", version.query or "none: it matches nothing"),
            _period(version),
            ("Priority", f"{version.priority:,} (the lowest number decides)"),
            ("Floor", yes_no(version.is_floor)),
            ("Direct conversations", _direct(version)),
            ("Warnings", _warnings(version, home.profiles))
            if version.ending is not Ending.KEEP
            else None,
            ("Exported before deletion", yes_no(version.needs_export))
            if version.ending is Ending.DELETE
            else None,
            ("Blocked before deletion", say_span(version.grace))
            if version.ending is Ending.DELETE
            else None,
            *_hours(version, home),
            ("At most a run", _cap(version.cap)) if version.ending is not Ending.KEEP else None,
            ("Version", f"{version.number}, by {version.author or 'somebody not known'}"),
            ("Written", moment(version.made_at, zone)),
            ("Approved by", version.approved_by or "nobody yet"),
            ("In force from", moment(version.effective_at, zone)) if version.effective_at else None,
        ),
        actions=_actions(version, holding or version),
    )


def _warnings(version: PolicyVersion, profiles: Profiles) -> str:
    """The days, with the profile's name where one says exactly this. They were copied from it
    when this was written, and hold whatever became of it."""
    days = ", ".join(count(n, "day") for n in version.notices) + " before"
    is_now = profile_of(version.notices, version.grace, profiles)
    name = version.profile
    if name in ("", is_now):
        return f"{is_now}: {days}" if is_now else days
    why = (
        f"{name} says otherwise by now; these days stay until the next version"
        if name in profiles
        else f"there is no profile {name} any more; these days stay"
    )
    return f"{name}: {days} ({why})"


def _hours(version: PolicyVersion, home: PolicyHome) -> list[tuple[str, str]]:
    """When it may act, beside when the company lets anything be destroyed."""
    if version.ending not in TAKES_AWAY:
        return []
    if not version.own:
        return [("Acts", "whenever the company lets anything be destroyed")]
    own = version.own.within(home.zone, of="")
    frozen = ", ".join(one.said for one in own.freezes)
    return [
        ("Acts only", f"{own.said}, and only when the company lets it"),
        *([("Not on", f"{frozen} ({own.zone})")] if frozen else []),
    ]


def says(version: PolicyVersion, sentence: str) -> str:
    """The policy in one sentence; “delete after” or “keep”, whichever it is."""
    if version.period is None:
        return f"Keep spaces {sentence}, without an end."
    span, since = say_span(version.period), since_of(version.counting)
    if version.ending is Ending.KEEP:
        if version.basis is Basis.MESSAGES:
            return f"Spaces {sentence}: no message may go before it is {span} old."
        return f"Spaces {sentence}: nothing may end them before {span} after {since}."
    if version.ending is Ending.PURGE:
        return (
            f"Spaces {sentence}: messages older than {span} are deleted every night, and the"
            " spaces go on."
        )
    return f"Spaces {sentence}: {_DOES[version.ending]} {span} after {since}."


def since_of(counting: Counting) -> str:
    """Words that fit after “90 days after”."""
    match counting.basis:
        case Basis.ACTIVITY:
            return "their last activity"
        case Basis.CREATED:
            return "they were created"
        case Basis.END_DATE:
            return "the end date that their people set"
        case Basis.TAGGED:
            return f"they got the tag “{counting.of}”"
        case Basis.DAY:
            return f"the end of {counting.of}"
        case Basis.MESSAGES:
            return "each message was written"


def _from(counting: Counting) -> str:
    own = {
        Basis.ACTIVITY: "their last activity", Basis.CREATED: "their creation",
        Basis.MESSAGES: "each message",
    }  # fmt: skip
    return own.get(counting.basis) or since_of(counting)


def _period(version: PolicyVersion) -> tuple[str, str]:
    if version.period is None:
        return "Keep", "for ever"
    labels = {
        Ending.DELETE: "Delete after", Ending.KEEP: "Keep for",
        Ending.PURGE: "Delete messages after",
    }  # fmt: skip
    label = labels.get(version.ending, "After")
    return label, f"{say_span(version.period)} from {_from(version.counting)}"


def _direct(version: PolicyVersion) -> str:
    """What keeps, keeps them too, said or not."""
    is_for_them = version.includes_direct or version.ending is Ending.KEEP
    return "included" if is_for_them else "left alone"


def _cap(cap: int | None) -> str:
    return count(cap, "space") if cap and cap > 0 else "none: without a cap it may do nothing"


def _meanwhile(version: PolicyVersion, holding: PolicyVersion | None) -> list[Child]:
    if holding is None or holding.key == version.key:
        return []
    return [plain(f"Until this one is in force, version {holding.number} is: {holding.query}")]


def _actions(version: PolicyVersion, holding: PolicyVersion) -> list[Button]:
    name, bound = version.name, Bound(version=version.key)
    said = quoted(name)
    simulate = press(
        "Simulate", "policy simulate", typed=f"policy simulate {said}", policy=name, bound=bound
    )
    pause = press("Pause", "policy pause", typed=f"policy pause {said}", policy=name)
    resume = press("Resume", "policy resume", typed=f"policy resume {said}", policy=name)
    switch = {PolicyState.ACTIVE: [pause], PolicyState.PAUSED: [resume]}
    change = press("Change …", "policy change", typed=f"policy change {said}", policy=name)
    listing = press("All policies", "policy list")
    if version.state is PolicyState.RETIRED:
        return [listing]
    if version.approved_by and version.state is PolicyState.SIMULATION:
        switch[PolicyState.SIMULATION] = [pause]  # takes the agreement back
    return [simulate, *switch.get(holding.state, []), change, listing]
