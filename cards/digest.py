"""The digest: every space of one owner that is due, with a choice for each and one press for all.

The fallback names each space with its date, whatever their titles are. A row that was answered says
so in its place, so that what others answered meanwhile is seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from cards.because import signed
from cards.kit import Bound, Button, Card, Child, card, fields, plain, press
from cards.parts import MOST_BUTTONS
from cards.speech import Speech
from cards.words import harmless, named, typed_name
from domain.answers import KEEPS, Choice, Row, Stand
from domain.fields import Field, FieldKind
from domain.ids import PersonKey
from domain.people import ANYBODY, Reader
from domain.policies import Ending
from domain.views import Warned

MOST = 30
"""Spaces on one card: with the longest titles the fallback still names each with its date."""
_LIFE = timedelta(days=60)
"""Longer than the time between two notices; each case is looked at again at the press."""
_MOST_BYTES = 7000
"""Of the fallback, with room for the code below it."""
_TITLES = (40, 24, 12)
"""Characters of a title in the fallback, where all would be too much."""
_CHOICES = {
    Choice.FOREVER: "digest.forever", Choice.YEAR: "digest.year", Choice.QUARTER: "digest.quarter",
    Choice.DAY: "digest.day", Choice.NOT_MINE: "digest.not_mine", Choice.DELETE: "digest.delete",
    Choice.MORE: "digest.more",
}  # fmt: skip
_ENDS = {
    Ending.DELETE: "deleted", Ending.BLOCK: "blocked", Ending.OUTSIDERS: "outsiders",
    Ending.PURGE: "purged", Ending.NOTIFY: "notify", Ending.KEEP: "notify",
}  # fmt: skip
_FOR_GOOD = frozenset({Ending.DELETE, Ending.PURGE})


def digest_card(
    rows: Sequence[Row], *, owner: PersonKey, reader: Reader = ANYBODY, page: int = 1,
    pages: int = 1, more: int = 0,
) -> Card:  # fmt: skip
    """Args: rows: from 0 to `MOST`, the soonest first. owner: only they may press. more: how many
    were not looked at now."""
    if len(rows) > MOST:
        raise ValueError(f"a digest is about at most {MOST} spaces")
    say = Speech(reader)
    left = [(n, one) for n, one in enumerate(rows, 1) if one.stand is Stand.OPEN]
    further = [one for one in rows if one.asked in (Choice.DELETE, Choice.MORE)]
    title = _title(rows, len(left), say)
    for_good = say("digest.for_good")
    notes = [
        *([say("digest.page", page=page, pages=pages, next=page % pages + 1)] if pages > 1 else []),
        *([say("digest.more_wait", count=more)] if more else []),
        *([for_good] if any(one.warned.ending in _FOR_GOOD for _, one in left) else []),
        *([say(_how(left))] if left else []),
    ]
    send = _send(rows, left, owner, say) if left and not further else None
    further_on = [*_further(further, owner, say)]
    return card(
        title,
        *(
            part
            for n, one in enumerate(rows, 1)
            for part in _row(n, one, say, asks=send is not None)
        ),
        *([fields(*_for_all(say))] if send is not None else []),
        *(plain(note, warns=note == for_good) for note in notes),
        *signed(say),
        actions=[send] if send is not None else further_on,
        text=_fallback(title, rows, notes, [send] if send is not None else further_on, say),
        spoken=say.spoken,
    )


def end_of(one: Warned) -> tuple[str, datetime]:
    """What comes of it in the end, as the catalogue's keys say it, and when."""
    is_deleted = one.ending is Ending.DELETE and one.gone_at is not None
    return _ENDS[one.ending], one.gone_at if is_deleted and one.gone_at else one.due


def _title(rows: Sequence[Row], left: int, say: Speech) -> str:
    if not rows:
        return say("digest.none")
    if left == len(rows):
        return say("warning.title.many", count=left)
    return say("digest.left", count=left) if left else say("digest.all_answered")


