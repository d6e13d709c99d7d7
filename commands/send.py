from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cards.form import form_card
from cards.sent import carried_markdown, carried_text, sent_card
from commands.arguments import Base, SpaceArg
from commands.permissions import ANYONE
from commands.seeing import PresentSpaceArg
from commands.spec import Context, Reply, command
from domain.errors import Refusal
from domain.fields import FieldKind
from domain.ids import PersonId, WrongId
from domain.people import Person
from domain.spaces import Space
from spaces.describing import ADDRESS, names_of
from spaces.looking import find_person, person_by_id
from spaces.posting import MOST_FILES, Letter, post


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetArg(Base):
    """A space that the caller is in, or a person by e-mail address, id or @mention."""

    hint: str = "a space's title or “here”, or a person's e-mail address"
    takes_rest: bool = True

    def parse(self, words: Sequence[str], context: Context) -> Space | Person:
        said = " ".join(words).strip()
        bare = said.strip("<>").removeprefix("mailto:")
        if bare.casefold() == "me":
            return context.caller
        if ADDRESS.fullmatch(bare):
            return find_person(context.house, bare)
        try:
            return person_by_id(context.house, PersonId(bare))
        except WrongId:
            space: SpaceArg = PresentSpaceArg(name=self.name)
            return space.parse(words, context)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyArg(Base):
    """A text as it was typed, with its line breaks and quotes."""

    takes_rest: bool = True
    required: bool = False
    kind: FieldKind = FieldKind.LINES

    def parse(self, words: Sequence[str], context: Context) -> str:
        if len(words) == 1:  # a form's field, or one phrase in quotes
            return _without_ids(str(words[0]).strip(), context)
        whole = "".join(getattr(word, "whole", f" {word}") for word in words)
        return _without_ids(whole.strip(), context)


TO = TargetArg(name="to", label="To")
TEXT = BodyArg(name="text", label="Text")
MARKDOWN = BodyArg(name="markdown", label="Markdown", marker=("markdown:",),
                   hint="**bold**, _italic_, [a link](https://…)")  # fmt: skip


@command(
    "send", args=[TO, TEXT, MARKDOWN], allow=ANYONE, group="Messages",
    help="Send a message through me to a space that you are in, or to one of ours. It says that"
    " it is yours; attach files to what you say to me, and they go along.",
    example=[
        'send "Q3 plans" The figures are there.',
        "send ben@example.com markdown: The figures are **there**.",
    ],
    aliases=["send to", "send message", "send a message", "send a message to", "send message to"],
)  # fmt: skip
def send(context: Context, to: Space | Person, text: str | None, markdown: str | None) -> Reply:
    files, by = context.files, context.caller
    if not (text or markdown or files):
        return _form(to)
    if len(files) > MOST_FILES:
        raise Refusal(f"I pass on at most {MOST_FILES} files at once.", "Do it in several goes.")
    first = Letter(
        text=carried_text(by.name, by.email, text or markdown or ""),
        markdown=carried_markdown(by.name, by.email, markdown) if markdown else "",
        file=files[0] if files else "",
    )
    letters = [first] + [
        Letter(text=carried_text(by.name, by.email, "", nth=(n, len(files))), file=file)
        for n, file in enumerate(files[1:], 2)
    ]
    if isinstance(to, Person) and to.key != by.key:
        letters[0] = _with_return(letters[0], by)
    sent = post(context.house, by, to, letters, step=context.step)
    where = to.shown_title if isinstance(to, Space) else to.name
    return Reply(card=sent_card(where, sent, zone=by.time_zone, note=_several(len(files))))


def _with_return(letter: Letter, by: Person) -> Letter:
    """Whoever gets it 1:1 would answer the bot, who passes nothing back."""
    line = f"(I only pass this on; to answer, write to {by.email}.)"
    return replace(
        letter, text=f"{letter.text}\n{line}",
        markdown=f"{letter.markdown}\n\n{line}" if letter.markdown else "",
    )  # fmt: skip


def _several(files: int) -> str:
    return "Webex takes one file a message, so these are several." if files > 1 else ""


def _form(to: Space | Person) -> Reply:
    where = to.shown_title if isinstance(to, Space) else f"{to.name} ({to.email})"
    return Reply(
        card=form_card(
            "Send", "send", [TEXT.field, MARKDOWN.field], given={"to": str(to.id)},
            shown=[("To", where)],
            doc="What do you want to say? Text, markdown, or both: clients that show no markdown"
            " then show the text.",
        )
    )  # fmt: skip


def _without_ids(text: str, context: Context) -> str:
    """A mention comes to us as an id; in a text it is the person's name again, and no mention."""
    ids: dict[str, PersonId] = {}
    for part in text.split():
        try:
            ids[part] = PersonId(part)
        except WrongId:
            continue
    for part, id in ids.items():
        name = names_of(context.house, [id]).get(id)
        text = text.replace(part, f"@{name}") if name else text
    return text
