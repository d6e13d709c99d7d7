"""A tag renamed, merged into another, or taken off every space: by compliance, at once.

The principle: a word may go, what it protects may not. The change is made in one transaction
and looked at before it counts: no hold reaches a space less than before, and no policy's
condition says anything else than before (`tag_meaning`), or all of it is taken back. A preview
is the same change, made and taken back. What was is kept row for row, so that there is a way
back, by the same care.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import SpaceKey
from domain.people import Actor
from domain.spaces import Space
from retention.tag_meaning import others_naming, policies_naming, read_meaning, refuse_changed
from spaces.spec import House
from spaces.tagging import meant
from storage.store import UnitOfWork
from storage.tag_changes import Change

UNDOABLE = timedelta(days=30)
MOST_OTHERS = 5
NAMED = 10
"""Spaces that a preview names."""
WORDS = {"rename": Word.TAG_RENAME, "merge": Word.TAG_MERGE, "drop": Word.TAG_DROP}
_FIRST = "Change the policy first, so that it means both words, and have it agreed to."


@dataclass(frozen=True, slots=True, kw_only=True)
class Retag:
    """What is asked for.

    Args:
        kind: rename, merge or drop.
        names: the words that go, as they are kept.
        target: the word that takes their place; None when they are dropped.
    """

    kind: str
    names: tuple[str, ...]
    target: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What would come of it: exactly these `spaces`, in order of their keys.

    Args:
        first: some of them, with what they lose.
        has_target: on how many spaces the target is already.
        notes: what follows besides, sentences.
    """

    retag: Retag
    spaces: tuple[SpaceKey, ...]
    first: tuple[tuple[Space, tuple[str, ...]], ...]
    has_target: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Retagged:
    """What was done. `undo` names it for the way back."""

    retag: Retag
    spaces: int
    undo: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    change: Change
    spaces: int


class ListChanged(Refusal):
    """Other spaces have the tag now than were shown."""


def look_at(house: House, actor: Actor, asked: Retag) -> Looked:
    """What `asked` would do; nothing is changed. Raises Refusal when it can't be done."""
    asked = _checked(house, asked)
    with house.store.begin() as tx:  # and never committed
        tx.audit.serialise()
        before = len(tx.tags.with_any([asked.target])) if asked.target else 0
        _, lost, notes = _change(tx, actor, asked, step="look")
        first = list(lost)[:NAMED]
        known = tx.spaces.by_keys(first)
        return Looked(
            retag=asked, spaces=tuple(lost), has_target=before, notes=notes,
            first=tuple((known[key], lost[key]) for key in first),
        )  # fmt: skip


def carry_out(
    house: House, actor: Actor, asked: Retag, *, seen: Sequence[SpaceKey], step: str
) -> Retagged:
    """Does `asked` to exactly the spaces that were `seen`. `step` names the request for ever.

    Raises:
        ListChanged: others have the tag by now, and nothing was done.
        Refusal: it can't be done (any more).
    """
    with house.store.begin() as tx:
        tx.audit.serialise()
        if (known := tx.tag_changes.of_step(step)) is not None:
            lost, _ = tx.tag_changes.lost(known.key)
            return Retagged(retag=asked, spaces=len(lost), undo=known.key)
        if tx.tags.with_any(asked.names) != tuple(sorted(seen)):
            raise ListChanged(
                "The list has changed since you saw it, so nothing was done.", "Ask for it again."
            )
        key, lost, _ = _change(tx, actor, asked, step=step)
        tx.commit()
    return Retagged(retag=asked, spaces=len(lost), undo=key)


def latest_change(house: House, name: str) -> int:
    """The latest change that a word had a part in and that was not undone; `undo_change` takes
    it. Raises Refusal when there is none."""
    with house.store.read() as tx:
        found = tx.tag_changes.latest_of(name)
    if found is None:
        raise Refusal(f"Nobody has renamed, merged or dropped “{name}”.")
    return found


