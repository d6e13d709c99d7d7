"""Creating a space for somebody, who then counts as its creator for us.

What can be refused is refused before Webex is asked for anything: once the space is there,
what does not come about with its people is told, and the space stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import PersonId, RoomId, StepKey, TeamId, WrongId
from domain.intents import Intent, Plan
from domain.people import Actor, Person
from domain.spaces import Space
from spaces.changing import Change
from spaces.classifying import Level, refused
from spaces.effects import perform, refusal_of
from spaces.members import add_people
from spaces.naming import Named
from spaces.spec import House
from spaces.sync.live import touch
from spaces.sync.pages import follow
from spaces.tagging import check_new_tags, tag_space
from webex.errors import Denied, Missing
from webex.gateway import Lane

NOBODY = Change()


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team in which a space can be created."""

    id: TeamId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """A new space, with who was added to it besides whom it was made for.

    `creator` is the one that Webex calls so: the bot.
    """

    space: Space
    creator: PersonId
    people: Change = NOBODY
    note: str = ""
    """What did not come about besides, as a sentence."""


def create_space(
    house: House, caller: Person, title: str, *, step: str, team: Team | None = None,
    people: Sequence[Named] = (), tags: Sequence[str] = (), by_compliance: bool = False,
    level: Level | None = None,
) -> Created:  # fmt: skip
    """Creates a space with `caller` in it. `step` names the request for ever.

    Raises:
        Refusal: Webex would not, or it can't be seen yet whether it did; or the title or a
            tag can't be one, or a required tag is lacking, and nothing was created.
    """
    title = " ".join(title.split())
    if not title:
        raise Refusal("A space needs a title.", 'Say it like this: `create space "Q3 plans"`')
    names = check_new_tags(house, tags, by_compliance=by_compliance)
    actor = Actor(name=caller.email, person=caller.key)
    payload: dict[str, object] = {"title": title, "team": str(team.id) if team else None}
    made = perform(
        house,
        Plan(
            kind="create room", step=StepKey(f"{step}/create"), word=Word.SPACE_CREATE,
            actor=actor, payload=payload,
        ),
    )  # fmt: skip
    if no := refusal_of(made, what="create that space"):
        raise no
    room = RoomId(str(made.evidence["room"]))
    if no := refusal_of(_join(house, actor, caller, room, step), what="add you to the space"):
        raise no
    space = touch(house, room)
    with house.store.begin() as tx:
        tx.spaces.set_requested_by(space.key, caller.key)
        tx.commit()
    others = [one for one in people if one.person is None or one.person.key != caller.key]
    added = add_people(house, actor, space, others, step=step) if others else NOBODY
    if names:
        tag_space(house, actor, space, names, by_compliance=by_compliance)
    note = _classify(house, actor, space, level, step) if level else ""
    with house.store.read() as tx:
        space = tx.spaces.by_key(space.key)
    return Created(space=space, people=added, creator=house.webex.bot(Lane.CHAT).me().id, note=note)


def _classify(house: House, actor: Actor, space: Space, level: Level, step: str) -> str:
    """Once the first person is in it, a bot may (OAS-M); why it did not come about, or nothing.
    The space is there by then, so that is no reason to fail."""
    if no := refused(house, actor, space, level, step=step, via="bot"):
        return str(no)
    touch(house, space.id)
    return ""


def find_team(house: House, caller: Person, said: str, *, sees_all: bool) -> Team:
    """The team of that name (or id) in which a space can be created: the bot is in it, and so
    is `caller`, unless they see all.

    Raises:
        Refusal: there is none, or several.
    """
    bot = house.webex.bot(Lane.CHAT)
    teams = follow(lambda address: bot.teams(address=address)).items
    wanted = " ".join(said.split()).casefold()
    hits = [
        Team(id=team.id, name=team.name)
        for team in teams
        if (team.id == _team_id(said) or " ".join(team.name.split()).casefold() == wanted)
        and (sees_all or _is_in(house, team.id, caller))
    ]
    if len(hits) == 1:
        return hits[0]
    if not hits:
        raise Refusal(
            f"I know no team “{said[:80]}” that you and I are in.",
            "Add me to the team in Webex, then ask again.",
        )
    ids = "; ".join(str(team.id) for team in hits[:5])
    raise Refusal(f"{len(hits)} teams have that name.", f"Say which one by its id: {ids}")


def _join(house: House, actor: Actor, caller: Person, room: RoomId, step: str) -> Intent:
    return perform(
        house,
        Plan(
            kind="add member", step=StepKey(f"{step}/join"), word=Word.MEMBER_ADD, actor=actor,
            person=caller.key, payload={"room": str(room), "person": str(caller.id)},
        ),
    )  # fmt: skip


def _is_in(house: House, team: TeamId, person: Person) -> bool:
    bot = house.webex.bot(Lane.CHAT)
    try:
        members = follow(lambda address: bot.team_memberships(team, address=address))
    except (Missing, Denied):
        return False
    return any(member.person_id == person.id for member in members.items)


def _team_id(said: str) -> TeamId | None:
    try:
        return TeamId(said.strip())
    except WrongId:
        return None
