"""What follows from a change of a space's people, told before where it may not have been meant,
and afterwards where it is only good to know.

Webex does more than it is asked for (webex-facts 1.2): the first moderator locks the space and
makes whoever appointed them one, the last one's going unlocks it, the last member's going ends
it, and who leaves a team's General space leaves the team.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from domain.errors import Refusal
from domain.ids import PersonId, PersonKey
from domain.people import Person
from domain.spaces import Scope, Space
from spaces.naming import Named
from spaces.spec import House
from spaces.sync.live import touch
from webex.gateway import Lane

MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A space as it was just read, with (person, whether they moderate it) of its members."""

    space: Space
    members: tuple[tuple[Person, bool], ...]
    me: PersonId
    """The bot itself."""

    def member(self, named: Named) -> tuple[Person, bool] | None:
        if named.person is not None:
            return self._by_key.get(named.person.key)
        return self._by_email.get(named.email) if named.email else None

    @cached_property
    def _by_key(self) -> dict[PersonKey, tuple[Person, bool]]:
        return {one[0].key: one for one in self.members}

    @cached_property
    def _by_email(self) -> dict[str, tuple[Person, bool]]:
        return {one[0].email: one for one in self.members}

    def moderates(self, id: PersonId) -> bool:
        return any(person.id == id and moderates for person, moderates in self.members)

    def is_led_by(self, named: Named) -> bool:
        """Whether somebody is in it and moderates it."""
        found = self.member(named)
        return found is not None and found[1]

    def has(self, key: PersonKey | None) -> bool:
        return key in self._by_key

    @property
    def my_key(self) -> PersonKey | None:
        return next((person.key for person, _ in self.members if person.id == self.me), None)

    @property
    def human_moderators(self) -> tuple[Person, ...]:
        return tuple(p for p, moderates in self.members if moderates and not p.is_bot)

    def via(self, house: House) -> str:
        """Whose hand may do it: the bot's where it is in it and Webex lets it. A team's people
        are an officer's through its General space (webex-facts 1.3)."""
        if self.space.is_general and house.webex.has_compliance:
            return "compliance"
        inside = any(person.id == self.me for person, _ in self.members)
        if inside and (not self.space.is_locked or self.moderates(self.me)):
            return "bot"
        return "compliance" if house.webex.has_compliance else "bot"

    def advice(self, house: House) -> str:
        """What would help where Webex would not let us, to follow a sentence; or nothing."""
        if self.via(house) == "compliance" or self.moderates(self.me):
            return ""
        return " If you make me a moderator of the space, I may." if self.space.is_locked else ""


def look(house: House, space: Space) -> Scene:
    """Reads the space now. Raises Refusal: it can't be seen."""
    fresh = touch(house, space.id)
    with house.store.read() as tx:
        members = tx.spaces.members(fresh.key)
    return Scene(space=fresh, members=members, me=house.webex.bot(Lane.CHAT).me().id)


def consequences(scene: Scene, leaving: Sequence[Person]) -> tuple[str, ...]:
    """What would follow that nobody may have meant. Raises Refusal: the space would be gone."""
    keys = {person.key for person in leaving}
    staying = [person for person, _ in scene.members if person.key not in keys]
    if leaving and not staying:
        raise Refusal(
            "Then nobody would be in it, and Webex deletes a space that nobody is in.",
            "Leave somebody in it, or let a policy end it.",
        )
    _refuse_to_end_a_team(scene, keys)
    follows: list[str] = []
    if leaving and all(person.is_bot for person in staying):
        follows.append("Then nobody but bots would be in it, and no person could read it.")
    follows += _last_ones(scene, keys)
    if leaving and scene.space.is_general:
        follows.append(
            "It is a team's General space: who leaves it leaves the whole team, with all of its"
            " spaces."
        )
    return tuple(follows)