def undo_change(house: House, actor: Actor, key: int) -> Undone:
    """Gives words back to the spaces that lost them, as far as that has not been overtaken.

    Raises:
        Refusal: there is no such change, it was undone or is too old, nothing of it is left,
            or a policy or a hold stands against it.
    """
    with house.store.begin() as tx:
        tx.audit.serialise()
        change = tx.tag_changes.find(key)
        if change is None or tx.now - change.at > UNDOABLE:
            raise Refusal("There is no such change that could be undone.")
        if change.undone_at is not None:
            raise Refusal("That was undone already.")
        before = read_meaning(tx)
        reach = _reach(tx, [*change.names, *([change.target] if change.target else [])])
        given, taken = tx.tag_changes.undo(change)
        if not given:
            raise Refusal(
                f"Nothing of it is left to undo: “{change.target}” is on none of its spaces now."
            )
        _restore_rules(tx, change)
        _lets_none_slip(tx, reach)
        refuse_changed(tx, before, instead=_FIRST)
        tx.audit.add(
            Word.TAG_UNDO, actor, change=key, kind=change.kind, names=list(change.names),
            target=change.target, spaces=len(given),
        )  # fmt: skip
        off = set(taken)
        tx.audit.add_of_each(
            Word.TAG_UNDO, actor,
            [
                (space, {"change": key, "on": list(words),
                         "off": [change.target] if space in off else []})
                for space, words in given.items()
            ],
        )  # fmt: skip
        tx.commit()
    return Undone(change=change, spaces=len(given))


def _checked(house: House, asked: Retag) -> Retag:
    """`asked` without what changes nothing. Raises Refusal when nothing is left of it."""
    names = tuple(dict.fromkeys(name for name in asked.names if name != asked.target))
    if not names:
        raise Refusal("That is the same word; nothing would change.")
    for name in names:
        with house.store.read() as tx:
            is_used = bool(tx.tags.with_any([name]))
        if not is_used:
            near = meant(house, [name], visible_to=None).get(name, ())
            raise Refusal(
                f"No space has the tag “{name}”.",
                f"Did you mean “{'” or “'.join(near)}”?" if near else "`tags` shows all.",
            )
    return Retag(kind=asked.kind, names=names, target=asked.target)


def _change(
    tx: UnitOfWork, actor: Actor, asked: Retag, *, step: str
) -> tuple[int, Mapping[SpaceKey, tuple[str, ...]], tuple[str, ...]]:
    """(key of the change, which space loses what, what follows besides). Raises Refusal."""
    names, target = asked.names, asked.target
    touched = [*names, *([target] if target else [])]
    rules = tx.vocabulary.rules()
    if target is None:
        _may_drop(tx, names)
    if asked.kind == "rename" and target and (there := len(tx.tags.with_any([target]))):
        raise Refusal(
            f"There is a tag “{target}” already, on {_spaces(there)}.",
            f"To make one of both: `tag merge {names[0]} into {target}`.",
        )
    before, reach = read_meaning(tx), _reach(tx, touched)
    if target is not None:
        tx.tags.ensure([target])
    key = tx.tag_changes.note(
        step, asked.kind, names, target, by=actor.name, reserved=rules.reserved & set(touched),
        required={one.key: one.names for one in rules.required if set(touched) & set(one.names)},
    )  # fmt: skip
    tx.tag_changes.replace(key, names, target)
    becomes_reserved = target is not None and bool(rules.reserved & set(names))
    if target is not None and becomes_reserved:
        tx.vocabulary.reserve(tx.tags.ensure([target]).values(), on=True)
    tx.vocabulary.reserve(tx.tags.ensure(names).values(), on=False)
    more = _lets_none_slip(tx, reach)
    refuse_changed(tx, before, instead=_FIRST)
    lost, new = tx.tag_changes.lost(key)
    _record(tx, actor, asked, key, lost, frozenset(new))
    notes = [
        *(
            f"The hold “{hold}” goes on reaching them; it reaches {_spaces(count)} more."
            if count
            else f"The hold “{hold}” goes on reaching them."
            for hold, count in more.items()
        ),
        *(
            f"The policy “{one.name}” names it and does nothing yet; it would read differently."
            for one in policies_naming(tx, names)
        ),
        *_said_of_others(others_naming(tx, names)),
        *([f"“{target}” is reserved then."] if becomes_reserved else []),
        *(
            f"Every space has to have {one.said} then."
            for one in tx.vocabulary.required()
            if target in one.names and one not in rules.required
        ),
    ]
    return key, lost, tuple(notes)


