"""The shape of the language, for lark (LALR). Only shape: what a name or value means is not here.

A leading minus is a sign and never part of a word, so that ``-tag:x`` takes away. The keywords
are words of their own only where a word would end.
"""

from __future__ import annotations

from functools import cache

from lark import Lark

GRAMMAR = r"""
?start: either | -> nothing
?either: both (_OR both)*
?both: unary (_AND? unary)*
?unary: (MINUS | NOT) unary -> negated
      | "(" either ")"
      | ALL -> all
      | CRITERION -> criterion
      | PHRASE -> phrase
      | WORD -> word

_OR.5: /or(?![^\s()])/i
_AND.5: /and(?![^\s()])/i
NOT.5: /not(?![^\s()])/i
ALL.5: /all(?![^\s()])/i
MINUS.4: /[-–—−](?=[^\s])/
CRITERION.3: /[^\W\d_]\w*:(?:"[^"]*"|[^\s"()])*/
PHRASE.3: /"[^"]*"/
WORD.1: /[^\s"():–—−-][^\s"():]*/
%ignore /\s+/
"""


@cache
def parser() -> Lark:
    # The basic lexer, not the contextual one: "or" must be a keyword even where none may stand,
    # so that the fault says so instead of searching for titles with "or".
    return Lark(GRAMMAR, parser="lalr", lexer="basic", propagate_positions=False)
