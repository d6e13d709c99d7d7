from __future__ import annotations

from dataclasses import replace

from cards.done import done_card
from cards.kit import press
from commands.arguments import Flag, Text
from commands.permissions import ANYONE
from commands.queries import QUERY, Asked
from commands.spec import Context, Reply, command
from domain.errors import Refusal
from query.faults import QueryFault
from query.language import parse
from spaces.saving import save_search, search_name

NAME = Text(name="name", label="Name of the search", hint="stale finance", longest=120)


@command(
    "save search", args=[
        NAME, replace(QUERY, label="What it looks for", marker=("as",), required=True),
        Flag(
            name="replaces", label="Replace the one of that name",
            marker=("replacing the old one",), is_asked=False,
        ),
    ],
    allow=ANYONE, group="Finding",
    help="Keep a search under a name, with its order and columns; not what it found.",
    example='save search "stale finance" as tag:finance inactive:>90d sort by size',
)  # fmt: skip
def save(context: Context, name: str, query: Asked, replaces: bool | None) -> Reply:
    try:
        read = parse(query.text)
    except QueryFault as fault:
        raise Refusal(f"I can't read what it looks for: {fault}", "`help search` helps.") from None
    if read.is_empty:
        raise Refusal("What is it to look for?", "If you mean every space, write: all")
    words = replace(query, text=read.text, page=1).words
    name = search_name(name)
    replaced = save_search(
        context.house, context.actor, context.caller, name, words, replaces=bool(replaces)
    )
    return Reply(
        card=done_card(
            "Saved in place of the old one." if replaced else "Saved.",
            ("Name", name), ("It looks for", words), ("In words", f"Spaces {read.sentence}"),
            note="It is yours alone until you share it.",
            actions=[
                press("Search", "run search", typed=f'run search "{name}"', name=name),
                press(
                    "Share …", "share search", typed=f'share search "{name}" with <a person>',
                    name=name,
                ),
                press("Delete", "delete search", typed=f'delete search "{name}"', name=name),
            ],
        )
    )  # fmt: skip
