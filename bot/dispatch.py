"""What is said or pressed, to an answer: match, parse, permit, do, reply. One pipeline.

Decides the order of things and turns what comes of them into one of three outcomes: a reply,
a refusal that says what to do next, or our fault, which is logged under an id that the person
gets. `_decide` is the one error boundary; nothing below it catches what it does not understand.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.callers import Caller, Callers
from bot.filling import Missing, fill, how_to_type
from bot.flood import Flood, Flow
from bot.incoming import Incoming
from bot.intake import Turn
from bot.matching import match, words_of
from bot.presses import PressRefused, Redeemed, Redeemer
from bot.sending import Sender
from cards.fault import fault_card
from cards.form import form_card
from cards.help import unknown_card
from cards.refusal import refusal_card
from cards.welcome import hello_card, thanks_card, welcome_card
from commands.greeting import Greeting, greeting_in
from commands.matching import meant
from commands.spec import Command, Context, Reply
from commands.spec import Word as Said
from commands.trying import try_button
from domain.audit import Word
from domain.errors import Paused, Refusal
from domain.ids import MessageId
from domain.outgoing import Attached, Showable
from domain.people import Actor, Reader, Role
from domain.verdicts import Verdict, no
from spaces.effects import Busy
from spaces.spec import House
from webex.errors import Throttled, Unclear

_log = logging.getLogger(__name__)

OUTSIDER = Refusal(
    "I only talk about spaces with people of the company that runs me.",
    "If that should be you, ask whoever looks after Webex there.",
)
TOO_MUCH = Refusal("That was a lot at once.", "Give me half a minute, then ask again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    """What is to be said, before it is sent."""

    shown: Showable
    is_about_others: bool
    afterwards: Callable[[], None] | None = None
    instead_of: MessageId | None = None
    about: str = ""
    files: tuple[Attached, ...] = ()


class Dispatch:
    def __init__(
        self, house: House, registry: Mapping[str, Command], *, callers: Callers,
        redeemer: Redeemer, sender: Sender, flood: Flood,
    ) -> None:  # fmt: skip
        self._house = house
        self._registry = registry
        self._callers = callers
        self._redeemer = redeemer
        self._sender = sender
        self._flood = flood

    def answer(self, incoming: Incoming, turn: Turn) -> None:
        """Answers once.

        Args:
            turn: inside it, everything that this person said before has been done.

        Raises:
            WebexFault: the person could not be told anything; to be tried again.
            Busy: another process is at this very thing; to be tried again.
        """
        caller = self._callers.who(incoming.person, live=incoming.press is not None)
        if caller.person.is_bot:
            return
        with turn:
            decided = self._decide(incoming, caller)
        if decided is None:
            return
        self._sender.answer(
            incoming, caller.person, decided.shown, is_about_others=decided.is_about_others,
            instead_of=decided.instead_of, about=decided.about, files=decided.files,
        )  # fmt: skip
        if decided.afterwards is not None:
            decided.afterwards()

    def _decide(self, incoming: Incoming, caller: Caller) -> _Decided | None:
        """The one error boundary: a reply, a refusal, or our fault. None: nothing is said."""
        flow = self._flood.let(str(incoming.person), str(incoming.room))
        if flow is Flow.DROP and not incoming.is_again:
            return None
        with_it: Redeemed | None = None
        try:
            if flow is Flow.TELL and not incoming.is_again:
                raise TOO_MUCH
            if caller.role is Role.OUTSIDER:
                raise OUTSIDER
            words = words_of(incoming.text)
            greeting = greeting_in(words) if incoming.press is None else None
            if greeting is not None:
                return self._greet(incoming, caller, greeting)
            if incoming.press is None:
                reply = self._say(incoming, caller, words)
            else:
                with self._house.store.read() as tx:
                    with_it = self._redeemer.look(tx, incoming.press, caller.person)
                reply = self._press(incoming, caller, with_it)
            if reply.changes_caller:
                self._callers.forget(incoming.person)
            return _Decided(
                shown=reply.card, is_about_others=reply.is_about_others,
                afterwards=reply.afterwards, instead_of=_settles(with_it, incoming),
                about=reply.about, files=reply.files,
            )  # fmt: skip
        except Refusal as no:
            self._note(no, incoming, caller)
            if with_it is not None and not isinstance(no, PressRefused):
                self._redeemer.give_back(with_it, incoming.step)
            # A refusal may name what was asked for, so it is no less private than an answer.
            return _Decided(
                shown=refusal_card(no, reader=self._house.reader(caller.person)),
                is_about_others=caller.role is not Role.OUTSIDER,
            )
        except Busy:
            raise
        except Exception as wrong:
            shown = self._fault(wrong, incoming, self._house.reader(caller.person))
            return _Decided(shown=shown, is_about_others=False)

    def _greet(self, incoming: Incoming, caller: Caller, greeting: Greeting) -> _Decided:
        """In full to whoever opens a conversation with it; who begins with a command is answered
        at once, and needs no hello."""
        if greeting.is_thanks:
            return _Decided(shown=thanks_card(), is_about_others=False)
        with self._house.store.read() as tx:
            is_first = incoming.is_private and not tx.presses.cards_about(_welcome_of(incoming))
        draw = welcome_card if is_first else hello_card
        return _Decided(
            shown=draw(
                name=caller.person.name, is_private=incoming.is_private,
                is_compliance=caller.role is Role.COMPLIANCE, hello=greeting.hello,
                is_english=greeting.is_english,
            ),
            is_about_others=False, about=_welcome_of(incoming) if is_first else "",
        )  # fmt: skip

    def _say(self, incoming: Incoming, caller: Caller, words: Sequence[Said]) -> Reply:
        """What was typed."""
        found = match(self._registry, words)
        context = self._context(incoming, caller)
        if found is None:
            near = [
                try_button(one.command, one.words, one.sentence, is_real=True)
                for one in meant(self._known_to(caller), words)
                if one.command.path != "help"
            ]
            return Reply(card=unknown_card(incoming.text[:200], near), is_about_others=False)
        command = found.command
        self._permit_role(command, context)
        if command.always_form and not found.words:
            return self._form(
                command, Missing(names=tuple(a.field.name for a in command.arguments if a.is_asked))
            )
        values = fill(command, context, typed=found.words)
        if isinstance(values, Missing):
            return self._form(command, values)
        self._permit(command, context, values, partial(fill, command, context, typed=found.words))
        return command.handler(context, **values)

    def _press(self, incoming: Incoming, caller: Caller, press: Redeemed) -> Reply:
        """What was pressed. The same way as what is typed, and used up just before it acts; what
        only opens a form or turns a page may be pressed as often as one likes."""
        command = self._registry.get(press.nonce.command)
        if command is None or incoming.press is None:
            raise PressRefused("I don't do that any more.", why="no such command")
        context = self._context(incoming, caller, press)
        self._permit_role(command, context)
        values = fill(command, context, filled=press.given)
        is_settling = press.nonce.once_per_card or bool(press.nonce.inputs)
        if isinstance(values, Missing):
            if is_settling:
                self._redeemer.use(press, incoming.press, caller.person)
            return self._form(command, values)
        self._permit(command, context, values, partial(fill, command, context, filled=press.given))
        if command.only_reads and not is_settling:
            return command.handler(context, **values)
        self._redeemer.use(press, incoming.press, caller.person)
        reply = command.handler(context, **values)
        self._redeemer.settle(press, reply.card.text.partition("\n")[0])
        return reply

    def _permit(
        self, command: Command, context: Context, values: Mapping[str, Any],
        again: Callable[[], object],
    ) -> None:  # fmt: skip
        """Raises Refusal. `again` understands the words once more: the verdict was read live, and
        whoever was found to have left a space is told that there is none that they can see, as
        anybody else is (I13)."""
        verdict = command.permission.check(context, values)
        if not verdict:
            again()
            raise _not_allowed(command, verdict)

    def _permit_role(self, command: Command, context: Context) -> None:
        """What is for compliance is refused before any of its words are looked at: nobody is
        shown a form that they may not send, nor learns from a refusal what there is (I13)."""
        if command.permission.role is Role.COMPLIANCE and not context.is_compliance:
            raise _not_allowed(command, no("that is for compliance"))

    def _form(self, command: Command, missing: Missing) -> Reply:
        asked = [a.field for a in command.arguments if a.field.name in missing.names]
        labels = {a.field.name: a.field.label for a in command.arguments}
        return Reply(
            card=form_card(
                command.path.capitalize(), command.path, asked, given=missing.given,
                shown=[(labels[name], text) for name, text in missing.shown.items()],
                doc=command.help, example=command.examples[0],
                typed=how_to_type(command, missing),
            ),
            is_about_others=bool(missing.shown),
        )  # fmt: skip

    def _context(
        self, incoming: Incoming, caller: Caller, press: Redeemed | None = None
    ) -> Context:
        return Context(
            house=self._house, caller=caller.person, role=caller.role, room=incoming.room,
            is_private=incoming.is_private, step=incoming.step, is_press=press is not None,
            press_case=press.nonce.case if press else None,
            press_cycle=press.nonce.cycle if press else None,
            files=incoming.files, registry=self._registry,
        )  # fmt: skip

    def _known_to(self, caller: Caller) -> dict[str, Command]:
        is_compliance = caller.role is Role.COMPLIANCE
        return {
            path: command
            for path, command in self._registry.items()
            if is_compliance or command.permission.role is not Role.COMPLIANCE
        }

    def _note(self, no: Refusal, incoming: Incoming, caller: Caller) -> None:
        """Refusals that are worth it go to the record; those of presses all do."""
        if incoming.press is not None:
            self._redeemer.record(no, incoming.press, caller.person)
        elif no.word:
            actor = Actor(name=caller.person.email, person=caller.person.key)
            with self._house.store.begin() as tx:
                tx.audit.add(Word(no.word), actor, why=no.reason, step=incoming.step)
                tx.commit()

    def _fault(self, wrong: Exception, incoming: Incoming, reader: Reader) -> Showable:
        """Ours or Webex's: what the person is told, and the log tells the rest by the id."""
        if isinstance(wrong, Paused):
            return refusal_card(
                Refusal("Everything that destroys stands still for now.", str(wrong)),
                reader=reader,
            )
        if isinstance(wrong, Throttled):
            return refusal_card(
                Refusal(
                    "Webex asks us to slow down.", f"Try again after {wrong.retry_at:%H:%M} UTC."
                ),
                reader=reader,
            )
        if isinstance(wrong, Unclear):
            _log.warning("no answer in %s: %s", incoming.step, wrong)
            return refusal_card(
                Refusal(
                    "Webex did not answer me, so I can't say whether that was done.",
                    "Try again in a minute; what was done already is not done twice.",
                ),
                reader=reader,
            )
        fault_id = secrets.token_hex(4)
        _log.error("fault %s in %s", fault_id, incoming.step, exc_info=wrong)
        return fault_card(fault_id)


def _not_allowed(command: Command, verdict: Verdict) -> Refusal:
    reason = f"Not allowed: {verdict.reason.rstrip('.')}."
    return Refusal(reason, command.permission.instead, word=str(Word.COMMAND_REFUSED))


def _settles(press: Redeemed | None, incoming: Incoming) -> MessageId | None:
    """The card that an answer takes the place of: a form that was sent, or a card on which
    the first press counts."""
    if press is None or incoming.press is None:
        return None
    if press.nonce.once_per_card or press.nonce.inputs:
        return incoming.press.message_id
    return None


def _welcome_of(incoming: Incoming) -> str:
    """What the hello to a person is found by again."""
    return f"welcome/{incoming.person.uuid}"
