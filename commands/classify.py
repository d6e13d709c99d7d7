from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cards.done import done_card
from cards.form import form_card
from cards.kit import press
from cards.preview import preview_card
from cards.words import named, typed_name
from commands.answering import may_answer
from commands.arguments import SpaceArg, is_elsewhere
from commands.confirming import ask, confirmed
from commands.following import follow
from commands.levels import LevelArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from domain.errors import Refusal
from domain.fields import Field, FieldKind
from domain.ids import RoomId
from domain.spaces import Space
from retention.supposing import suppose_level
from spaces.classifying import Level, Raise, classify_space, find_level, levels_of, look_before
from spaces.sync.live import touch

KIND = "classify"
NOTHING = "none"
ONLY_RISES = (
    "Webex lets a classification only be raised: this can't be taken back by its moderators."
)
MAY_REFUSE = (
    "It would be less confidential than it is. Webex's own apps refuse that; whether Webex lets"
    " compliance do it is not documented. I ask it to, and tell what it says."
)


@command(
    "classify",
    args=[
        SpaceArg(name="space"),
        LevelArg(name="level", label="Classification", marker=("as", "to"), required=False,
                 is_asked=False),
    ],
    allow=MODERATOR, group="Spaces",
    help="Classify a space, by the levels that your organisation has; you first see what follows.",
    example=['classify "Q3 plans" as Internal', 'classify "Q3 plans"'],
    aliases=["classification", "set classification of", "reclassify"],
    details=[
        ("without a level", "I show the levels to choose from"),
        ("only upwards", "Webex lets a level be raised; lowering it is asked of compliance"),
    ],
)  # fmt: skip
def classify(context: Context, space: Space, level: Level | None) -> Reply:
    if level is None:
        return _choose(context, space)
    looked = look_before(context.house, space, level, by_compliance=context.is_compliance)
    if looked.is_same:
        return Reply(
            card=done_card("It is classified so already.", *_pairs(looked)),
            is_about_others=is_elsewhere(context, space),
        )
    ahead = suppose_level(context.house, space, level)
    made = ask(
        context, KIND, {"space": str(space.id), "level": str(level.id), "was": looked.was or ""},
        retypes=False,
    )  # fmt: skip
    notes = ["For the policies nothing changes by it."] if ahead.is_same else []
    if ahead.ends_sooner:
        notes.append("Before anything happens to it, its owners are warned, as always.")
    return Reply(
        card=preview_card(
            f"Classify {named(space)} as {level.title}?", *_pairs(looked),
            *((("Policies now", ahead.now.sentence), ("Policies then", ahead.then.sentence))
              if not ahead.is_same else ()),
            warnings=[MAY_REFUSE if looked.sinks else ONLY_RISES], notes=notes,
            code=made.code, which=made.which, retypes=made.retypes, do="Classify",
        ),
        is_about_others=is_elsewhere(context, space),
    )  # fmt: skip


@confirmed(KIND)
def carry_out(context: Context, payload: Mapping[str, Any]) -> Reply:
    """Exactly what was shown: of a space that has another level by now nothing is changed."""
    space = touch(context.house, RoomId(payload["space"]))
    may_answer(context, space)
    level = find_level(context.house, payload["level"])
    looked = look_before(context.house, space, level, by_compliance=context.is_compliance)
    if not looked.is_same and (looked.was or "") != payload["was"]:
        raise Refusal(
            f"It was classified as {looked.was_named or NOTHING} meanwhile, so I did nothing.",
            "Look at it again: `classify`.",
        )
    now = classify_space(context.house, context.actor, looked, step=context.step)
    follows, afterwards = follow(context, now)
    return Reply(
        card=done_card(
            f"It is classified as {level.title}.", *_pairs(looked), note=follows,
            undo=_back(now, looked) if context.is_compliance and not looked.sinks else None,
        ),
        afterwards=afterwards,
        is_about_others=is_elsewhere(context, now),
    )  # fmt: skip


def _back(space: Space, looked: Raise) -> Any:
    """Only an officer may ask for it, and Webex may refuse; nobody is known to be able to take a
    first classification off."""
    if not looked.was_named or looked.is_same:
        return None
    return press(
        f"Set back to {looked.was_named} …", "classify", space=str(space.id),
        level=looked.was_named, typed=f"classify {typed_name(space)} as {looked.was_named}",
    )  # fmt: skip


def _pairs(looked: Raise) -> tuple[tuple[str, str], ...]:
    was = looked.was_named or NOTHING
    so = () if looked.is_same else (("Until now", was),)
    return (("Space", looked.space.shown_title), *so, ("Classification", looked.to.title))


def _choose(context: Context, space: Space) -> Reply:
    """A form with the levels that there are."""
    levels = levels_of(context.house)
    field = Field(
        name="level", label="Classification", kind=FieldKind.CHOICE, required=True,
        choices=tuple((one.title, one.title) for one in levels),
        error="Please choose: Classification.",
    )  # fmt: skip
    return Reply(
        card=form_card(
            "Classify", "classify", [field], given={"space": str(space.id)},
            shown=[("Space", space.shown_title), ("Until now", space.classification or NOTHING)],
            doc="The least confidential stands first; you see what follows before it is done.",
            typed=f"classify {typed_name(space)} as {levels[-1].title}",
        ),
        is_about_others=is_elsewhere(context, space),
    )  # fmt: skip
