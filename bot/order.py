"""What one person says is done in the order in which they said it.

Whoever writes “create space X” and at once “add member ben to X” means the one after the other.
So the letters of a person may be read side by side, but take turns where something is done;
and a person has only so many in hand, so that one who floods us leaves room for the others.
Between two processes that share an inbox there is no order.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.frames import MESSAGE, PRESS
from storage.inbox import Letter

MOST_OF_ONE = 8
"""Letters of one person that are worked on at the same time."""
LONGEST = 120.0
"""Seconds that anybody waits for a turn; something is badly stuck then, and waiting helps none."""


@dataclass(slots=True)
class _Line:
    waiting: deque[Letter] = field(default_factory=deque)
    turns: deque[str] = field(default_factory=deque)
    in_hand: int = 0


class Order:
    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}
        self._changed = threading.Condition()

    def arrive(self, letter: Letter) -> list[Letter]:
        """Takes a letter in; gives those that may be begun now."""
        with self._changed:
            line = self._lines.setdefault(_line_of(letter), _Line())
            line.waiting.append(letter)
            return _next(line)

    def leave(self, letter: Letter) -> list[Letter]:
        """A letter is done with, whatever came of it; gives those that may be begun now."""
        with self._changed:
            name = _line_of(letter)
            line = self._lines[name]
            line.in_hand -= 1
            if letter.id in line.turns:
                line.turns.remove(letter.id)
            more = _next(line)
            if not line.in_hand and not line.waiting:
                del self._lines[name]
            self._changed.notify_all()
            return more

    @contextmanager
    def turn(self, letter: Letter) -> Iterator[None]:
        """Waits until all that this person said before has had its turn."""
        with self._changed:
            line = self._lines.get(_line_of(letter))
            if line is not None:
                self._changed.wait_for(
                    lambda: letter.id not in line.turns or line.turns[0] == letter.id, LONGEST
                )
        try:
            yield
        finally:
            with self._changed:
                if line is not None and letter.id in line.turns:
                    line.turns.remove(letter.id)
                self._changed.notify_all()


def _next(line: _Line) -> list[Letter]:
    begun: list[Letter] = []
    while line.waiting and line.in_hand < MOST_OF_ONE:
        letter = line.waiting.popleft()
        line.in_hand += 1
        line.turns.append(letter.id)
        begun.append(letter)
    return begun


def _line_of(letter: Letter) -> str:
    """Whose turn it is to take. What nobody waits for, or names nobody, stands for itself."""
    is_chat = letter.kind in (MESSAGE, PRESS)
    return f"{(is_chat and letter.body.get('person')) or letter.id}"
