"""Whether a press counts: its nonce, its person, its fields, its case; and that it counts once.

The principle: a card says nothing that we believe. Of what is submitted only the nonce and the
fields that our own record allows are read; what the press does stands in that record. Whatever
does not fit is refused in a sentence, written to the record, and does nothing (I12).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.writer import Writer
from domain.audit import Word
from domain.errors import Refusal
from domain.people import Actor, Person
from storage.presses import Nonce
from storage.store import Store, UnitOfWork
from webex.values import CardPress

NONCE = "nonce"
LONGEST = 250_000
"""Bytes of one field; what its argument takes is less, and told by `bot.filling`."""
AGAIN = "Ask me again for a fresh card; `help` says how."


class PressRefused(Refusal):
    """A press that does nothing. `why` is for the record."""

    def __init__(self, reason: str, next_step: str = AGAIN, *, why: str) -> None:
        super().__init__(reason, next_step, word=str(Word.PRESS_REFUSED))
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    """A press that counts, so far: which command with which words. Not used up yet."""

    token: str
    nonce: Nonce
    given: Mapping[str, str]
    """Argument to text: from our record, and from the fields that the person filled in."""
    is_own_again: bool = False
    """This very press used the nonce up before its process died."""


class Redeemer:
    def __init__(self, store: Store, writer: Writer) -> None:
        self._store = store
        self._writer = writer

    def look(self, tx: UnitOfWork, press: CardPress, by: Person) -> Redeemed:
        """What the press stands for. Raises PressRefused."""
        inputs = dict(press.inputs)
        token = inputs.pop(NONCE, None)
        if not isinstance(token, str) or not token or len(token) > 100:
            raise PressRefused("That button is not one of mine.", why="no nonce")
        nonce = tx.presses.find(token)
        if nonce is None:
            raise PressRefused("That card is too old; I don't know it any more.", why="not known")
        place = tx.presses.place_of(nonce.card)
        if place is not None and place != (str(press.message_id), str(press.room_id)):
            raise PressRefused("That button was taken from another card.", why="other card")
        if nonce.only_for is not None and nonce.only_for != by.key:
            raise PressRefused("That button is for somebody else.", "", why="other person")
        if extra := sorted(set(inputs) - nonce.inputs):
            raise PressRefused(
                "That card was altered, so I did nothing.", why=f"extra keys: {extra[:5]}"
            )
        own = nonce.said == _begun(press)
        if nonce.used_at is not None and not own:
            raise _used(nonce, by)
        if nonce.expires_at <= tx.now and not own:
            raise PressRefused(
                "That card is no longer valid.", nonce.said or AGAIN, why="expired or moved on"
            )
        if not own and not tx.presses.is_current(nonce):
            raise PressRefused("Things have moved on since that card.", why="moved on")
        given = {name: text for name, value in inputs.items() if (text := _text(value, name))}
        return Redeemed(token=token, nonce=nonce, given={**given, **nonce.args}, is_own_again=own)

    def use(self, redeemed: Redeemed, press: CardPress, by: Person) -> None:
        """Uses the press up, before anything is done. Raises PressRefused: too late."""
        if redeemed.is_own_again:
            return

        def take(tx: UnitOfWork) -> bool:
            if not tx.presses.use(redeemed.token, by.key):
                return False
            tx.presses.say(redeemed.token, _begun(press))
            return True

        if not self._writer.now(take):
            with self._store.read() as tx:  # who was faster, and what came of it
                raise _used(tx.presses.find(redeemed.token) or redeemed.nonce, by)

    def settle(self, redeemed: Redeemed, said: str) -> None:
        """Keeps what came of it, for whoever presses again."""
        self._writer.soon(lambda tx: tx.presses.say(redeemed.token, said))

    def give_back(self, redeemed: Redeemed, step: str) -> None:
        """The command refused; if it began nothing, the card can be tried again."""

        def undo(tx: UnitOfWork) -> None:
            if not tx.intents.is_begun(step):
                tx.presses.give_back(redeemed.token)
                tx.presses.say(redeemed.token, "")

        self._writer.now(undo)

    def record(self, no: Refusal, press: CardPress, by: Person) -> None:
        """Every press that was refused stands in the record, with the card that it was on."""
        why = no.why if isinstance(no, PressRefused) else no.reason
        word = Word(no.word) if no.word else Word.PRESS_REFUSED
        self._writer.now(
            lambda tx: tx.audit.add(
                word, Actor(name=by.email, person=by.key), person=by.key,
                why=why, message=str(press.message_id), action=str(press.id),
            )
        )  # fmt: skip


def _begun(press: CardPress) -> str:
    return f"press {press.id.uuid}"


def _used(nonce: Nonce, by: Person) -> PressRefused:
    who = "You" if nonce.used_by == by.key else "Somebody"
    said = nonce.said if nonce.said and not nonce.said.startswith("press ") else ""
    return PressRefused(
        f"{who} pressed “{nonce.title}” already.", said or "It counts once.", why="used"
    )


def _text(value: object, name: str) -> str:
    """A field as the person filled it in; other shapes than text don't come from a card."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    if not isinstance(value, str):
        raise PressRefused("That card was altered, so I did nothing.", why=f"{name} is no text")
    if len(value.encode()) > LONGEST:
        raise PressRefused("That is too long.", "Shorten it.", why=f"{name} is too long")
    return value.strip()
