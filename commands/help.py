from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from cards.help import (
    HelpEntry,
    HelpTopic,
    about_command,
    command_help_card,
    help_card,
    reserved_card,
    topic_card,
    unknown_card,
)
from cards.words import typed_name
from commands.arguments import Number, SpaceArg, Text, visible_to
from commands.matching import meant
from commands.permissions import ANYONE
from commands.spec import Command, Context, Reply, command
from commands.trying import filled_form, try_button
from commands.wording import match, words_of
from domain.outgoing import Showable
from domain.people import Role
from spaces.finding import find_spaces

TOPICS = {
    "Finding": "Search and list spaces, count them, save searches.",
    "Bulk": "Do something with all that a search finds.",
    "Spaces": "Create one, look at one, say who is in it.",
    "People": "Look people up.",
    "Teams": "Who is in a team.",
    "Messages": "Read and send messages.",
    "Watching": "Be told when something happens in a space.",
    "Tags": "Mark spaces, so that searches and policies find them.",
    "Keeping": "See whether a space will go, and keep it.",
    "Owners": "Spaces that nobody owns, and who takes them over.",
    "Ending": "Block or delete a space, and take it back.",
    "Holds": "Nothing may be destroyed, for now.",
    "Erasing": "Erase a person on request, under four eyes.",
    "Policies": "What becomes of spaces by themselves.",
    "Directory": "The groups of the company's directory, and which of them are known.",
    "Help": "How I am, and what I am busy with.",
}
"""Each topic in a line, in this order. One that is not in here yet comes behind, with the names of
its commands."""
INSTEAD = {
    "Policies": ("explain", "keep until", "keep forever"), "Holds": ("keep forever", "explain"),
    "Tags": ("tag", "untag", "tags"),
}  # fmt: skip
"""What whoever may not have a topic of compliance's may do about the same thing."""
OFTEN = ("explain", "search")
WHO = {Role.MODERATOR: "who manages the space, and compliance", Role.COMPLIANCE: "compliance"}
DOCUMENTED, SOMEBODY = '"Q3 plans"', "ben@example.com"
"""The space and the person of our examples."""
PLEAS = frozenset({"me", "please", "me please", "pls"})
"""“Help me” asks for all of it, not for the command “me”."""
TOPIC = "topic "
"""Said before a topic that is called as one of its commands."""
_PAGE = re.compile(r"\s+page\s+(\d{1,4})$")


@command(
    "help",
    args=[
        Text(name="about", required=False, hint="a topic, or a command"),
        Number(name="page", required=False, is_typed=False, is_asked=False),
        Text(name="fill_in", required=False, is_typed=False, is_asked=False),
        Text(name="values", required=False, is_typed=False, is_asked=False),
    ],
    allow=ANYONE, group="Help", only_reads=True,
    help="Tell what I can do, or more about a topic or a command.",
    example=["help", "help tag", "help keeping"],
    aliases=["commands", "what can you do", "hilfe", "aide", "ayuda", "aiuto", "ajuda", "pomoc"],
)  # fmt: skip
def show_help(
    context: Context, about: str | None, page: int | None, fill_in: str | None,
    values: str | None,
) -> Reply:  # fmt: skip
    """Only what the caller may do is shown, and found."""
    allowed = {words: one for words, one in context.registry.items() if _may(context, one)}
    if fill_in is not None and (one := allowed.get(fill_in)):
        return Reply(card=filled_form(one, values or ""), is_about_others=False)
    said = " ".join((about or "").casefold().split()).strip("?!.`'\"“”")
    if turned := _PAGE.search(said):
        said, page = said[: turned.start()], int(turned[1])
    return Reply(card=_card(context, allowed, about or "", said, page or 1), is_about_others=False)


