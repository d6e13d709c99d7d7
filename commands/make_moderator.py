from __future__ import annotations

from cards.kit import Button, press
from cards.members import members_card
from cards.membership import membership_card
from commands.arguments import Flag, is_elsewhere
from commands.crowd import is_many, show_first
from commands.people import CrowdArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from commands.teams import PlaceArg
from commands.telling import ask_first, came_to, emails_of, ids_of, named, place_of, row_of
from domain.errors import Refusal
from domain.spaces import Space
from spaces.changing import Came, Change
from spaces.crowds import Doing
from spaces.moderating import make_moderators
from spaces.naming import Named

MARKERS = (
    "in", "of", "for", "a moderator of", "a moderator in", "a moderator for", "a moderator",
    "moderator of", "moderator in", "moderator", "moderators of", "moderators in", "moderators",
)  # fmt: skip


@command(
    "make moderator",
    args=[
        CrowdArg(name="people", label="People"), PlaceArg(name="space", marker=MARKERS),
        Flag(name="anyway", marker=("anyway",), is_asked=False),
    ],
    allow=MODERATOR, group="Spaces",
    help="Make members of a space its moderators, or those of a team.",
    example=[
        'make moderator ben@example.com in "Q3 plans"',
        'make ben@example.com, cleo@example.com moderators of "Q3 plans"',
    ],
    aliases=[
        "make moderators", "make", "moderator add", "add moderator", "add moderators", "promote",
    ],
    details=[
        ("the first one", "Webex then locks the space: only moderators add and remove people and"
         " change it. Whoever appoints the first one becomes one, too. I ask before."),
        ("in team Finance", "A moderator of a team's General space moderates the team."),
    ],
)  # fmt: skip
def make(context: Context, people: tuple[Named, ...], space: Space, anyway: bool | None) -> Reply:
    if is_many(people):
        return show_first(context, Doing.MAKE, space, people)
    made = make_moderators(
        context.house, context.actor, space, people, step=context.step, anyway=bool(anyway)
    )
    is_about_others = is_elsewhere(context, space)
    if made.consequences:
        card = ask_first(
            made, space, title="Make moderator" if len(people) == 1 else "Make moderators",
            command="make moderator", people=ids_of(people), space=str(space.id),
            said=f"make moderator {emails_of(people)} in {place_of(space)}",
        )  # fmt: skip
        return Reply(card=card, is_about_others=is_about_others)
    new, back = came_to(made.each, Came.APPOINTED), _undo(space, made)
    if len(made.each) > 1:
        card = members_card(
            f"Made {len(new)} of {len(made.each)} moderators.", space,
            [row_of(one) for one in made.each], notes=made.notes, undo=back,
        )  # fmt: skip
    elif (only := made.each[0]).membership is not None:
        said = f"{only.named.name} moderates it now." if new else only.why
        card = membership_card(
            said, only.membership, zone=context.caller.time_zone, where=space.shown_title,
            notes=made.notes, undo=back,
        )  # fmt: skip
    else:
        raise Refusal(only.why)
    return Reply(card=card, is_about_others=is_about_others)


def _undo(space: Space, made: Change) -> Button | None:
    """Nobody who came to moderate it by this does so any more, ourselves last."""
    if not came_to(made.each, Came.APPOINTED):
        return None
    back = named(made.appointed)
    return press(
        "Undo", "unmake moderator", once=True, people=ids_of(back), space=str(space.id),
        anyway="yes", typed=f"unmake moderator {emails_of(back)} in {place_of(space)} anyway",
    ) if back else None  # fmt: skip
