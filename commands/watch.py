from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cards.kit import press
from cards.watch import watch_card
from commands.arguments import HERE, Base, SpaceArg
from commands.permissions import ANYONE
from commands.seeing import SeenSpaceArg
from commands.spec import Context, Reply, command
from domain.errors import Refusal
from domain.fields import FieldKind
from domain.ids import PersonId, WrongId
from domain.spaces import Space
from domain.watches import Reach, Resource, Target, Trigger, Who
from spaces.finding import tidy
from spaces.looking import person_by_id
from spaces.watching.making import Wish, make_watch
from spaces.watching.showing import show_watch, sources

MOST_EMAIL = 254
_EVENTS = {
    "created": "created", "create": "created", "new": "created", "added": "created",
    "joined": "created", "joins": "created", "posted": "created", "written": "created",
    "updated": "updated", "update": "updated", "changed": "updated", "edited": "updated",
    "deleted": "deleted", "delete": "deleted", "removed": "deleted", "left": "deleted",
    "gone": "deleted", "leaves": "deleted",
}  # fmt: skip
_RESOURCES = {
    "membership": Resource.MEMBERSHIP, "memberships": Resource.MEMBERSHIP,
    "member": Resource.MEMBERSHIP, "members": Resource.MEMBERSHIP,
    "message": Resource.MESSAGE, "messages": Resource.MESSAGE,
    "space": Resource.SPACE, "spaces": Resource.SPACE,
}  # fmt: skip
_MINE = frozenset({"all my spaces", "my spaces", "all of my spaces", "all spaces of mine", "mine"})
_ALL = frozenset(
    {"the whole company", "whole company", "all spaces", "every space", "the company", "all"}
)
_WHO = {
    "outsiders": Who.OUTSIDERS, "an outsider": Who.OUTSIDERS, "outsider": Who.OUTSIDERS,
    "guests": Who.OUTSIDERS, "externals": Who.OUTSIDERS, "ours": Who.OURS,
    "our people": Who.OURS, "insiders": Who.OURS, "bots": Who.BOTS, "a bot": Who.BOTS,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggersArg(Base):
    """One or several of the nine; a word such as “messages” alone is all of its three."""

    kind: FieldKind = FieldKind.CHOICES
    takes_rest: bool = True
    choices: tuple[tuple[str, str], ...] = tuple(
        (one.words, one.words.capitalize()) for one in Trigger
    )

    def parse(self, words: Sequence[str], context: Context) -> tuple[Trigger, ...]:
        found: set[Trigger] = set()
        said = " ".join(words).casefold().replace(",", " ").split()
        current: Resource | None = None
        is_whole = False
        for word in said:
            if word in ("and", "or", "&"):
                continue
            if word in _RESOURCES:
                found |= _of(current) if is_whole else set()
                current, is_whole = _RESOURCES[word], True
            elif word in _EVENTS and current is not None:
                found.add(_one(current, _EVENTS[word]))
                is_whole = False
            else:
                raise Refusal(
                    f"I can't watch “{' '.join(said)[:60]}”.",
                    "What can be watched: membership, message or space, and created, updated or "
                    "deleted; such as `watch membership created`.",
                )
        found |= _of(current) if is_whole else set()
        return tuple(one for one in Trigger if one in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    reach: Reach
    space: Space | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceArg(Base):
    """One space, or all of the caller's, or the whole company."""

    takes_rest: bool = True
    required: bool = False
    hint: str = "a space, “all my spaces”, or “the whole company”"
    space: SpaceArg = field(default_factory=lambda: SeenSpaceArg(name="space"))

    def parse(self, words: Sequence[str], context: Context) -> Place:
        text = " ".join(words).strip().casefold()
        is_bare = all(getattr(word, "raw", word) == word for word in words)
        if text in _MINE and is_bare:
            return Place(reach=Reach.MINE)
        if text in _ALL and is_bare:
            return Place(reach=Reach.ALL)
        return Place(reach=Reach.SPACE, space=self.space.parse(words, context))


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    who: Who = Who.ANYONE
    email: str = ""
    """Of somebody who need not be known yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhomArg(Base):
    """Outsiders, our people, bots, or one person."""

    takes_rest: bool = True
    required: bool = False
    hint: str = "outsiders, ours, bots, or an e-mail address"

    def parse(self, words: Sequence[str], context: Context) -> Whom:
        text = " ".join(words).strip().strip("<>").removeprefix("mailto:").casefold()
        known = _WHO.get(text)
        if known is not None:
            return Whom(who=known)
        if text == "me":
            return Whom(email=context.caller.email)
        try:
            return Whom(email=person_by_id(context.house, PersonId(" ".join(words))).email)
        except WrongId:
            pass  # no mention, then
        if not re.fullmatch(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+", text) or len(text) > MOST_EMAIL:
            raise Refusal(
                f"I don't know who “{text[:60]}” is.",
                "After `of` stands outsiders, ours, bots, or an e-mail address.",
            )
        return Whom(email=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class To:
    target: Target
    space: Space | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToArg(Base):
    """The caller 1:1, a space, or an https address."""

    takes_rest: bool = True
    required: bool = False
    hint: str = "me, a space, or https://…"
    space: SpaceArg = field(default_factory=lambda: SeenSpaceArg(name="space"))

    def parse(self, words: Sequence[str], context: Context) -> To:
        text = " ".join(words).strip().strip("<>")
        if text.casefold() in ("me", ""):
            return To(target=Target.PERSON)
        if re.match(r"[a-z][a-z0-9+.-]*://", text, re.IGNORECASE):
            return To(target=Target.ADDRESS, address=text)
        return To(target=Target.SPACE, space=self.space.parse(words, context))


@dataclass(frozen=True, slots=True, kw_only=True)
class WhereArg(Base):
    """A query of the search's language, as it was typed."""

    takes_rest: bool = True
    required: bool = False
    hint: str = "tag:pii scope:external"

    def parse(self, words: Sequence[str], context: Context) -> str:
        return tidy(" ".join(getattr(word, "raw", word) for word in words).strip())


@command(
    "watch",
    args=[
        TriggersArg(name="events", label="What", hint="such as membership created"),
        WhomArg(name="who", label="Of whom", marker=("of", "by")),
        PlaceArg(name="where", label="In which spaces", marker=("in",)),
        WhereArg(name="query", label="Only in spaces that match", marker=("where", "if")),
        ToArg(name="to", label="Tell it to", marker=("to",)),
    ],
    allow=ANYONE, group="Watching",
    help="Be told when something happens: to members, messages or spaces.",
    example=[
        "watch membership created in here",
        "watch membership created of outsiders in the whole company where tag:pii",
        'watch messages in "Q3 plans" to https://hooks.example.com/q3',
        "watch space updated in all my spaces",
    ],
    aliases=["watch for", "subscribe to"],
    details=[
        ("membership created, updated, deleted", "Somebody came, became a moderator, left."),
        ("message created, updated, deleted", "Written, edited, deleted; never its text."),
        ("space created, updated, deleted", "Made; renamed, locked and so on; gone."),
        ("of outsiders", "Only what is about people of other companies; or ours, or bots."),
        ("in all my spaces", "Those that you are in when it happens; so it is unless said."),
        ("in the whole company", "All spaces; for compliance."),
        ("where tag:pii", "Only spaces that match, in the language of `search`."),
        ("to me", "1:1; or a space by its title, or an https address that I sign for."),
    ],
)  # fmt: skip
def watch(
    context: Context, events: tuple[Trigger, ...], who: Whom | None, where: Place | None,
    query: str | None, to: To | None,
) -> Reply:  # fmt: skip
    place = where or _usual(context)
    whom, goal = who or Whom(), to or To(target=Target.PERSON)
    made = make_watch(
        context.house, context.caller,
        Wish(
            triggers=events, reach=place.reach, space=place.space, query=query or "",
            who=whom.who, email=whom.email, target=goal.target, to=goal.space,
            address=goal.address,
        ),
        step=context.step,
    )  # fmt: skip
    mine = str(made.watch.key)
    view = show_watch(context.house, context.caller, made.watch.key)
    return Reply(
        card=watch_card(
            "I'll tell it when it happens", view,
            zone=context.caller.time_zone, secret=made.secret, notes=sources(context.house),
            actions=[
                press("Log", "watch log", watch=mine),
                press("End it", "unwatch", once=True, watch=mine),
            ],
        )
    )  # fmt: skip


def _usual(context: Context) -> Place:
    """In a space that space; 1:1 all of the caller's."""
    if context.is_private:
        return Place(reach=Reach.MINE)
    here = next(iter(sorted(HERE)))
    return Place(reach=Reach.SPACE, space=SeenSpaceArg(name="space").parse((here,), context))


def _of(resource: Resource | None) -> set[Trigger]:
    return {one for one in Trigger if one.resource is resource}


def _one(resource: Resource, event: str) -> Trigger:
    return next(one for one in Trigger if one.resource is resource and one.event == event)
