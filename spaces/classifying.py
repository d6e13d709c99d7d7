"""Levels of classification: which there are, which a space has, and giving it another one.

Webex says little about who may (webex-facts 1.1, 1.9, 3.4), so the safe reading holds: what its own
clients refuse to a moderator, which is to lower a level, we refuse them too. Compliance may ask
for it; whether the API does it is not documented, so Webex's own word is what is told.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import ClassificationId, StepKey
from domain.intents import Plan
from domain.people import Actor
from domain.spaces import Space, SpaceType
from query.protecting import remember_found
from spaces.describing import eyes
from spaces.effects import perform, refusal_of
from spaces.spec import House
from spaces.sync.live import read_live
from webex.errors import Denied, Invalid, Missing, WebexFault
from webex.gateway import Lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A level of classification; `rank` rises with how confidential it is, from 0."""

    id: ClassificationId
    title: str
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """What was found about giving a space another level.

    Args:
        was: None where it has none; `was_named` is its title, also where Webex lists it no more.
        sinks: it would be less confidential than it is, or that can't be told.
    """

    space: Space
    to: Level
    was: ClassificationId | None
    was_named: str
    sinks: bool

    @property
    def is_same(self) -> bool:
        return self.was == self.to.id


def levels_of(house: House) -> tuple[Level, ...]:
    """The levels that can be chosen, the least confidential first.

    Raises:
        Refusal: Webex shows none, or the organisation has none switched on.
    """
    if found := tuple(one for one, is_on in _all(house) if is_on):
        return found
    raise Refusal(
        "Your organisation has no space classifications switched on.",
        "An administrator switches them on in Control Hub; they are part of the Pro Pack.",
    )


def find_level(house: House, said: str) -> Level:
    """The level of that name, or with that id. Raises Refusal: none that could be chosen; says
    which there are."""
    known = levels_of(house)
    wanted = " ".join(said.split()).casefold()
    for one in known:
        if wanted and (one.title.casefold() == wanted or one.id == said.strip()):
            return one
    raise Refusal(
        f"There is no classification “{said[:60]}”.",
        f"There are: {', '.join(one.title for one in known)}.",
    )


def look_before(house: House, space: Space, to: Level, *, by_compliance: bool) -> Raise:
    """Reads the space now, and says what would change.

    Raises:
        Refusal: a space of that kind has none, it is not ours, or they may not lower it.
    """
    if space.type is SpaceType.DIRECT:
        raise Refusal("A conversation of two people has no classification.")
    if space.is_ours is False:
        raise Refusal("It belongs to another organisation, and only they classify it.")
    was = eyes(house)[0].room(space.id).classification
    known = {one.id: one for one, _ in _all(house)}
    now = known.get(was) if was is not None else None
    looked = Raise(
        space=space, to=to, was=was,
        was_named=now.title if now else "" if was is None else space.classification or "?",
        sinks=was is not None and (now is None or now.rank > to.rank),
    )  # fmt: skip
    if looked.sinks and not looked.is_same and not (by_compliance and house.webex.has_compliance):
        raise Refusal(
            f"It is classified as {looked.was_named}, and Webex lets a classification only be"
            " raised.",
            "Where that is wrong, ask compliance.",
        )
    return looked


def classify_space(house: House, actor: Actor, looked: Raise, *, step: str) -> Space:
    """Gives the space its level, and gives it back as it is then. `step` names it for ever.

    Raises:
        Refusal: Webex would not, or it can't be seen yet whether it did.
    """
    space, to = looked.space, looked.to
    with house.store.begin() as tx:  # whatever a hold's search finds by the old level stays held
        remember_found(tx, among=space.key)
        tx.commit()
    if no := refused(house, actor, space, to, step=step, was=looked.was_named):
        raise no
    with house.store.begin() as tx:
        tx.spaces.write_classifications([(str(to.id), to.title, to.rank)])
        tx.spaces.set_classification(space.key, str(to.id))
        tx.commit()
    # Webex may take our change for activity (2): with the latest human message read, it is none.
    with suppress(WebexFault):
        read_live(house, space.key, lane=Lane.CHAT)
    with house.store.read() as tx:
        return tx.spaces.by_key(space.key)


def refused(
    house: House, actor: Actor, space: Space, to: Level, *, step: str, was: str = "",
    via: str = "",
) -> Refusal | None:  # fmt: skip
    """Classifies `space`; why it did not come about, or None.

    Args:
        via: “bot” or “compliance”; unless given, an officer where there is one: they may it
            without being in the space (OAS-M), and the bot seldom is.
    """
    via = via or ("compliance" if house.webex.has_compliance else "bot")
    made = perform(
        house,
        Plan(
            kind="change room", step=StepKey(f"{step}/classify"), word=Word.SPACE_CLASSIFY,
            actor=actor, space=space.key,
            payload={
                "room": str(space.id), "classification": str(to.id), "via": via,
                "level": to.title, "was": was,
            },
        ),
    )  # fmt: skip
    return refusal_of(made, what=f"classify it as {to.title}")


def _all(house: House) -> tuple[tuple[Level, bool], ...]:
    """Every level, and whether it can be chosen. Whose token may list them is unverified (1.9)."""
    for gateway in eyes(house):
        with suppress(Denied, Missing, Invalid):
            known = sorted(gateway.classifications(), key=lambda one: one.rank)
            return tuple(
                (Level(id=one.id, title=one.title, rank=one.rank), one.is_enabled) for one in known
            )
    raise Refusal(
        "Webex names no classifications to me.",
        "Your operator can look whether the compliance identity is connected and may read them.",
    )
