from __future__ import annotations

import re
from collections.abc import Sequence

from cards.how_many import how_many_card, how_many_people_card
from cards.words import named, typed_name
from commands.arguments import Text, visible_to
from commands.permissions import ANYONE
from commands.queries import Asked
from commands.search import form, found
from commands.seeing import SeenSpaceArg
from commands.spec import Context, Reply, command
from commands.supposing import supposed
from domain.errors import Refusal
from query.faults import QueryFault
from spaces.counting import count_spaces, counted_by

_WHAT = re.compile(r"(?P<what>spaces?|rooms?|people|persons?|members|users)\b", re.IGNORECASE)
_FILLED = re.compile(
    r"^(?:(?:are|is|there|do|does|we|i|you|have|has|exist|that|which|with|in the company)\b\s*)+",
    re.IGNORECASE,
)
_TAGGED = re.compile(r"(?:tagged|tags?)\s+(?:as\s+)?(.+)", re.IGNORECASE)
_IN = re.compile(r"(?:(?:are|is)\s+)?(?:there\s+)?(?:in|of)\s+(.+)", re.IGNORECASE)
_SPACES = frozenset({"space", "spaces", "room", "rooms"})
PLACE = SeenSpaceArg(name="space")


@command(
    "how many", args=[Text(name="what", label="What", hint="spaces tagged finance")],
    allow=ANYONE, group="Finding", only_reads=True,
    help="Count spaces, or the people of a space.",
    example=[
        "how many spaces", "how many spaces tagged finance",
        "how many spaces scope:external inactive:>90d", 'how many people in "Q3 plans"',
    ],
    details=[
        ("what is counted", "what you may see yourself; compliance counts all"),
        ("spaces", "by a search, or plainly: tagged finance, external, unused for 90 days"),
    ],
)  # fmt: skip
def how_many(context: Context, what: str) -> Reply:
    text = what.strip().rstrip("?").strip()
    named_first = _WHAT.match(text)
    kind = named_first["what"].casefold() if named_first else "spaces"
    rest = text[named_first.end() :].strip() if named_first else text
    if kind in _SPACES:
        return _spaces(context, _FILLED.sub("", rest).strip())
    return _people(context, rest)


def _spaces(context: Context, text: str) -> Reply:
    query = _understood(text)
    try:
        counted = count_spaces(
            context.house, query, [counted_by("type")], visible_to=visible_to(context),
            zone=context.caller.time_zone,
        )  # fmt: skip
    except QueryFault as fault:
        return form(text, fault)
    if not counted.total:
        return found(context, Asked(counted.query.text))  # which says that there are none
    [facet] = counted.facets
    return Reply(
        card=how_many_card(
            counted.total, query=counted.query.text, sentence=counted.query.sentence,
            parts=[(part.label, part.number) for part in facet.parts if part.number],
            meant=bool(text) and query != text, only_theirs=not context.is_compliance,
        )
    )  # fmt: skip


def _understood(text: str) -> str:
    """The query that plain words mean."""
    if not text:
        return "all"
    if ":" not in text and (tagged := _TAGGED.fullmatch(text)):
        names = [one for one in re.split(r"[\s,]+", tagged[1]) if one.casefold() != "and"]
        joined = " or " if "or" in names else " "
        return joined.join(f"tag:{one}" for one in names if one != "or")
    meant = supposed(text)
    return meant[0] if meant and _is_clear(text) else text


def _is_clear(text: str) -> bool:
    """One word alone is more often a title's than a tag's."""
    found: Sequence[str] = supposed(text)
    return (bool(found) and not found[0].startswith("tag:")) or "tag" in text.casefold()


def _people(context: Context, rest: str) -> Reply:
    if inside := _IN.fullmatch(rest):
        space = PLACE.parse([inside[1].strip().strip('"“”')], context)
        if space.size is None:
            raise Refusal("I don't know just now how many are in it.", "Try again in a minute.")
        return Reply(
            card=how_many_people_card(
                space.size, where=f"In {named(space, 60)}; bots are not counted.",
                typed=f"members {typed_name(space)}", room=str(space.id),
            )
        )  # fmt: skip
    if not context.is_compliance:
        raise Refusal(
            "How many people the company has is for compliance to know.",
            "`how many people in` and a space's title counts those in a space of yours.",
        )
    with context.house.store.read() as tx:
        total = len(tx.people.ours())
    return Reply(card=how_many_people_card(total, where="Of the company, as far as I know them."))