def appointing(
    house: House, scene: Scene, chosen: Sequence[Named], caller: PersonKey | None
) -> tuple[str, ...]:
    """What would follow of new moderators that nobody may have meant."""
    follows: list[str] = []
    if not any(moderates for _, moderates in scene.members):
        keys = {one.person.key for one in chosen if one.person}
        too = _too(scene.has(caller) and caller not in keys, scene.via(house) == "bot")
        alone = (
            "Nobody moderates it yet. With a first moderator Webex locks it: then only moderators"
            " add and remove people and change it."
        )
        follows.append(" ".join((alone, too)).strip())
    if strangers := [one.name for one in chosen if _is_stranger(house, one)]:
        follows.append(
            f"{_and(strangers)}, of another organisation, could then add and remove people and"
            " change it."
            if len(strangers) == 1
            else f"{_and(strangers)}, of another organisation, could all then add and remove people"
            " and change it."
        )
    return tuple(follows)


def _too(caller: bool, bot: bool) -> str:
    """Whoever appoints a first moderator becomes one."""
    if caller and bot:
        return "You become one, and so do I, as who appoints the first one does."
    if caller:
        return "You become one, as who appoints the first one does."
    return "So do I, as who appoints the first one does." if bot else ""


def dismissing(house: House, scene: Scene, leaving: Sequence[Person]) -> tuple[str, ...]:
    """What would follow where these moderate no more. Raises Refusal: a team would have none."""
    keys = {person.key for person in leaving}
    _refuse_to_end_a_team(scene, keys)
    follows = list(_last_ones(scene, keys))
    if any(p.id == scene.me for p in leaving) and not house.webex.has_compliance:
        follows.append("I moderate it, and could then no longer do anything in it for you.")
    return tuple(follows)


def _refuse_to_end_a_team(scene: Scene, leaving: Collection[PersonKey]) -> None:
    moderators = [person for person, moderates in scene.members if moderates]
    if scene.space.is_general and moderators and all(p.key in leaving for p in moderators):
        raise Refusal(
            "A team always has a moderator, and that would be the last one.",
            "Make somebody else one first.",
        )


def _last_ones(scene: Scene, leaving: Collection[PersonKey]) -> tuple[str, ...]:
    """What follows where the last moderators go."""
    last = scene.human_moderators
    if not last or any(one.key not in leaving for one in last):
        return ()
    is_one = len(last) == 1
    stays = scene.moderates(scene.me) and scene.my_key not in leaving
    after = (
        "Then only I would moderate it."
        if stays
        else "Webex then unlocks it: everybody in it could add and remove people and rename it."
    )
    who = f"is the last moderator. {after}" if is_one else f"are the last moderators. {after}"
    return (f"{_and([one.name for one in last])} {who}",)


def _is_stranger(house: House, named: Named) -> bool:
    """Known to be of another organisation, or invited by an address of one."""
    if named.refusal is not None or named.is_unchecked:
        return False
    return named.person is None or named.person.is_ours is False


def _and(names: Sequence[str]) -> str:
    few = [
        *names[:MOST_NAMED],
        *([f"{len(names) - MOST_NAMED} more"] if names[MOST_NAMED:] else []),
    ]
    return " and ".join(filter(None, [", ".join(few[:-1]), few[-1]]))


def notes_on(before: Scene, after: Scene, caller: PersonKey | None) -> tuple[str, ...]:
    """What Webex did besides, as it was seen before and after."""
    notes: list[str] = []
    if after.space.is_locked and not before.space.is_locked:
        notes.append(
            "Webex locked the space, since it has a moderator now: only moderators add and"
            " remove people and change it."
        )
    if before.space.is_locked and not after.space.is_locked:
        notes.append("Webex unlocked the space, since nobody moderates it any more.")
    mine = {person.id for person, _ in after.members if person.key == caller}
    if any(after.moderates(id) and not before.moderates(id) for id in mine):
        notes.append("You are a moderator of it, too.")
    if after.moderates(after.me) and not before.moderates(after.me):
        notes.append("So am I: Webex makes whoever appoints a moderator one.")
    if after.space.scope is Scope.EXTERNAL and before.space.scope is not Scope.EXTERNAL:
        notes.append("There are people of other organisations in it now.")
    if after.space.is_general and len(after.members) > len(before.members):
        notes.append("It is a team's General space: who is in it is in the team.")
    return tuple(notes)
