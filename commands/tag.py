from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards.done import done_card
from cards.kit import press
from cards.speech import Speech
from cards.tag_meant import tag_meant_card
from cards.words import typed_name
from commands.arguments import Flag, SpaceArg, Words, is_elsewhere, visible_to
from commands.following import follow
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.spaces import Space
from spaces.tagging import meant, tag_names, tag_space

TAGS = Words(name="tags", label="Tags", hint="finance pii")


@command(
    "tag",
    args=[
        SpaceArg(name="space", takes_rest=False), TAGS,
        Flag(name="new", label="Don't ask what I meant", marker=("as new", "as written"),
             is_asked=False),
    ],
    allow=MODERATOR, group="Tags",
    help="Tag a space, so that searches and policies find it by the tag.",
    example=[
        'tag "Q3 plans" finance', "tag here finance pii", 'tag "Q3 plans" finanzen as new'
    ],
    aliases=["space tag"],
)  # fmt: skip
def tag(context: Context, space: Space, tags: tuple[str, ...], new: bool | None) -> Reply:
    if not new and (near := _meant(context, tags)):
        return Reply(
            card=tag_meant_card(space, tag_names(tags), near),
            is_about_others=is_elsewhere(context, space),
        )
    done = tag_space(context.house, context.actor, space, tags, by_compliance=context.is_compliance)
    say = Speech(context.house.reader(context.caller))
    changed = " ".join(done.changed)
    follows, afterwards = follow(context, space)
    return Reply(
        card=done_card(
            say("tagged.done") if done.changed else say("tagged.had"),
            (say("ending.space"), space.shown_title),
            (say("tagged.new"), named_tags(say, done.changed)),
            (say("tagged.now"), named_tags(say, done.now)),
            undo=press(
                say("undo"), "untag", once=True, typed=f"untag {typed_name(space)} {changed}",
                space=str(space.id), tags=changed,
            )
            if done.changed
            else None,
            note=follows, spoken=say.spoken,
        ),
        afterwards=afterwards,
        is_about_others=is_elsewhere(context, space),
    )  # fmt: skip


def named_tags(say: Speech, tags: Sequence[str]) -> str:
    return say.listed(tags, most=50) if tags else say("tagged.none")


def _meant(context: Context, tags: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    return meant(context.house, tag_names(tags), visible_to=visible_to(context))
