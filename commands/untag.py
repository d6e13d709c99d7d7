from __future__ import annotations

from cards.done import done_card
from cards.kit import press
from cards.words import listed, typed_name
from commands.arguments import SpaceArg, is_elsewhere
from commands.following import follow
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from commands.tag import TAGS
from domain.spaces import Space
from spaces.tagging import untag_space


@command(
    "untag", args=[SpaceArg(name="space", takes_rest=False), TAGS], allow=MODERATOR,
    group="Tags", help="Take tags off a space.",
    example=['untag "Q3 plans" finance', "untag here pii"], aliases=["space untag"],
)  # fmt: skip
def untag(context: Context, space: Space, tags: tuple[str, ...]) -> Reply:
    done = untag_space(
        context.house, context.actor, space, tags, by_compliance=context.is_compliance
    )
    gone = " ".join(done.changed)
    follows, afterwards = follow(context, space)
    unchanged = f"It had not: {listed(done.unchanged)}." if done.unchanged else ""
    return Reply(
        card=done_card(
            "Untagged." if done.changed else "It has no such tag.",
            ("Space", space.shown_title), ("Taken off", listed(done.changed, most=50)),
            ("Tags now", listed(done.now, most=50)),
            note=" ".join(one for one in (unchanged, follows) if one),
            undo=press(
                "Undo", "tag", once=True, typed=f"tag {typed_name(space)} {gone} as new",
                space=str(space.id), tags=gone, given={"new": "yes"},
            )
            if done.changed
            else None,
        ),
        afterwards=afterwards, is_about_others=is_elsewhere(context, space),
    )  # fmt: skip
