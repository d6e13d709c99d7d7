"""The arguments that are a team, or a space that may be said by its team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commands.arguments import Base, SpaceArg, visible_to
from commands.permissions import MODERATOR
from commands.spec import Context, Permission
from domain.errors import Refusal
from domain.people import Role
from domain.spaces import Space
from domain.verdicts import Verdict, yes
from spaces.teaming import TeamSeen, team_by

TEAM = ("the", "team")


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamArg(Base):
    """A team that the caller is in, by its name or id; compliance names any."""

    hint: str = "the team's name"
    takes_rest: bool = True

    def parse(self, words: Sequence[str], context: Context) -> TeamSeen:
        said = " ".join(_without_the_word(words)).strip()
        if not said:
            raise Refusal("Which team?", "Name it as Webex does.")
        return team_by(context.house, said, visible_to=visible_to(context))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceArg(SpaceArg):
    """A space; or a team, said as “team Finance”, which stands for its General space."""

    hint: str = "title, “here”, or team and its name"

    def parse(self, words: Sequence[str], context: Context) -> Space:
        if (named := _without_the_word(words)) and len(named) < len(words):
            return team_by(context.house, " ".join(named), visible_to=visible_to(context)).general
        return SpaceArg.parse(self, words, context)


def _without_the_word(words: Sequence[str]) -> Sequence[str]:
    """“the team Finance” is Finance; what stands in quotes is a name as it is."""
    parts = list(words) if len(words) > 1 else " ".join(words).split()
    if len(words) == 1 and getattr(words[0], "raw", words[0]) != words[0]:
        return words
    for said in (TEAM, TEAM[1:]):
        heard = tuple(part.casefold() for part in parts[: len(said)])
        if heard == said and parts[len(said) :]:
            return parts[len(said) :]
    return words


def _manages(context: Context, values: Mapping[str, Any]) -> Verdict:
    return MODERATOR.check(context, {"space": values["team"].general})


def _may_leave(context: Context, values: Mapping[str, Any]) -> Verdict:
    if all(one.person and one.person.key == context.caller.key for one in values["people"]):
        return yes("anybody may leave")
    return _manages(context, values)


TEAM_MODERATOR = Permission(role=Role.MODERATOR, check=_manages, instead=MODERATOR.instead)
"""A moderator of the argument ``team``; compliance."""
TEAM_LEAVER = Permission(role=Role.MODERATOR, check=_may_leave, instead=MODERATOR.instead)
"""The same, and anybody for themselves."""
