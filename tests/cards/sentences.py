"""Every sentence that a module of the lower floors may say to an owner or a member, read out of
its source: the text with `{}` for each value, so that it can be held beside the catalogue."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter

ROOT = Path(__file__).parent.parent.parent
_SILENT = frozenset({"about", "id", "word", "kind", "how", "reason", "was"})
"""Keywords whose value is for the record, or a key."""
_FOR_US = frozenset({
    "debug", "info", "warning", "error", "exception", "Fault", "add", "compile", "fullmatch",
    "TypeVar", "getLogger", "NewType", "strftime", "KeyError",
})  # fmt: skip
"""What is called with words that no person reads."""


def sentences_of(name: str) -> Iterator[str]:
    """Texts with at least one space between words; no docstrings, nothing declared to a command."""
    yield from _within(ast.parse((ROOT / name).read_text()))


def _within(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant | ast.JoinedStr):
        text = skeleton(node)
        if " " in text.strip(" {}") and any(letter.isalpha() for letter in text):
            yield text.strip()
        if isinstance(node, ast.JoinedStr):
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    yield from _within(part.value)
        return
    if isinstance(node, ast.Call) and _called(node) in _FOR_US:
        return
    for child in _children(node):
        yield from _within(child)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """All that is below, but for docstrings and decorators."""
    if isinstance(node, ast.Call):
        yield node.func
        yield from node.args
        yield from (one.value for one in node.keywords if one.arg not in _SILENT)
        return
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        below: Iterable[ast.AST] = node.body
    else:
        below = ast.iter_child_nodes(node)
    for child in below:
        is_said_alone = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        if not is_said_alone:
            yield child


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def skeleton(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
    )


def skeleton_of(form: str) -> str:
    """The same of a sentence of the catalogue."""
    parts = Formatter().parse(form)
    return "".join(f"{literal}{'' if name is None else '{}'}" for literal, name, _, _ in parts)
