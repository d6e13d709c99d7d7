"""Tags on spaces: given and taken with a line in the record, by the rules that compliance set.

Reserved tags are compliance's to give and to take. Of a required set every space of several
people has one; the last of them can't be taken off. Nothing slips out of a hold by its tags.
What a new word may have meant is looked for among what the caller sees, and nowhere else (I13).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.audit import Word
from domain.errors import Refusal
from domain.ids import PersonKey
from domain.people import Actor
from domain.spaces import Space, SpaceState, SpaceType
from domain.tags import is_numbered_apart, silhouette, tag_name
from spaces.spec import House
from storage.store import UnitOfWork
from storage.tags import Given
from storage.vocabulary import RequiredSet, Rules

MOST = 50
"""Tags on one space; more would only be read by a machine."""
MOST_COUNTED = 1_000
MOST_MEANT = 3
CLOSE = 80
"""Of 100: how like a new word has to be to a known one before one asks."""
SHORTEST = 4
"""Letters of a word that can be a slip of the pen; shorter ones are all alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """What came of it: `changed` of what was asked for, and all that the space has `now`."""

    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    now: tuple[str, ...]


def tag_space(
    house: House, actor: Actor, space: Space, tags: Sequence[str], *, by_compliance: bool = False
) -> Tagged:
    """Gives the tags; those that it had stay as they are.

    Raises:
        Refusal: one of them can't be a tag or is reserved, or they would be too many; then
            none is given.
    """
    names = tag_names(tags)
    with house.store.begin() as tx:
        tx.audit.serialise()  # a hold or a rule that is being made comes before or after this
        missing = set(names) - set(tx.tags.of(space.key))
        if not by_compliance:
            refuse_reserved(missing & tx.vocabulary.rules().reserved, "given")
        new = tx.tags.add(space.key, names, actor.person)
        now = tx.tags.of(space.key)
        if len(now) > MOST:
            raise Refusal(f"A space has at most {MOST} tags.", "Take some off first, by `untag`.")
        if new:
            tx.audit.add(Word.SPACE_TAG_ADD, actor, space=space.key, tags=list(new))
        tx.commit()
    return Tagged(changed=new, unchanged=tuple(n for n in names if n not in new), now=now)


def untag_space(
    house: House, actor: Actor, space: Space, tags: Sequence[str], *, by_compliance: bool = False
) -> Tagged:
    """Takes the tags off; those that it has not are told.

    Raises:
        Refusal: one of them is no tag, is reserved, or is held, or the last of those of which
            it has to have one; then none is taken.
    """
    names = tag_names(tags)
    with house.store.begin() as tx:
        tx.audit.serialise()
        before = tx.tags.of(space.key)
        no = why_not_off(
            space.type, before, names, rules=tx.vocabulary.rules(), by_compliance=by_compliance,
            held=tx.protections.held_tags(set(names) & set(before)),
        )  # fmt: skip
        if no is not None:
            raise no
        gone = tx.tags.remove(space.key, names)
        if gone:
            tx.audit.add(Word.SPACE_TAG_REMOVE, actor, space=space.key, tags=list(gone))
        now = tx.tags.of(space.key)
        tx.commit()
    return Tagged(changed=gone, unchanged=tuple(n for n in names if n not in gone), now=now)


