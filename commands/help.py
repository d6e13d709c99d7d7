from __future__ import annotations

from collections.abc import Iterable

from cards.help import HelpEntry, command_help_card, help_card, topic_card, unknown_card
from commands.arguments import Text
from commands.matching import near_commands
from commands.permissions import ANYONE
from commands.spec import Command, Context, Reply, command
from domain.outgoing import Showable
from domain.people import Role

FIRST = ("Finding", "Spaces", "Keeping", "Policies")
"""The order of the groups; others follow by name, and the help itself comes last."""


@command(
    "help", args=[Text(name="about", required=False, hint="a command, or a group of them")],
    allow=ANYONE, group="Help", only_reads=True,
    help="Tell what I can do, or more about one command or group.",
    example=["help", "help tag", "help policies"], aliases=["commands", "what can you do"],
)  # fmt: skip
def show_help(context: Context, about: str | None) -> Reply:
    """Only what the caller may do is shown, and found."""
    allowed = {words: one for words, one in context.registry.items() if _may(context, one)}
    return Reply(card=_card(about or "", allowed), is_about_others=False)


def _card(about: str, allowed: dict[str, Command]) -> Showable:
    said = " ".join(about.casefold().split()).strip("?!.`'\"“”")
    if not said:
        return help_card(_entries(allowed.values()))
    of_group = [one for one in dict.fromkeys(allowed.values()) if one.group.casefold() == said]
    one = allowed.get(said)
    if one is not None and (one.path == said or not of_group):
        return command_help_card(_entry(one))
    if of_group:
        return topic_card(of_group[0].group, _entries(of_group))
    if some := [one for words, one in allowed.items() if f" {said} " in f" {words} "]:
        return topic_card(f"What has “{said}” in it", _entries(some))
    return unknown_card(about, near_commands(allowed, said.split()))


def _may(context: Context, one: Command) -> bool:
    return context.is_compliance or one.permission.role is not Role.COMPLIANCE


def _entries(some: Iterable[Command]) -> list[HelpEntry]:
    every = dict.fromkeys(some)
    return [_entry(one) for one in sorted(every, key=lambda one: (_place(one.group), one.path))]


def _place(group: str) -> tuple[int, str]:
    if group == "Help":
        return len(FIRST) + 1, group
    return FIRST.index(group) if group in FIRST else len(FIRST), group


def _entry(one: Command) -> HelpEntry:
    return HelpEntry(
        path=one.path, help=one.help, examples=one.examples, group=one.group,
        aliases=one.aliases, details=one.details,
        argument_fields=tuple(a.field for a in one.arguments if a.is_asked and a.is_typed),
    )  # fmt: skip
