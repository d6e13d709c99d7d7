"""Many people at once, in a space or a team: shown first, done as a long work, told in a table.

What is shown is kept with its code; exactly those people are then gone through, one step each.
Whether the caller may is asked again with every batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from cards.preview import preview_card
from cards.sheets import Sheet, csv_file, stamp
from cards.words import count, typed_name
from commands.arguments import is_elsewhere, visible_to
from commands.confirming import MANY, ask, confirmed
from commands.permissions import MODERATOR
from commands.spec import Context, Reply
from commands.telling import SAID, row_of
from commands.working import Result, Working, begin, work
from domain.errors import Refusal, Stopped
from domain.ids import RoomId
from domain.outgoing import Attached
from domain.spaces import Scope, Space
from domain.works import Came as Share
from domain.works import How, Item
from spaces.changing import Came, One
from spaces.crowds import Doing, Foreseen, begin_to_lead, do_one, foresee
from spaces.following import Scene, look, notes_on
from spaces.naming import Named, who_is
from spaces.sync.live import touch

BATCH = 25
SHOWN = 10
OLD = timedelta(days=1)
KIND = "people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How one kind of change is said: what it is, what is done, what came of one, its way back."""

    title: str
    doing: str
    begins: str
    now: str
    back: str


WORDS = {
    Doing.ADD: Words(
        title="Add people", doing="Adding {n} to {place}", begins="Add them",
        now="is added", back="remove members from {place}",
    ),
    Doing.REMOVE: Words(
        title="Remove people", doing="Removing {n} from {place}", begins="Remove them",
        now="is removed", back="add members to {place}",
    ),
    Doing.MAKE: Words(
        title="Make moderators", doing="Making {n} moderators of {place}", begins="Make them",
        now="is made a moderator", back="unmake moderators in {place}",
    ),
    Doing.UNMAKE: Words(
        title="Unmake moderators", doing="Unmaking {n} moderators of {place}",
        begins="Unmake them", now="is no moderator any more", back="make moderators in {place}",
    ),
}  # fmt: skip
_HOW = {Came.ALREADY: How.ALREADY, Came.REFUSED: How.REFUSED}


def is_many(people: Sequence[Named]) -> bool:
    """Whether that takes long enough to be shown first."""
    return len(people) > MANY


def show_first(
    context: Context, doing: Doing, space: Space, people: Sequence[Named], *,
    moderator: bool = False, team: str = "",
) -> Reply:  # fmt: skip
    """What it would come to, with the code that does it.

    Args:
        team: the name of the team, where its General space stands for it.
    """
    seen = foresee(context.house, context.actor, space, doing, people, moderator=moderator)
    if not seen.to_do:
        raise Refusal(f"Nothing of that is left to do: {_counts(seen)}.", "Nobody was touched.")
    words, place = WORDS[doing], f"team {team}" if team else space.shown_title
    asked = ask(
        context, KIND,
        {
            "doing": str(doing), "space": str(space.id), "moderator": moderator, "place": place,
            "people": [_payload(one) for one in seen.all],
        },
        retypes=True,
    )  # fmt: skip
    card = preview_card(
        f"{words.title}: {len(seen.to_do):,}",
        ("Team" if team else "Space", team or space.shown_title),
        ("Listed", f"{len(seen.all):,}"),
        ("To do", f"{len(seen.to_do):,}{' as moderators' if moderator else ''}"),
        *_beside(seen),
        rows=_rows(seen, doing, moderator), columns=("Person", "What becomes of it"),
        more=len(seen.all) - SHOWN, warnings=seen.warnings, notes=_notes(seen, doing),
        code=asked.code, which=asked.which, retypes=asked.retypes, do=words.begins,
    )  # fmt: skip
    return Reply(card=card, is_about_others=is_elsewhere(context, space))


