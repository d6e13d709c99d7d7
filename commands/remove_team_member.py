from __future__ import annotations

from cards.done import done_card
from cards.kit import press
from cards.members import members_card
from commands.add_team_member import typed_team
from commands.arguments import Flag
from commands.crowd import is_many, show_first
from commands.people import CrowdArg
from commands.spec import Context, Reply, command
from commands.teams import TEAM_LEAVER, TeamArg
from commands.telling import ask_first, came_to, emails_of, ids_of, row_of
from domain.errors import Refusal
from spaces.changing import Came
from spaces.crowds import Doing
from spaces.naming import Named
from spaces.teaming import TeamSeen, remove_from_team

UNDONE = "Undo brings them back into the team and its General space, not into its other spaces."


@command(
    "remove team member",
    args=[
        CrowdArg(name="people", label="People"),
        TeamArg(name="team", marker=("from", "from the")),
        Flag(name="anyway", marker=("anyway",), is_asked=False),
    ],
    allow=TEAM_LEAVER, group="Teams",
    help="Take people out of a team and all of its spaces, or yourself.",
    example=[
        'remove team member ben@example.com from "Field sales"',
        'remove team member me from "Field sales"',
    ],
    aliases=[
        "remove team members", "team remove", "remove from team", "remove member from team",
        "remove members from team",
    ],
)  # fmt: skip
def remove(
    context: Context, people: tuple[Named, ...], team: TeamSeen, anyway: bool | None
) -> Reply:
    if is_many(people):
        return show_first(context, Doing.REMOVE, team.general, people, team=team.name)
    done = remove_from_team(
        context.house, context.actor, team, people, step=context.step, anyway=bool(anyway)
    )
    if done.consequences:
        card = ask_first(
            done, team.general, title="Remove anyway", command="remove team member",
            people=ids_of(people), team=str(team.id),
            said=f"remove team member {emails_of(people)} from {typed_team(team)}",
        )  # fmt: skip
        return Reply(card=card)
    gone = came_to(done.each, Came.REMOVED)
    moderated = [one for one in gone if one.was_moderator]
    as_what = " as moderators" if gone and len(moderated) == len(gone) else ""
    back = press(
        "Undo", "add team member", once=True, people=ids_of(one.named for one in gone),
        team=str(team.id), moderator="yes" if as_what else "no", anyway="yes",
        typed=f"add team member {emails_of(one.named for one in gone)} to {typed_team(team)}"
              f"{as_what} anyway",
    ) if gone else None  # fmt: skip
    notes = [*done.notes, *([UNDONE] if gone else [])]
    if len(done.each) > 1:
        card = members_card(
            f"Removed {len(gone)} of {len(done.each)} from the team.", team.general,
            [row_of(one) for one in done.each], notes=notes, undo=back,
        )  # fmt: skip
    elif gone:
        card = done_card(
            "Removed from the team.", ("Person", gone[0].named.name), ("Team", team.name),
            note=" ".join(notes), undo=back,
        )  # fmt: skip
    else:
        raise Refusal(done.each[0].why)
    return Reply(card=card)