def _card(
    context: Context, allowed: Mapping[str, Command], about: str, said: str, page: int
) -> Showable:
    is_topic = said.startswith(TOPIC)
    said = said.removeprefix(TOPIC)
    said = "" if said in PLEAS else said
    if not said:
        return help_card(_topics(context, allowed.values()))
    of_topic = [one for one in dict.fromkeys(allowed.values()) if one.group.casefold() == said]
    one = allowed.get(said)
    if one is not None and not is_topic and (one.path == said or not of_topic):
        return command_help_card(_with_tries(context, one))
    if of_topic:
        name = of_topic[0].group
        return topic_card(
            name,
            _entries(context, of_topic),
            page=page,
            about=_topic_said(context, name),
            doc=TOPICS.get(name, ""),
        )
    if kept := _for_compliance(context, said):
        paths = [path for path in INSTEAD.get(kept.group, OFTEN) if path in allowed]
        what = kept.group if kept.group.casefold() == said else kept.path
        return reserved_card(what, [_entry(context, allowed[path]) for path in paths])
    if some := [one for words, one in allowed.items() if f" {said} " in f" {words} "]:
        return topic_card(
            f"What has “{said}” in it", _entries(context, some), page=page, about=said
        )
    near = [
        about_command(one.command.path)
        for one in meant(allowed, words_of(said))
        if one.command.path != "help"
    ]
    return unknown_card(about, near)


def _with_tries(context: Context, one: Command) -> HelpEntry:
    """Its examples as buttons, where one can with a space that the caller knows."""
    known = {SOMEBODY: context.caller.email} if one.only_reads else {}
    if one.only_reads and any(isinstance(argument, SpaceArg) for argument in one.arguments):
        known[DOCUMENTED] = _own_space(context) or DOCUMENTED
    tries = []
    for example in one.examples:
        told = example
        for name, mine in known.items():
            told = told.replace(name, mine)
        found = match(context.registry, words_of(told))
        if found is not None:
            is_real = one.only_reads and DOCUMENTED not in told
            tries.append(try_button(one, found.words, told, is_real=is_real))
    return replace(_entry(context, one), tries=tuple(tries))


def _own_space(context: Context) -> str:
    """The latest used of the caller's spaces, as one types it. Others listen in a space, so
    there it is that very space."""
    if not context.is_private:
        return "here"
    sees = visible_to(context)
    [*latest] = find_spaces(context.house, "type:group", visible_to=sees, per_page=1).rows
    named = typed_name(latest[0]) if latest else ""
    return named if named.startswith('"') else ""


def _may(context: Context, one: Command) -> bool:
    return context.is_compliance or one.permission.role is not Role.COMPLIANCE


def _for_compliance(context: Context, said: str) -> Command | None:
    """The command, or the first of the topic, that the caller may not have. The names of what
    we can do are no secret; they stand in the documents."""
    others = [one for one in context.registry.values() if not _may(context, one)]
    if (one := context.registry.get(said)) in others:
        return one
    return next((one for one in others if one.group.casefold() == said), None)


def _topics(context: Context, some: Iterable[Command]) -> list[HelpTopic]:
    by_name: dict[str, list[Command]] = {}
    for one in sorted(dict.fromkeys(some), key=lambda one: (place(one.group), one.path)):
        by_name.setdefault(one.group, []).append(one)
    return [
        HelpTopic(
            name=name, said=_topic_said(context, name),
            about=TOPICS.get(name) or ", ".join(one.path for one in each[:4]),
        )
        for name, each in by_name.items()
    ]  # fmt: skip


def _topic_said(context: Context, name: str) -> str:
    """A command of the topic's own name goes before it, in words."""
    said = name.casefold()
    one = context.registry.get(said)
    return TOPIC + said if one is not None and one.path == said else said


def _entries(context: Context, some: Iterable[Command]) -> list[HelpEntry]:
    every = dict.fromkeys(some)
    return [
        _entry(context, one) for one in sorted(every, key=lambda one: (place(one.group), one.path))
    ]


def place(group: str) -> tuple[int, str]:
    """Where a topic comes among the others; the help itself comes last."""
    known = list(TOPICS)
    if group == "Help":
        return len(known) + 1, group
    return known.index(group) if group in known else len(known), group


def _entry(context: Context, one: Command) -> HelpEntry:
    return HelpEntry(
        path=one.path, help=one.help, examples=one.examples, group=one.group,
        aliases=one.aliases, details=one.details, who=WHO.get(one.permission.role, ""),
        topic=_topic_said(context, one.group),
        argument_fields=tuple(a.field for a in one.arguments if a.is_asked and a.is_typed),
    )  # fmt: skip
