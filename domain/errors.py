"""Two kinds of "it did not work": a `Refusal` is for people, a `Fault` is for us.

Everything else that is raised is a bug. The text of a `Refusal` is shown as it is, so it
says what is the matter and what to do next.
"""

from __future__ import annotations


class Refusal(Exception):
    """A no that the person can act on.

    Args:
        reason: what is the matter, one sentence, as the person reads it.
        next_step: what they can do now, one sentence; may hold a command in backticks.
        word: the audit word under which the refusal is recorded, if it is worth recording.
        choices: what they can pick from, a line each.
    """

    def __init__(
        self, reason: str, next_step: str = "", *, word: str = "", choices: tuple[str, ...] = ()
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.next_step = next_step
        self.word = word
        self.choices = choices

    def __str__(self) -> str:
        return f"{self.reason} {self.next_step}".strip()


class Fault(Exception):
    """Something of ours or of Webex broke; people get an id, we get the log."""


class Paused(Fault):
    """Everything that destroys is paused; the step stays planned."""


class Stale(Fault):
    """Evidence is older than the step allows; nothing is done."""


class Elsewhere(Fault):
    """Another process is at this right now, or died at it just now; soon it can be tried again."""


class Stopped(BaseException):
    """The process ends: the work in hand is left where it is and goes on after a start.

    No `Exception`, so that whoever isolates one case from the next does not swallow it.
    """
