from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cards.created import created_card
from cards.form import form_card
from commands.arguments import Base, Text, UntilArg, Words
from commands.levels import LevelArg
from commands.moments import Until
from commands.people import PeopleArg
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from domain.errors import Refusal
from domain.spaces import Space
from retention.keeping import check_new_keep, keep_space
from spaces.changing import Came
from spaces.classifying import Level
from spaces.creating import Team, create_space, find_team
from spaces.dating import set_end
from spaces.naming import Named
from spaces.tagging import lacking


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamArg(Base):
    """A team by its name or id, that the caller and the bot are in."""

    hint: str = "the team's name"
    takes_rest: bool = True

    def parse(self, words: Sequence[str], context: Context) -> Team:
        said, all_of_them = " ".join(words), context.is_compliance
        return find_team(context.house, context.caller, said, sees_all=all_of_them)


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleArg(Text):
    """A title, said as people say it: “a space called Lunch”."""

    def parse(self, words: Sequence[str], context: Context) -> str:
        is_said = len(words) > 1 and words[0].casefold() in {"called", "named", "titled"}
        return Text.parse(self, words[1:] if is_said else words, context)


TAGS = Words(
    name="tags", required=False, marker=("tagged", "with tag", "with tags"), hint="finance pii"
)


@command(
    "create space",
    args=[
        TitleArg(name="title", longest=128, is_one=True),
        TeamArg(name="team", required=False, marker=("in team", "in the team", "for team")),
        PeopleArg(name="people", required=False, marker=("with",)),
        TAGS,
        LevelArg(name="level", label="Classification", required=False, marker=("classified",)),
        UntilArg(name="until", label="Keep until", required=False, takes_rest=True,
                 marker=("keep until", "kept until")),
        UntilArg(name="end", label="End date", required=False,
                 marker=("with end date", "end date", "ending", "ends"),
                 hint="its owners are then asked; nothing is deleted by it alone"),
    ],
    allow=ANYONE, group="Spaces",
    help="Create a space with you in it, and others if you like.",
    example=[
        'create space "Q3 plans"',
        'create space "Q3 plans" in team Finance with ben@example.com tagged finance pii',
        'create space "Q3 plans" classified Internal keep until 2027-06-30 ends 2027-05-31',
    ],
    aliases=[
        "new space", "create a space", "create room", "create a room", "new room", "make a space",
        "make a room",
    ],
)  # fmt: skip
def create(
    context: Context, title: str, team: Team | None, people: tuple[Named, ...] | None,
    tags: tuple[str, ...] | None, level: Level | None, until: Until | None,
    end: Until | None,
) -> Reply:  # fmt: skip
    by_compliance = context.is_compliance
    if until is not None:
        check_new_keep(context.house, context.actor, until.at, by_compliance=by_compliance)
    if missing := lacking(context.house, tags or ()):
        needed = [one.said if len(one.names) > 1 else f"the tag {one.said}" for one in missing]
        return _ask_tags(needed, title, team, people, tags, level, until, end)
    made = create_space(
        context.house, context.caller, title, step=context.step, team=team, people=people or (),
        tags=tags or (), by_compliance=by_compliance, level=level,
    )  # fmt: skip
    if end is not None:
        set_end(context.house, context.actor, made.space, end.at)
    not_kept = _keep(context, made.space, until) if until else ""
    notes = [*made.people.notes, made.note, not_kept]
    return Reply(
        card=created_card(
            made.space, creator=str(made.creator), of=context.caller.name,
            team=team.name if team else "", zone=context.caller.time_zone,
            people=[
                (one.named.name, "Added." if one.came is Came.ADDED else one.why)
                for one in made.people.each
            ],
            notes=[note for note in notes if note],
            kept_until=until.at if until and not not_kept else None,
            end_date=end.at if end else None,
            level=level.title if level and not made.note else "",
        )
    )  # fmt: skip


def _keep(context: Context, space: Space, until: Until) -> str:
    """Why the space is not kept although it was asked for; or nothing."""
    try:
        keep_space(
            context.house, context.actor, space, until=until.at,
            by_compliance=context.is_compliance,
        )  # fmt: skip
    except Refusal as no:
        return f"It is not kept by hand: {no}"
    return ""


def _ask_tags(
    needed: Sequence[str], title: str, team: Team | None, people: tuple[Named, ...] | None,
    tags: tuple[str, ...] | None, level: Level | None, until: Until | None,
    end: Until | None,
) -> Reply:  # fmt: skip
    """A form with all that was said, for the tags that every space has to have."""
    wanted = ", and ".join(needed)
    given = {
        "title": title, "team": str(team.id) if team else "",
        "people": ", ".join(str(one.person.id) if one.person else one.said for one in people or ()),
        "level": level.title if level else "", "until": until.said if until else "",
        "end": end.said if end else "",
    }  # fmt: skip
    shown = {
        "Title": title, "Team": team.name if team else "",
        "People": ", ".join(one.name for one in people or ()), "Classification": given["level"],
        "Keep until": given["until"], "End date": given["end"],
    }  # fmt: skip
    asked = replace(TAGS.field, value=", ".join(tags or ()), hint=wanted, required=True)
    return Reply(
        card=form_card(
            "Create space", "create space", [asked], doc=f"Every space has to have {wanted}.",
            given={name: text for name, text in given.items() if text},
            shown=[(label, text) for label, text in shown.items() if text],
        )
    )  # fmt: skip
