from __future__ import annotations

from cards.preferences import language_card
from cards.speech import catalogues
from commands.arguments import Text
from commands.permissions import ANYONE
from commands.spec import Context, Reply, command
from domain.errors import Refusal
from spaces.reading import set_language

USUAL = frozenset({"usual", "default", "none"})


@command(
    "language",
    args=[Text(name="language", label="Language", required=False, hint="such as de", longest=60)],
    allow=ANYONE, group="Help", aliases=["my language", "sprache"],
    help="Show or set the language in which I warn you.",
    example=["language", "language de", "language usual"],
    details=[("usual", "the company's usual one again")],
)  # fmt: skip
def language(context: Context, language: str | None) -> Reply:
    house, caller = context.house, context.caller
    if not language:
        card = language_card(house.reader(caller), is_own=bool(caller.language))
        return Reply(card=card, is_about_others=False)
    wanted = "" if language.casefold() in USUAL else _code(language)
    changed = set_language(house, caller.key, wanted)
    return Reply(
        card=language_card(
            house.reader(changed), is_own=bool(wanted),
            before=caller.language if wanted != caller.language else None,
        ),
        is_about_others=False, changes_caller=True,
    )  # fmt: skip


def _code(said: str) -> str:
    """By its code, with or without a country, or by its name in either language."""
    text = said.strip().casefold()
    for code, one in catalogues().items():
        if text in (code, *one.names) or text.startswith((f"{code}-", f"{code}_")):
            return code
    known = ", ".join(f"{one.name} (`language {code}`)" for code, one in catalogues().items())
    raise Refusal(f"I don't speak “{said[:40]}” yet.", f"I speak {known}.")