@confirmed(KIND)
def go(context: Context, payload: Mapping[str, Any]) -> Reply:
    """Begins what was shown, if the caller still may."""
    space = _space(context, str(payload["space"]))
    if no := _may_not(context, space):
        raise no
    people, doing = payload["people"], Doing(payload["doing"])
    place = str(payload["place"])
    title = WORDS[doing].doing.format(n=count(len(people), "person", "people"), place=place)
    return begin(
        context, KIND, title, people,
        {
            "doing": str(doing), "space": str(space.id), "place": place,
            "moderator": "yes" if payload["moderator"] else "",
            "was_locked": "yes" if space.is_locked else "",
            "was_external": "yes" if space.scope is Scope.EXTERNAL else "",
        },
    )  # fmt: skip


def _finish(working: Working) -> Result:
    """What Webex did besides, and a list by which it can be taken back."""
    space = _space(working.context(), working.payload["space"])
    house, doing = working.house, Doing(working.payload["doing"])
    after = look(house, space)
    before = replace(
        after, members=(),
        space=replace(
            after.space, is_locked=bool(working.payload["was_locked"]),
            scope=Scope.EXTERNAL if working.payload["was_external"] else Scope.INTERNAL,
        ),
    )  # fmt: skip
    notes = [one for one in notes_on(before, after, None) if not one.startswith("So am I")]
    with house.store.read() as tx:
        done = [one for one in tx.works.results(working.work.id) if one.how is How.DONE]
    if not done:
        return Result(notes=tuple(notes))
    words = WORDS[doing].back.format(place=typed_name(after.space))
    notes.append(
        "To take it back, send me the last file with: "
        f"{words}. It has exactly those for whom something was changed."
    )
    return Result(notes=tuple(notes), files=(_way_back(working, done),))


@work(KIND, noun="people", batch=BATCH, finish=_finish, columns=("Person", "What came of it"))
def do_some(working: Working, items: Sequence[Item]) -> Sequence[Share]:
    context, doing = working.context(), Doing(working.payload["doing"])
    space = _space(context, working.payload["space"])
    if no := _is_over(working) or _may_not(context, space):
        return [Share(how=How.REFUSED, name=item.payload["name"], said=str(no)) for item in items]
    scene, moderator = look(working.house, space), bool(working.payload["moderator"])
    some = [_named(working, item) for item in items]
    begin_to_lead(
        working.house, working.actor, scene, doing, some, step=working.work.step,
        moderator=moderator,
    )  # fmt: skip
    return [
        _share(working, scene, doing, one, item, moderator)
        for one, item in zip(some, items, strict=True)
    ]


def _is_over(working: Working) -> Refusal | None:
    """After a long pause nobody may still mean what they said before it."""
    if working.house.clock.now() - working.work.made_at <= OLD:
        return None
    return Refusal("It stood still for more than a day.", "Ask for it again if it still holds.")


def _share(
    working: Working, scene: Scene, doing: Doing, one: Named, item: Item, moderator: bool
) -> Share:
    if working.stop():
        raise Stopped
    if one.refusal is not None:
        return _told(One(named=one, came=Came.REFUSED, why=str(one.refusal)))
    try:
        made = do_one(
            working.house, working.actor, scene, doing, one, step=working.step_of(item),
            run=working.run, moderator=moderator,
        )  # fmt: skip
    except Refusal as no:
        made = One(named=one, came=Came.REFUSED, why=str(no))
    return _told(made)


def _told(one: One) -> Share:
    how = _HOW.get(one.came, How.DONE)
    leads = one.membership is not None and one.membership.is_moderator
    was = leads if one.came is Came.ADDED else one.was_moderator
    return Share(
        how=how, name=one.named.name, said=row_of(one)[1],
        detail={"E-mail": one.named.email, "Moderator": "yes" if was else "no"}
        if one.named.email else {"E-mail": ""},
    )  # fmt: skip


