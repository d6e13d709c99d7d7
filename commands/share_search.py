from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cards.done import done_card
from cards.kit import press
from cards.searches import shared_search_card
from commands.arguments import Base, PersonArg, SpaceArg
from commands.permissions import ANYONE
from commands.save_search import NAME
from commands.spec import Context, Reply, command
from domain.audit import Word
from domain.errors import Refusal
from domain.ids import StepKey
from domain.intents import Outcome
from domain.people import Person
from domain.spaces import Space
from spaces.effects import send_card
from spaces.saving import share_search

_ADDRESS = re.compile(r"<?(mailto:)?[^\s@\"]+@[^\s@\"]+>?")


@dataclass(frozen=True, slots=True, kw_only=True)
class WithArg(Base):
    """A person by their address, or a space by its title."""

    hint: str = "e-mail address, or a space's title"
    takes_rest: bool = True

    def parse(self, words: Sequence[str], context: Context) -> Person | Space:
        text = " ".join(words).strip()
        if _ADDRESS.fullmatch(text):
            return PersonArg(name=self.name).parse([text], context)
        if not text:
            raise Refusal("With whom?", "Name a person by e-mail, or a space by its title.")
        return SpaceArg(name=self.name).parse([text], context)


@command(
    "share search", args=[NAME, WithArg(name="whom", label="With", marker=("with",))],
    allow=ANYONE, group="Finding",
    help="Give a saved search to a person or to a space: its words, never what it finds.",
    example=[
        'share search "stale finance" with ben@example.com',
        'share search "stale finance" with "Q3 plans"',
    ],
)  # fmt: skip
def share(context: Context, name: str, whom: Person | Space) -> Reply:
    person, space = (whom, None) if isinstance(whom, Person) else (None, whom)
    if person is not None and person.key == context.caller.key:
        raise Refusal("It is yours already.", "Name somebody else.")
    one, new = share_search(
        context.house, context.actor, context.caller, name, person=person, space=space
    )
    told = send_card(
        context.house, shared_search_card(one, context.caller.name),
        step=StepKey(f"{context.step}/share"), word=Word.MESSAGE_SEND, actor=context.actor,
        person=(person.key, person.id) if person else None, room=space.id if space else None,
        space=space.key if space else None,
    ) if new else None  # fmt: skip
    return Reply(
        card=done_card(
            "Shared." if new else "It was shared so already.",
            ("Name", one.name), ("It looks for", one.words),
            ("With", person.name if person else space.shown_title if space else ""),
            note=_note(space is not None, told is None or told.outcome is Outcome.DONE),
            undo=press(
                "Take it back from all", "unshare search", once=True,
                typed=f'unshare search "{one.name}"', name=one.name,
            ),
        )
    )  # fmt: skip


def _note(is_space: bool, is_told: bool) -> str:
    if is_told:
        return "They find only what they may see."
    where = "there, perhaps since I am not in that space" if is_space else "to them"
    return f"I could not say so {where}; `searches` shows it to them all the same."
