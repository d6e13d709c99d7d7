"""What follows from a change of a space's people, told before where it may not have been meant,
and afterwards where it is only good to know.

Webex does more than it is asked for (webex-facts 1.2): the first moderator locks the space and
makes whoever appointed them one, the last one's going unlocks it, the last member's going ends
it, and who leaves a team's General space leaves the team.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.errors import Refusal
from domain.ids import PersonId, PersonKey
from domain.people import Person
from domain.spaces import Scope, Space
from spaces.naming import Named
from spaces.spec import House
from spaces.sync.live import touch
from webex.gateway import Lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A space as it was just read, with (person, whether they moderate it) of its members."""

    space: Space
    members: tuple[tuple[Person, bool], ...]
    me: PersonId
    """The bot itself."""

    def member(self, named: Named) -> tuple[Person, bool] | None:
        key = named.person.key if named.person else None
        return next(
            (
                (person, moderates)
                for person, moderates in self.members
                if person.key == key or (key is None and person.email == named.email)
            ),
            None,
        )

    def moderates(self, id: PersonId) -> bool:
        return any(person.id == id and moderates for person, moderates in self.members)

    @property
    def human_moderators(self) -> tuple[Person, ...]:
        return tuple(p for p, moderates in self.members if moderates and not p.is_bot)

    def via(self, house: House) -> str:
        """Whose hand may do it: the bot's where it is in it and Webex lets it."""
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
    follows: list[str] = []
    if leaving and all(person.is_bot for person in staying):
        follows.append("Then nobody but bots would be in it, and no person could read it.")
    if scene.human_moderators and all(one.key in keys for one in scene.human_moderators):
        names = " and ".join(one.name for one in scene.human_moderators)
        last = "the last moderator" if len(scene.human_moderators) == 1 else "the last moderators"
        verb = "is" if len(scene.human_moderators) == 1 else "are"
        after = (
            "Then only I would moderate it."
            if scene.moderates(scene.me)
            else "Webex then unlocks it: everybody in it could add and remove people and rename it."
        )
        follows.append(f"{names} {verb} {last}. {after}")
    if leaving and scene.space.is_general:
        follows.append("It is a team's General space: who leaves it leaves the whole team.")
    return tuple(follows)


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