def tag_names(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags as they are kept, each once. Raises Refusal: one of them can't be a tag."""
    return tuple(dict.fromkeys(tag_name(text) for text in tags))


def why_not_off(
    kind: SpaceType | None, before: Sequence[str], names: Sequence[str], *, rules: Rules,
    held: Collection[str], by_compliance: bool,
) -> Refusal | None:  # fmt: skip
    """What stands against taking `names` off a space that has `before`."""
    gone = set(names) & set(before)
    if stuck := sorted(gone & set(held)):
        return Refusal(f"“{'”, “'.join(stuck)}” can't be taken off for now.", "Ask compliance why.")
    if not by_compliance and (own := sorted(gone & rules.reserved)):
        return _reserved(own, "taken off")
    rest = set(before) - gone
    for one in rules.required if kind is not SpaceType.DIRECT else ():
        if gone & set(one.names) and not rest & set(one.names):
            return Refusal(
                f"Every space has {one.said}, and it would have none of them any more."
                if len(one.names) > 1
                else f"Every space has the tag {one.said}.",
                "Give it another of them first, by `tag`." if len(one.names) > 1 else "",
            )
    return None


def refuse_reserved(names: Collection[str], what: str) -> None:
    """Raises Refusal when there are any."""
    if names:
        raise _reserved(sorted(names), what)


def _reserved(names: Sequence[str], what: str) -> Refusal:
    return Refusal(
        f"“{'”, “'.join(names)}” can be {what} by compliance alone.",
        "Ask compliance; `tag rules` says which tags that are.",
    )


# -- rules ----------------------------------------------------------------------------------


def rules_of(house: House) -> Rules:
    """Which tags are reserved, and which are required. Anybody of ours may know them."""
    with house.store.read() as tx:
        return tx.vocabulary.rules()


def required_of(house: House) -> tuple[RequiredSet, ...]:
    """The sets of which every space of several people has to have a tag each."""
    return rules_of(house).required


def lacking(house: House, tags: Sequence[str]) -> tuple[RequiredSet, ...]:
    """The required sets of which a space with these tags would have none. Raises Refusal: one
    of them can't be a tag."""
    return sets_lacking(required_of(house), tag_names(tags))


def sets_lacking(
    required: Sequence[RequiredSet], names: Collection[str]
) -> tuple[RequiredSet, ...]:
    return tuple(one for one in required if not set(one.names) & set(names))


def lacking_of(tx: UnitOfWork, space: Space) -> tuple[RequiredSet, ...]:
    """The required sets of which a space has none; a conversation of two needs none."""
    if space.type is SpaceType.DIRECT or space.state is not SpaceState.LIVE:
        return ()
    return sets_lacking(tx.vocabulary.required(), tx.tags.of(space.key))


def check_new_tags(house: House, tags: Sequence[str], *, by_compliance: bool) -> tuple[str, ...]:
    """The tags that a space is to be born with, as they are kept.

    Raises:
        Refusal: one can't be a tag or is reserved, or a required one is lacking.
    """
    names, rules = tag_names(tags), rules_of(house)
    if not by_compliance:
        refuse_reserved(rules.reserved & set(names), "given")
    if len(names) > MOST:
        raise Refusal(f"A space has at most {MOST} tags.")
    if missing := sets_lacking(rules.required, names):
        words = [
            f"one of {', '.join(_givable(one, rules, by_compliance=by_compliance))}"
            if len(one.names) > 1
            else f"the tag {one.said}"
            for one in missing
        ]
        example = _givable(missing[0], rules, by_compliance=by_compliance)[0]
        raise Refusal(
            f"Every space has to have {', and '.join(words)}.",
            f"Say it along with the rest, such as: tagged {example}",
        )
    return names


def _givable(one: RequiredSet, rules: Rules, *, by_compliance: bool) -> tuple[str, ...]:
    """Those of a set that the caller may give; a set of reserved tags alone can't be made."""
    free = tuple(n for n in one.names if by_compliance or n not in rules.reserved)
    return free or one.names


# -- looking --------------------------------------------------------------------------------


def count_tags(house: House, *, visible_to: PersonKey | None) -> tuple[tuple[str, int], ...]:
    """Each tag with the number of live spaces that have it, the most used first; only of
    spaces that the reader may see (I13)."""
    with house.store.read() as tx:
        return tx.tags.counts(visible_to=visible_to, limit=MOST_COUNTED)


def tags_given(house: House, space: Space) -> tuple[tuple[Given, ...], tuple[RequiredSet, ...]]:
    """The tags of a space by name, with who gave each and when; and the required sets of which
    it has none."""
    with house.store.read() as tx:
        return tx.tags.given_to(space.key), lacking_of(tx, space)


def meant(
    house: House, names: Sequence[str], *, visible_to: PersonKey | None
) -> Mapping[str, tuple[str, ...]]:
    """For each of `names` that the caller never saw as a tag and that looks like one that they
    know: what may have been meant, likeliest first.

    Args:
        names: as they are kept.
        visible_to: who asks; None for compliance, who see all.
    """
    with house.store.read() as tx:
        known = _known_to(tx, visible_to)
    found = {}
    for name in names:
        if name not in known and (near := _near(name, known)):
            found[name] = near
    return found


def _known_to(tx: UnitOfWork, visible_to: PersonKey | None) -> tuple[str, ...]:
    """The most used first; the words of the rules are no secret."""
    rules = tx.vocabulary.rules()
    ruled = (*(n for one in rules.required for n in one.names), *sorted(rules.reserved))
    used = tx.tags.counts(visible_to=visible_to, limit=MOST_COUNTED)
    return tuple(dict.fromkeys((*(name for name, _ in used), *ruled)))


def _near(name: str, known: Sequence[str]) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process  # here: it costs its import only where it is needed

    alike = [other for other in known if silhouette(other) == silhouette(name)]
    others = [o for o in known if o not in alike and not is_numbered_apart(o, name)]
    if len(name) >= SHORTEST:
        hits = process.extract(
            name, others, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=MOST_MEANT
        )
        alike += [str(hit[0]) for hit in hits]
    return tuple(alike[:MOST_MEANT])
