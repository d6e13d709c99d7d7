from __future__ import annotations

from cards.done import done_card
from cards.kit import press
from cards.speech import Speech
from cards.words import typed_name
from commands.arguments import SpaceArg, is_elsewhere
from commands.following import follow
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from commands.tag import TAGS, named_tags
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
    say = Speech(context.house.reader(context.caller))
    gone = " ".join(done.changed)
    follows, afterwards = follow(context, space)
    unchanged = say("tagged.not_there", tags=say.listed(done.unchanged)) if done.unchanged else ""
    return Reply(
        card=done_card(
            say("tagged.undone") if done.changed else say("tagged.had_not"),
            (say("ending.space"), space.shown_title),
            (say("tagged.off"), named_tags(say, done.changed)),
            (say("tagged.now"), named_tags(say, done.now)),
            note=" ".join(one for one in (unchanged, follows) if one),
            undo=press(
                say("undo"), "tag", once=True, typed=f"tag {typed_name(space)} {gone} as new",
                space=str(space.id), tags=gone, given={"new": "yes"},
            )
            if done.changed
            else None,
            spoken=say.spoken,
        ),
        afterwards=afterwards, is_about_others=is_elsewhere(context, space),
    )  # fmt: skip
