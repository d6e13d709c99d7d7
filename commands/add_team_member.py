from __future__ import annotations

from cards.kit import Button, press
from cards.members import members_card
from cards.membership import membership_card
from cards.words import quoted
from commands.arguments import Flag
from commands.crowd import is_many, show_first
from commands.people import CrowdArg
from commands.spec import Context, Reply, command
from commands.teams import TEAM_MODERATOR, TeamArg
from commands.telling import added_of, ask_first, came_to, emails_of, ids_of, named, row_of
from domain.errors import Refusal
from spaces.changing import Came, Change
from spaces.crowds import Doing
from spaces.naming import Named
from spaces.teaming import TeamSeen, add_to_team


@command(
    "add team member",
    args=[
        CrowdArg(name="people", label="People"),
        TeamArg(name="team", marker=("to", "to the", "into", "in")),
        Flag(name="moderator", label="As moderators",
             marker=("as moderator", "as a moderator", "as moderators")),
        Flag(name="anyway", marker=("anyway",), is_asked=False),
    ],
    allow=TEAM_MODERATOR, group="Teams",
    help="Add people to a team, also as its moderators; they are in its General space then.",
    example=[
        'add team member ben@example.com to "Field sales"',
        'add team members ben@example.com, cleo@example.com to "Field sales" as moderators',
    ],
    aliases=[
        "add team members", "team add", "add to team", "add member to team", "add members to team",
        "add people to team",
    ],
)  # fmt: skip
def add(
    context: Context, people: tuple[Named, ...], team: TeamSeen, moderator: bool | None,
    anyway: bool | None,
) -> Reply:  # fmt: skip
    if is_many(people):
        return show_first(
            context, Doing.ADD, team.general, people, moderator=bool(moderator), team=team.name
        )
    made = add_to_team(
        context.house, context.actor, team, people, step=context.step,
        moderator=bool(moderator), anyway=bool(anyway),
    )  # fmt: skip
    if made.consequences:
        as_what = " as moderators" if moderator else ""
        card = ask_first(
            made, team.general, title="Add anyway", command="add team member",
            people=ids_of(people), team=str(team.id), moderator="yes" if moderator else "no",
            said=f"add team member {emails_of(people)} to {typed_team(team)}{as_what}",
        )  # fmt: skip
        return Reply(card=card)
    undo = _undo(team, made)
    if len(made.each) == 1 and (only := made.each[0]).membership is not None:
        card = membership_card(
            added_of(made.each, to=" to the team"), only.membership, of="Team",
            zone=context.caller.time_zone, where=team.name, notes=made.notes, undo=undo,
        )  # fmt: skip
    elif len(made.each) == 1:
        raise Refusal(made.each[0].why)
    else:
        card = members_card(
            added_of(made.each, to=" to the team"), team.general,
            [row_of(one) for one in made.each], notes=made.notes, undo=undo,
        )  # fmt: skip
    return Reply(card=card)


def typed_team(team: TeamSeen) -> str:
    """What a person types for it: its name where that reads as it is shown, else its id."""
    is_plain = team.name.isascii() and team.name.isprintable() and '"' not in team.name
    return quoted(team.name) if is_plain and team.name else str(team.id)


def _undo(team: TeamSeen, made: Change) -> Button | None:
    new = [one.named for one in came_to(made.each, Came.ADDED)]
    if not new and came_to(made.each, Came.APPOINTED) and (back := named(made.appointed)):
        return press(
            "Undo", "unmake moderator", once=True, people=ids_of(back), anyway="yes",
            space=str(team.general.id),
            typed=f"unmake moderator {emails_of(back)} in team {typed_team(team)} anyway",
        )  # fmt: skip
    return press(
        "Undo", "remove team member", once=True, team=str(team.id), anyway="yes",
        people=" ".join(one.membership.person_id for one in came_to(made.each, Came.ADDED)
                        if one.membership),
        typed=f"remove team member {emails_of(new)} from {typed_team(team)} anyway",
    ) if new else None  # fmt: skip