def _said_of_others(others: Sequence[str]) -> list[str]:
    if not others:
        return []
    rest = len(others) - MOST_OTHERS
    more = f", and {rest:,} more" if rest > 0 else ""
    return [
        f"These name it, and would find nothing by it: {', '.join(others[:MOST_OTHERS])}{more}."
    ]


def _may_drop(tx: UnitOfWork, names: Sequence[str]) -> None:
    for one in tx.vocabulary.required():
        if stuck := sorted(set(names) & set(one.names)):
            raise Refusal(
                f"Every space has to have {one.said}, so “{stuck[0]}” can't go.",
                f"Take that back first: `tag unrequire {' '.join(one.names)}`.",
            )
    if held := tx.tag_changes.holds_on(names):
        raise Refusal(
            f"The hold “{held[0][0]}” reaches spaces by “{held[0][1]}”, so it can't go.",
            "Merge it into another tag: the hold goes along. `holds` shows all.",
        )


def _record(
    tx: UnitOfWork, actor: Actor, asked: Retag, key: int,
    lost: Mapping[SpaceKey, tuple[str, ...]], new: frozenset[SpaceKey],
) -> None:  # fmt: skip
    """A line for the whole, and one for each space."""
    word = WORDS[asked.kind]
    tx.audit.add(
        word, actor, change=key, names=list(asked.names), target=asked.target, spaces=len(lost)
    )
    tx.audit.add_of_each(
        word, actor,
        [
            (space, {"change": key, "off": list(words),
                     "on": [asked.target] if space in new else []})
            for space, words in lost.items()
        ],
    )  # fmt: skip


def _restore_rules(tx: UnitOfWork, change: Change) -> None:
    keys = tx.tags.ensure([*change.names, *([change.target] if change.target else [])])
    for name, key in keys.items():
        tx.vocabulary.reserve([key], on=name in change.reserved)
    lives = {one.key for one in tx.vocabulary.required()}
    for one, names in change.required.items():
        if one in lives:
            tx.vocabulary.fill(one, tx.tags.ensure(names).values())


# -- holds ----------------------------------------------------------------------------------


def _reach(tx: UnitOfWork, names: Sequence[str]) -> dict[str, frozenset[SpaceKey]]:
    """What each hold that names one of the words reaches, by the hold's name."""
    found = {}
    for name in dict.fromkeys(hold for hold, _ in tx.tag_changes.holds_on(names)):
        one = tx.protections.hold_named(name)
        if one is not None:
            found[name] = frozenset(tx.protections.reach(one.key))
    return found


def _lets_none_slip(tx: UnitOfWork, before: Mapping[str, frozenset[SpaceKey]]) -> dict[str, int]:
    """By how many spaces each hold reaches further now. Raises Refusal: one reaches less."""
    further = {}
    for name, reached in before.items():
        one = tx.protections.hold_named(name)
        now = frozenset(tx.protections.reach(one.key)) if one is not None else frozenset()
        if slipped := len(reached - now):
            raise Refusal(
                f"The hold “{name}” would lose {_spaces(slipped)}.",
                "Nothing slips out of a hold; `hold place` can hold them in another way first.",
            )
        further[name] = len(now - reached)
    return further


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count:,} spaces"