def _line(number: int, one: Row, say: Speech, longest: int = 40) -> str:
    # The date stands first: whatever is cut short, it is not.
    title, by = named(one.warned.space, longest), harmless(one.by, longest)
    match one.stand:
        case Stand.KEPT if one.until is None:
            return say("digest.kept_forever", number=number, space=title, by=by)
        case Stand.KEPT:
            until = say.date(one.until)
            return say("digest.kept_until", number=number, space=title, by=by, day=until)
        case Stand.NOT_MINE:
            return say("digest.is_not_mine", number=number, space=title)
        case Stand.OVER:
            return say("digest.over", number=number, space=title)
        case Stand.OPEN:
            end, day = end_of(one.warned)
            line = say(f"warning.line.{end}", number=number, day=say.date(day), space=title)
            return say("warning.line.last", line=line) if one.warned.is_last else line


def _row(number: int, one: Row, say: Speech, *, asks: bool) -> Iterator[Child]:
    yield plain(_line(number, one, say), longest=300, bold=one.warned.is_last)
    if one.refused:
        yield plain(say("digest.refused", why=say.retold(one.refused)), warns=True)
    if asks and one.stand is Stand.OPEN:
        yield fields(
            Field(
                name=f"a{number}", label=f"{number}.", kind=FieldKind.CHOICE,
                hint=say("digest.no_answer"),
                choices=tuple((str(choice), say(key)) for choice, key in _CHOICES.items()),
            )
        )  # fmt: skip


def _for_all(say: Speech) -> Iterator[Field]:
    yield Field(
        name="rest", label=say("digest.rest"), kind=FieldKind.CHOICE, hint=say("digest.no_answer"),
        choices=tuple((str(choice), say(_CHOICES[choice])) for choice in KEEPS),
    )  # fmt: skip
    yield Field(name="until", label=say("digest.until"), kind=FieldKind.DATE)


def _how(left: Sequence[tuple[int, Row]]) -> str:
    goes_on = any(one.warned.ending in (Ending.OUTSIDERS, Ending.PURGE) for _, one in left)
    return "digest.how" if goes_on else "digest.how_or_write"


def _send(
    rows: Sequence[Row], left: Sequence[tuple[int, Row]], owner: PersonKey, say: Speech
) -> Button:
    return press(
        say("digest.send"), "answers", typed="keep all 1y", style="positive",
        inputs=(*(f"a{number}" for number, _ in left), "rest", "until"),
        bound=Bound(only_for=owner, life=_LIFE),
        cases=" ".join(str(one.warned.case) for one in rows),
    )  # fmt: skip


def _further(rows: Sequence[Row], owner: PersonKey, say: Speech) -> Iterator[Button]:
    """What needs one more step, space by space; the last button leads back to the rest."""
    for one in rows[: MOST_BUTTONS - 1]:
        space = one.warned.space
        command = "delete" if one.asked is Choice.DELETE else "answer"
        yield press(
            say(f"digest.to_{command}", space=harmless(space.shown_title, 30)), command,
            typed=f"{command} {typed_name(space)}", space=str(space.id),
            bound=Bound(only_for=owner, space=space.key),
        )  # fmt: skip
    yield press(say("digest.back"), "answers", bound=Bound(only_for=owner))


def _fallback(
    title: str, rows: Sequence[Row], notes: Sequence[str], pressed: Sequence[Button], say: Speech
) -> str:
    spoken = say.spoken
    choices = ", ".join(map(say, ("digest.no_answer", *_CHOICES.values())))
    asks = any(button.press.inputs for button in pressed)
    end = [
        *([f"{say('digest.rest')} / {spoken.one_of}: {choices}",
           say("digest.until")] if asks else []),
        *notes,
        *(part.words for part in signed(say)),
        *(line for button in pressed for line in button.lines(100, spoken)),
    ]  # fmt: skip
    said = ""
    for longest in _TITLES:
        lines = [title]
        for number, one in enumerate(rows, 1):
            lines.append(_line(number, one, say, longest))
            if one.refused:
                lines.append(
                    say("digest.refused", why=harmless(say.retold(one.refused), 5 * longest))
                )
        said = "\n".join((*lines, *end)).replace("[look-alike letters]", spoken.look_alike)
        if len(said.encode()) <= _MOST_BYTES:
            break
    return said
