"""What is said when a query can't be read: a sentence, the place, and what may be meant."""

from __future__ import annotations


class QueryFault(ValueError):
    """A query that can't be read.

    Args:
        reason: one sentence for the person who wrote it.
        text: what they wrote.
        column: where the trouble begins, counted from 0.
        suggestions: queries or words that they may have meant, best first.
    """

    def __init__(
        self, reason: str, *, text: str = "", column: int = 0, suggestions: tuple[str, ...] = ()
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = text
        self.column = min(max(column, 0), len(text))
        self.suggestions = suggestions

    @property
    def caret(self) -> str:
        """Two lines for a monospaced block: the query, and a caret under the trouble."""
        return f"{self.text}\n{' ' * self.column}^"

    def __str__(self) -> str:
        if not self.suggestions:
            return self.reason
        return f"{self.reason} Did you mean {' or '.join(self.suggestions)}?"
