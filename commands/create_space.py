from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cards.created import created_card
from commands.arguments import Base, Text, Words
from commands.people import PeopleArg
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from spaces.changing import Came
from spaces.creating import Team, create_space, find_team
from spaces.naming import Named


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamArg(Base):
    """A team by its name or id, that the caller and the bot are in."""

    hint: str = "the team's name"
    takes_rest: bool = True

    def parse(self, words: Sequence[str], context: Context) -> Team:
        said, all_of_them = " ".join(words), context.is_compliance
        return find_team(context.house, context.caller, said, sees_all=all_of_them)


@command(
    "create space",
    args=[
        Text(name="title", longest=128, is_one=True),
        TeamArg(name="team", required=False, marker=("in team", "in the team", "for team")),
        PeopleArg(name="people", required=False, marker=("with",)),
        Words(name="tags", required=False, marker=("tagged", "with tag", "with tags"),
              hint="finance pii"),
    ],
    allow=ANYONE, group="Spaces",
    help="Create a space with you in it, and others if you like.",
    example=[
        'create space "Q3 plans"',
        'create space "Q3 plans" in team Finance with ben@example.com tagged finance pii',
    ],
    aliases=["new space", "create a space"],
)  # fmt: skip
def create(
    context: Context, title: str, team: Team | None, people: tuple[Named, ...] | None,
    tags: tuple[str, ...] | None,
) -> Reply:  # fmt: skip
    made = create_space(
        context.house, context.caller, title, step=context.step, team=team, people=people or (),
        tags=tags or (), by_compliance=context.is_compliance,
    )  # fmt: skip
    return Reply(
        card=created_card(
            made.space, creator=str(made.creator), of=context.caller.name,
            team=team.name if team else "", zone=context.caller.time_zone,
            people=[
                (one.named.name, "Added." if one.came is Came.ADDED else one.why)
                for one in made.people.each
            ],
            notes=made.people.notes,
        )
    )  # fmt: skip
