"""What a command is: words, arguments, permission, help, example and handler in one place.

One file in `commands/` declares one command with `@command`; the folder is walked at start
and a command that lacks a part, whose example does not parse or whose words are taken does
not import. The same handler serves words and buttons.

An argument describes itself (`domain.fields.Field`), so that the form of a command draws
itself; typed words and a form's inputs go through the same `parse`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from domain.fields import Field
from domain.ids import RoomId
from domain.outgoing import Attached, Showable
from domain.people import Actor, Person, Role
from domain.verdicts import Verdict
from spaces.spec import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything about one message or press that a handler may want.

    `step` names this message or press for ever; effects derive their step keys from it, so
    that a message handled again after a crash does nothing twice. `is_private` says that only
    the caller reads the answer. `press_case`/`press_cycle` come from the nonce's own row.
    """

    house: House
    caller: Person
    role: Role
    """COMPLIANCE or MEMBER; who is a moderator depends on the space and is read live."""
    room: RoomId | None
    is_private: bool
    step: str
    is_press: bool = False
    press_case: int | None = None
    press_cycle: int | None = None
    files: tuple[str, ...] = ()
    registry: Mapping[str, Command] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        return Actor(name=self.caller.email, person=self.caller.key)

    @property
    def is_compliance(self) -> bool:
        return self.role is Role.COMPLIANCE


class Word(str):
    """One word as it was typed. `raw` keeps the quotes that the word itself has lost, for
    arguments that have a grammar of their own; `whole` is letter by letter what was typed, with
    the space and the line breaks before it, for a text that is to stay as it is."""

    __slots__ = ("raw", "whole")
    raw: str
    whole: str

    def __new__(cls, word: str, raw: str = "", whole: str = "") -> Word:
        made = super().__new__(cls, word)
        made.raw = raw or word
        made.whole = whole or f" {made.raw}"
        return made


class Argument(Protocol):
    """One argument. Implementations in `commands/arguments.py`.

    Args:
        field: how it looks on a form and in the docs.
        marker: words or phrases of which one introduces it when typed (``to``, ``as
            moderator``); empty: by place.
        takes_rest: it takes everything up to the next argument's marker, or to the end; and
            one word, or one phrase in quotes, where an argument without a marker follows.
        is_typed: typed words may go to it; else only a card fills it in.
        is_asked: the command's form asks for it; else only a button or words give it.
        reads_files: files of the message give it, too.
    """

    @property
    def field(self) -> Field: ...
    @property
    def marker(self) -> tuple[str, ...]: ...
    @property
    def takes_rest(self) -> bool: ...
    @property
    def is_typed(self) -> bool: ...
    @property
    def is_asked(self) -> bool: ...
    @property
    def reads_files(self) -> bool: ...
    def parse(self, words: Sequence[str], context: Context) -> Any:
        """The value that `words` mean to this caller. Raises Refusal, saying what to write.

        Typed words come as `Word`; what was filled in on a form comes as one word.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a handler answers. `is_about_others` sends it 1:1 where outsiders listen.

    `files` follow the card, each as a message of its own. `about` names what the card is about,
    so that it can be found and replaced later.
    """

    card: Showable
    is_about_others: bool = True
    afterwards: Callable[[], None] | None = None
    """Work that goes on after the answer was sent, such as handing a task to a worker."""
    files: tuple[Attached, ...] = ()
    about: str = ""
    changes_caller: bool = False
    """What is known of the caller is no longer true, and is read again for what they say next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Who may. `role` is the least role for the help; `check` is the verdict, read live.
    `instead` is what someone who may not can do, one sentence."""

    role: Role
    check: Callable[[Context, Mapping[str, Any]], Verdict]
    instead: str = ""


Handler = Callable[..., Reply]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    path: str
    aliases: tuple[str, ...]
    arguments: tuple[Argument, ...]
    permission: Permission
    help: str
    examples: tuple[str, ...]
    handler: Handler
    group: str
    always_form: bool = False
    """Without any words typed, show the form even if nothing is required."""
    only_reads: bool = False
    """It changes nothing, so its buttons may be pressed again and again."""
    details: tuple[tuple[str, str], ...] = ()
    """What else its help tells: what can be written, and what that means."""


_declared: dict[str, Command] = {}


def command(
    path: str, *, args: Sequence[Argument] = (), allow: Permission, help: str,
    example: str | Sequence[str], group: str, aliases: Sequence[str] = (),
    always_form: bool = False, only_reads: bool = False,
    details: Sequence[tuple[str, str]] = (),
) -> Callable[[Handler], Handler]:  # fmt: skip
    """Declares the function below it as a command.

    The handler is called ``handler(context, **{argument name: value})``; an argument that was
    not given and is not required is passed as None.

    Raises:
        ValueError: a part is missing, or the path is taken.
    """

    def declare(handler: Handler) -> Handler:
        examples = (example,) if isinstance(example, str) else tuple(example)
        if not (path and help and group and examples and all(examples)):
            raise ValueError(f"the command {path!r} needs words, help, a group and an example")
        for words in (path, *aliases):
            if words in _declared:
                raise ValueError(f"the words {words!r} are taken")
        made = Command(
            path=path, aliases=tuple(aliases), arguments=tuple(args), permission=allow,
            help=help, examples=examples, handler=handler, group=group, always_form=always_form,
            only_reads=only_reads, details=tuple(details),
        )  # fmt: skip
        for words in (path, *aliases):
            _declared[words] = made
        return handler

    return declare


def declared() -> Mapping[str, Command]:
    """The commands of all modules imported so far, by each of their words."""
    return dict(_declared)
