from __future__ import annotations

from cards.done import done_card
from cards.kit import press
from cards.members import members_card
from cards.membership import membership_card
from commands.arguments import Flag, is_elsewhere
from commands.crowd import is_many, show_first
from commands.make_moderator import MARKERS
from commands.people import CrowdArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from commands.teams import PlaceArg
from commands.telling import ask_first, came_to, emails_of, ids_of, place_of, row_of
from domain.errors import Refusal
from domain.spaces import Space
from spaces.changing import Came
from spaces.crowds import Doing
from spaces.moderating import unmake_moderators
from spaces.naming import Named


@command(
    "unmake moderator",
    args=[
        CrowdArg(name="people", label="People"),
        PlaceArg(name="space", marker=(*MARKERS, "from", "as moderator of", "as moderator in")),
        Flag(name="anyway", marker=("anyway",), is_asked=False),
    ],
    allow=MODERATOR, group="Spaces",
    help="Take from people that they moderate a space or a team; they stay in it.",
    example=[
        'unmake moderator ben@example.com in "Q3 plans"', 'unmake me a moderator of "Q3 plans"',
    ],
    aliases=[
        "unmake moderators", "unmake", "moderator remove", "remove moderator",
        "remove moderators", "demote",
    ],
    details=[
        ("the last one", "Webex then unlocks the space: everybody in it adds and removes people"
         " and changes it. A team keeps one. I ask before."),
    ],
)  # fmt: skip
def unmake(context: Context, people: tuple[Named, ...], space: Space, anyway: bool | None) -> Reply:
    if is_many(people):
        return show_first(context, Doing.UNMAKE, space, people)
    done = unmake_moderators(
        context.house, context.actor, space, people, step=context.step, anyway=bool(anyway)
    )
    is_about_others = is_elsewhere(context, space)
    if done.consequences:
        card = ask_first(
            done, space, title="Unmake anyway", command="unmake moderator",
            people=ids_of(people), space=str(space.id),
            said=f"unmake moderator {emails_of(people)} in {place_of(space)}",
        )  # fmt: skip
        return Reply(card=card, is_about_others=is_about_others)
    gone = came_to(done.each, Came.DISMISSED)
    back_again = [one.named for one in gone]
    back = press(
        "Undo", "make moderator", once=True, people=ids_of(back_again), space=str(space.id),
        anyway="yes",
        typed=f"make moderator {emails_of(back_again)} in {place_of(space)} anyway",
    ) if gone else None  # fmt: skip
    only = done.each[0]
    if len(done.each) > 1:
        card = members_card(
            f"Unmade {len(gone)} of {len(done.each)} moderators.", space,
            [row_of(one) for one in done.each], notes=done.notes, undo=back,
        )  # fmt: skip
    elif only.membership is not None:
        said = f"{only.named.name} is no moderator of it any more." if gone else only.why
        card = membership_card(
            said, only.membership, zone=context.caller.time_zone, where=space.shown_title,
            notes=done.notes, undo=back,
        )  # fmt: skip
    elif gone:
        card = done_card(
            f"{only.named.name} is no moderator of it any more.", ("Space", space.shown_title),
            note=" ".join(done.notes),
        )  # fmt: skip
    else:
        raise Refusal(only.why)
    return Reply(card=card, is_about_others=is_about_others)
