from __future__ import annotations

from cards.done import done_card
from cards.kit import press
from cards.words import listed, typed_name
from commands.arguments import SpaceArg, Words, is_elsewhere
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.spaces import Space
from spaces.tagging import tag_space

TAGS = Words(name="tags", label="Tags", hint="finance pii")


@command(
    "tag", args=[SpaceArg(name="space", takes_rest=False), TAGS], allow=MODERATOR,
    group="Spaces", help="Tag a space, so that searches and policies find it by the tag.",
    example=['tag "Q3 plans" finance', "tag here finance pii"], aliases=["space tag"],
)  # fmt: skip
def tag(context: Context, space: Space, tags: tuple[str, ...]) -> Reply:
    done = tag_space(context.house, context.actor, space, tags)
    new = " ".join(done.changed)
    return Reply(
        card=done_card(
            "Tagged." if done.changed else "It had that already.",
            ("Space", space.shown_title), ("New", listed(done.changed, most=50)),
            ("Tags now", listed(done.now, most=50)),
            undo=press(
                "Undo", "untag", once=True, typed=f"untag {typed_name(space)} {new}",
                space=str(space.id), tags=new,
            )
            if done.changed
            else None,
        ),
        is_about_others=is_elsewhere(context, space),
    )  # fmt: skip
