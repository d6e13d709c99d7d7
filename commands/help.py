from __future__ import annotations

from cards.help import HelpEntry, command_help_card, help_card, unknown_card
from commands.arguments import Text
from commands.permissions import ANYONE
from commands.spec import Command, Context, Reply, command
from domain.people import Role


@command(
    "help", args=[Text(name="about", required=False)], allow=ANYONE, group="Help",
    help="Tell what I can do, or more about one command.", example="help tag",
)  # fmt: skip
def show_help(context: Context, about: str | None) -> Reply:
    """Only what the caller may do is shown, and found."""
    allowed = {words: one for words, one in context.registry.items() if _may(context, one)}
    if not about:
        entries = [_entry(one) for one in dict.fromkeys(allowed.values())]
        return Reply(card=help_card(entries), is_about_others=False)
    found = allowed.get(" ".join(about.casefold().split()))
    if found is None:
        near = [words for words in allowed if about.casefold() in words]
        return Reply(card=unknown_card(about, near[:3]), is_about_others=False)
    return Reply(card=command_help_card(_entry(found)), is_about_others=False)


def _may(context: Context, one: Command) -> bool:
    return context.is_compliance or one.permission.role is not Role.COMPLIANCE


def _entry(one: Command) -> HelpEntry:
    return HelpEntry(
        path=one.path, help=one.help, examples=one.examples, group=one.group,
        aliases=one.aliases, argument_fields=tuple(a.field for a in one.arguments),
    )  # fmt: skip
