"""Teams and who is in them, through the General space: its members are the team's.

A compliance officer manages a team's people there (webex-facts 1.3); a moderator of the team
does so by the team itself, which the effects see to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.errors import Refusal
from domain.ids import PersonKey, RoomId, TeamId, WrongId
from domain.people import Actor
from domain.spaces import Space
from domain.views import Membership
from spaces.changing import Change
from spaces.members import add_people, remove_people
from spaces.naming import Named
from spaces.spec import House
from spaces.sync.live import touch
from spaces.sync.pages import follow
from webex.errors import Denied, Missing
from webex.gateway import Lane
from webex.values import TeamMembership


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSeen:
    """A team, by its General space."""

    id: TeamId
    name: str
    general: Space


def team_by(house: House, said: str, *, visible_to: PersonKey | None) -> TeamSeen:
    """The team of that name or id among those that somebody is in (None: all).

    Raises:
        Refusal: there is none that they may see, or there are several.
    """
    said = " ".join(said.split())
    id = _id(said)
    hits = _known(house, id or said, visible_to)
    if not hits and id is not None:
        hits = _just_made(house, id, visible_to)
    if not hits and id is None:
        hits = tuple(
            one for found in _ours(house, said) for one in _just_made(house, found, visible_to)
        )
    if len(hits) == 1:
        return hits[0]
    if not hits:
        with house.store.read() as tx:
            names = tx.spaces.team_names(visible_to=visible_to)
        near = [f"“{name}”" for name in _near(said, names)]
        raise Refusal(
            f"I know no team “{said[:80]}” that you can see.",
            f"Did you mean {', '.join(near)}?" if near else "Is it spelt as in Webex?",
        )
    raise Refusal(
        f"{len(hits)} teams have that name.", "Say the id in place of the name:",
        choices=tuple(f"{number}. {one.id}" for number, one in enumerate(hits[:5], 1)),
    )  # fmt: skip


def team_of(space: Space) -> TeamSeen:
    """The team of a General space."""
    if space.team_id is None:
        raise LookupError("that is no space of a team")
    return TeamSeen(id=TeamId(space.team_id), name=space.team or space.shown_title, general=space)


def add_to_team(
    house: House, actor: Actor, team: TeamSeen, people: Sequence[Named], *, step: str,
    moderator: bool = False, anyway: bool = False,
) -> Change:  # fmt: skip
    """Adds people to a team, and gives their memberships of the team. As `add_people`."""
    made = add_people(
        house, actor, team.general, people, step=step, moderator=moderator, anyway=anyway
    )
    return with_team_memberships(house, team, made)


def remove_from_team(
    house: House, actor: Actor, team: TeamSeen, people: Sequence[Named], *, step: str,
    anyway: bool = False,
) -> Change:  # fmt: skip
    """Takes people out of a team and all of its spaces. As `remove_people`."""
    return remove_people(house, actor, team.general, people, step=step, anyway=anyway)


def with_team_memberships(house: House, team: TeamSeen, made: Change) -> Change:
    """The same with each one's membership of the team, as Webex has it now, in the place of
    the one of its General space."""
    if not any(one.membership for one in made.each):
        return made
    seen = {str(one.person_id): one for one in _memberships(house, team.id)}
    return replace(
        made,
        each=tuple(
            replace(one, membership=_shown(found))
            if one.membership and (found := seen.get(one.membership.person_id))
            else one
            for one in made.each
        ),
    )  # fmt: skip


def _memberships(house: House, team: TeamId) -> tuple[TeamMembership, ...]:
    """Of everybody in the team; empty where nobody of ours can read it."""
    bot = house.webex.bot(Lane.CHAT)
    eyes = house.webex.compliance(Lane.CHAT) if house.webex.has_compliance else bot
    try:
        return follow(lambda address: eyes.team_memberships(team, address=address)).items
    except (Missing, Denied):
        return ()


def _known(house: House, named: TeamId | str, sees: PersonKey | None) -> tuple[TeamSeen, ...]:
    with house.store.read() as tx:
        found = tx.spaces.general_of(named, visible_to=sees)
    return tuple(team_of(one) for one in found if one.team_id)


def _just_made(house: House, id: TeamId, sees: PersonKey | None) -> tuple[TeamSeen, ...]:
    """A team that is newer than the last look at the company."""
    try:
        general = touch(house, RoomId(id.general_space))
    except Refusal:
        return ()
    with house.store.read() as tx:
        if sees is not None and not tx.spaces.is_member(general.key, sees):
            return ()
    return (team_of(general),) if general.team_id else ()


def _ours(house: House, name: str) -> tuple[TeamId, ...]:
    """Teams of that name that we are in ourselves; the inventory may not know them yet."""
    bot = house.webex.bot(Lane.CHAT)
    teams = follow(lambda address: bot.teams(address=address)).items
    wanted = name.casefold()
    return tuple(one.id for one in teams if " ".join(one.name.split()).casefold() == wanted)


def _near(said: str, names: Sequence[str]) -> tuple[str, ...]:
    from rapidfuzz import process  # here: it costs its import only where it is needed

    return tuple(
        str(hit[0]) for hit in process.extract(said, list(names), limit=3, score_cutoff=60)
    )


def _shown(of: TeamMembership) -> Membership:
    return Membership(
        id=str(of.id), container_id=str(of.team_id), person_id=str(of.person_id), email=of.email,
        name=of.display_name, org_id=str(of.org_id or ""), is_moderator=of.is_moderator,
        created=of.created,
    )  # fmt: skip


def _id(said: str) -> TeamId | None:
    try:
        return TeamId(said)
    except WrongId:
        return None