def _way_back(working: Working, done: Sequence[Share]) -> Attached:
    """A list that the opposite command reads. Who was a moderator comes back as one."""
    comes_back = working.payload["doing"] == Doing.REMOVE
    adds = working.payload["doing"] == Doing.ADD
    sheet = Sheet(
        name="People", columns=("E-mail", "Moderator") if comes_back else ("E-mail",),
        rows=(
            [one.detail["E-mail"], *([one.detail["Moderator"]] if comes_back else [])]
            for one in done
            if not (adds and one.said == SAID[Came.APPOINTED])  # they were in it before
        ),
    )  # fmt: skip
    return csv_file(f"changed {stamp(working.work.made_at)}", sheet, says="Who was changed")


def _payload(one: Named) -> dict[str, str]:
    """What an item needs: whom, and what was said of them alone."""
    known = {"person": str(one.person.id)} if one.person else {}
    role = {} if one.moderator is None else {"moderator": "yes" if one.moderator else "no"}
    wrong = {"wrong": str(one.refusal)} if one.refusal else {}
    asks = {"asks": "yes"} if one.is_unchecked else {}
    return {"name": one.name, "said": one.email or one.said, **known, **role, **wrong, **asks}


def _named(working: Working, item: Item) -> Named:
    """Whom an item means, as Webex knows them now."""
    payload, role = item.payload, item.payload.get("moderator")
    moderator = None if role is None else role == "yes"
    if wrong := payload.get("wrong"):
        return Named(said=payload["said"], refusal=Refusal(wrong), email="")
    if not payload.get("person") and not payload.get("asks"):
        return Named(said=payload["said"], email=payload["said"], moderator=moderator)
    home = working.caller.email.rpartition("@")[2]
    found = who_is(working.house, payload.get("person") or payload["said"], home=home)
    return replace(found, moderator=moderator)


def _space(context: Context, id: str) -> Space:
    """The space, if the caller may (still) see it; read now."""
    room = RoomId(id)
    with context.house.store.read() as tx:
        known = tx.spaces.by_id(room, visible_to=visible_to(context))
    if known is None:
        raise Refusal("I can't see that space.", "Add me to it, or ask compliance.")
    return touch(context.house, known.id)


def _may_not(context: Context, space: Space) -> Refusal | None:
    verdict = MODERATOR.check(context, {"space": space})
    if verdict:
        return None
    return Refusal(f"Not allowed: {verdict.reason.rstrip('.')}.", MODERATOR.instead)


def _rows(seen: Foreseen, doing: Doing, moderator: bool) -> list[tuple[str, str]]:
    """Who needs a word first, then the others."""
    told = [(one.name, str(one.refusal)) for one in seen.wrong]
    told += [(one.name, "is not in it") for one in seen.absent]
    told += [(one.name, "nobody has looked yet") for one in seen.to_do if one.is_unchecked]
    told += [(one.name, _becomes(one, doing, moderator)) for one in seen.to_do
             if not one.is_unchecked]  # fmt: skip
    told += [(one.name, "is so already") for one in seen.already]
    return told[:SHOWN]


def _becomes(one: Named, doing: Doing, moderator: bool) -> str:
    as_what = " as moderator" if doing is Doing.ADD and one.is_to_moderate(moderator) else ""
    return f"{WORDS[doing].now}{as_what}"


def _beside(seen: Foreseen) -> list[tuple[str, str]]:
    pairs = (
        ("So already", len(seen.already)), ("Not in it", len(seen.absent)),
        ("Can't be meant", len(seen.wrong)), ("To be looked up", seen.unchecked),
    )  # fmt: skip
    return [(label, f"{number:,}") for label, number in pairs if number]


def _counts(seen: Foreseen) -> str:
    return ", ".join(f"{label.lower()} {number}" for label, number in _beside(seen))


def _notes(seen: Foreseen, doing: Doing) -> list[str]:
    notes = ["Each is a step of its own: what is done stays done, and is told in a table."]
    if seen.unchecked:
        notes.append("Addresses that I don't know yet are looked up one by one when they come.")
    if doing is Doing.REMOVE and seen.scene.space.is_general:
        notes.append("Who comes back into the team is not back in its other spaces.")
    return notes
