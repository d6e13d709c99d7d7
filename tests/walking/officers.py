"""What compliance does: holds, keeps, tags, policies, pauses; and what nobody may."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from domain.errors import Refusal
from domain.people import Actor
from domain.policies import PolicyState, draft_of
from retention.agreeing import approve_policy
from retention.holds import place_hold, release_hold
from retention.pausing import house_pause
from tests.nights import DAY
from tests.walks import Walk, step


@step(1)
def hold(walk: Walk) -> None:
    if room := walk.some():
        with suppress(Refusal, LookupError):
            walk.officers.hold(room)
            walk.note("hold", room)
            walk.met["I1 holds on spaces"] += 1


@step(0.5)
def hold_person(walk: Walk) -> None:
    """On somebody who is in hardly any space, so that the others go on."""
    room = walk.some()
    if room is None or walk.since("person held", room):
        return
    with walk.world.house.store.read() as tx:
        eve = tx.people.by_email("eve@partner.example")
    known = walk.officers
    if eve is None or not walk.is_in(room, "eve@partner.example"):
        return
    with suppress(Refusal, LookupError):
        place_hold(walk.world.house, known.cleo, f"eve {walk.seq}", reason="a matter", people=[eve])
        for one in walk.rooms:
            if walk.world.control.room(one["id"])["exists"] and walk.is_in(
                one, "eve@partner.example"
            ):
                walk.note("person held", one)
        walk.met["I1 holds on people"] += 1


@step(1)
def release(walk: Walk) -> None:
    if held := [one for one in walk.rooms if walk.since("hold", one)]:
        room = walk.chance.choice(held)
        with suppress(Refusal, LookupError):
            release_hold(walk.world.house, walk.officers.cleo, f"hold {room['title']}")
            walk.note("release", room)


@step(0.8)
def keep(walk: Walk) -> None:
    if room := walk.some():
        with suppress(Refusal, LookupError):
            walk.officers.keep(room)
            walk.note("keep", room)
            walk.met["I1 keeps by hand"] += 1


@step(0.8)
def clear(walk: Walk) -> None:
    if kept := [one for one in walk.rooms if walk.since("keep", one)]:
        room = walk.chance.choice(kept)
        with suppress(Refusal, LookupError):
            walk.officers.clear(room)
            walk.note("clear", room)


@step(0.8)
def tag(walk: Walk) -> None:
    """A tag that puts it under a policy that keeps, or one that may do nothing."""
    if room := walk.some():
        name = walk.chance.choice(("legal", "capless"))
        with suppress(LookupError), walk.world.house.store.begin() as tx:
            tx.tags.add(walk.officers.space(room).key, [name], None)
            tx.commit()
            walk.note("tag" if name == "legal" else "capless", room)
            walk.met["I8 a keeping policy takes it over" if name == "legal"
                     else "I9 a policy without a cap takes it over"] += 1  # fmt: skip


@step(0.8)
def policy_anew(walk: Walk) -> None:
    """A new version, that a second person agrees to, by the code of exactly its list."""
    _write(walk, walk.officers.cleo, cap=walk.chance.choice((4, 5, 6)))
    with suppress(Refusal):
        _agree(walk, walk.officers.dora)
        walk.resources["version"] = walk.seq
        walk.met["I18 versions agreed to by two"] += 1


@step(3)
def widen_alone(walk: Walk) -> None:
    """The author widens a policy to everything and tries to agree to it, too."""
    _write(walk, walk.officers.dora, query="inactive:>90d or tag:old")
    try:
        _agree(walk, walk.officers.dora)
    except Refusal:
        walk.met["I18 one alone was refused"] += 1
    else:
        walk.wrong.append("I18: somebody agreed to what they wrote themselves")


def _write(walk: Walk, author: Actor, **changes: Any) -> None:
    """A version as the use case writes it, but for its check that notices are not as short as
    they are here, so that a walk of some days comes to the end."""
    with walk.world.house.store.begin() as tx:
        draft = replace(draft_of(walk.policy), **changes)
        tx.policies.add_version(walk.policy.policy, draft, author=author.person)
        tx.commit()


def _agree(walk: Walk, who: object) -> None:
    shown = approve_policy(walk.world.house, who, walk.policy.name)  # type: ignore[arg-type]
    approve_policy(  # type: ignore[call-arg]
        walk.world.house,
        who,
        walk.policy.name,
        code=shown.view.code,  # type: ignore[arg-type,union-attr]
    )


@step(0.3)
def policy_rest(walk: Walk) -> None:
    """A policy rests; whether a night sees it depends on what else is wrong."""
    _state(walk, PolicyState.PAUSED, PolicyState.ACTIVE)
    walk.night(polled=False)
    _state(walk, PolicyState.ACTIVE, PolicyState.PAUSED)


def _state(walk: Walk, to: PolicyState, was: PolicyState) -> None:
    with walk.world.house.store.begin() as tx:
        tx.policies.set_state(walk.policy.policy, to, was=was)
        tx.commit()


@step(1)
def pause(walk: Walk) -> None:
    house_pause(walk.world.house, walk.officers.cleo, "a walk")
    walk.paused.append([walk.seq, 2**60])
    walk.met["I15 pauses"] += 1


@step(4)
def resume(walk: Walk) -> None:
    walk.resume()


@step(0.3)
def a_paused_day(walk: Walk) -> None:
    """Everything stands still for a day on which things were due."""
    pause(walk)
    walk.world.pass_(DAY)
    walk.night()
    walk.met["I15 nights in a pause"] += 1
    walk.resume()
