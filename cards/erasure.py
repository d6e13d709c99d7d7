"""Erasing a person, as compliance sees it: what there is, who agreed, how it stands, what is left.

Bugs here hurt people: nothing is said to be erased that was not seen so, and an agreement is never
asked for without the code that stands for exactly this list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cards.kit import Action, Card, Child, card, facts, fields, head, plain, press, row, text
from cards.words import count, date, harmless, moment
from domain.erasures import ENDED, Erasure, ErasureState, ErasureView, Part, PartState
from domain.fields import Field, FieldKind
from domain.spaces import Space

_WIDTHS = (3, 2, 4)
_LIST_WIDTHS = (3, 2, 3)
PER_PAGE = 10
SAYS = {
    ErasureState.LOOKING: "it is being counted what there is",
    ErasureState.SHOWN: "a second officer has to agree",
    ErasureState.AGREED: "agreed to; can be called off",
    ErasureState.ERASING: "being erased",
    ErasureState.PARTLY: "partly done, the rest waits",
    ErasureState.DONE: "done",
    ErasureState.CANCELLED: "called off",
}


def erasure_card(view: ErasureView, *, zone: str = "UTC", can_agree: bool = False) -> Card:
    """One request. Args: can_agree: the code and its button are shown, where there is a code."""
    one = view.erasure
    asks = can_agree and bool(view.code)
    return card(
        f"{one.number}: {view.name}",
        *([plain(view.again, warns=True)] if view.again else []),
        facts(*_facts(view, zone)),
        *_warnings(view),
        *_table(view),
        *(_consequences(view) if one.state not in ENDED else []),
        *(_asking(view) if asks else []),
        *([plain(view.why_not)] if view.why_not and one.state is ErasureState.SHOWN else []),
        actions=_actions(view, asks=asks),
    )  # fmt: skip


def _facts(view: ErasureView, zone: str) -> Iterator[tuple[str, str]]:
    one = view.erasure
    yield "How it stands", f"{SAYS[one.state]}{f': {one.why}' if one.why else ''}"
    yield "Person", f"{view.name} ({view.email})" if view.email else view.name
    yield "Came", f"{date(one.received, zone)}, taken in by {view.by}"
    if one.state not in ENDED:
        left = f"{view.days_left} days left" if view.days_left >= 0 else "that day is over"
        yield "To be answered by", f"{date(one.due, zone)} ({left})"
    if one.extended:
        yield "Extended, because", one.extended
    if view.second:
        yield "Agreed to by", f"{view.second}, {moment(one.agreed_at, zone)}"
    if one.state is ErasureState.AGREED:
        yield "Begins", f"not before {moment(one.begins_at, zone)}"
    if one.looked_at:
        yield "Counted", moment(one.looked_at, zone)
    yield "Spaces", _spaces(view)
    yield "Messages", f"{view.messages:,}, with {count(view.files, 'file')}"
    yield "Conversations of two", f"{view.conversations:,}"
    yield "Memberships", f"{view.memberships:,}"
    if one.unseen:
        yield "Not to be seen any more", f"{count(one.unseen, 'space')} that they were in"
    if view.gone:
        yield "Messages erased so far", f"{view.gone:,}"
    if one.certificate:
        yield "Certificate", one.certificate


def _spaces(view: ErasureView) -> str:
    said = (f"{view.totals[state]:,} {state}" for state in PartState if view.totals.get(state))
    return ", ".join(said) or "none known"


def _warnings(view: ErasureView) -> Iterator[Child]:
    one = view.erasure
    if one.unknown:
        yield plain(f"Not known whole: {one.unknown}.", warns=True)
    if view.not_looked_at and one.state is not ErasureState.LOOKING:
        yield plain(f"{count(view.not_looked_at, 'space')} nobody has looked at yet.", warns=True)
    if not view.a_day and one.state not in ENDED:
        yield plain(
            "Nothing is erased: the operator allows none (SPACEKEEPER_ERASE_PER_DAY is 0).",
            warns=True,
        )


def _table(view: ErasureView) -> Iterator[Child]:
    if not view.sample:
        return
    yield head("Space", "Messages", "What becomes of it", widths=_WIDTHS)
    for space, part in view.sample:
        yield row(_title(space), _number(part), _becomes(part), widths=_WIDTHS)
    rest = sum(view.totals.values()) - len(view.sample)
    if rest > 0:
        yield plain(f"And {rest:,} more.")


def _title(space: Space) -> str:
    return harmless(space.shown_title, 60)


def _number(part: Part) -> str:
    return "not counted" if part.counted is None else f"{part.counted:,}"


def _becomes(part: Part) -> str:
    match part.state:
        case PartState.TO_DO if part.why:
            return part.why
        case PartState.TO_DO if part.is_direct:
            return "their messages go; the conversation stays"
        case PartState.TO_DO if part.is_member:
            return "their messages go, and they leave"
        case PartState.TO_DO:
            return "their messages go; they are not in it"
        case PartState.DONE:
            return f"erased: {part.deleted:,} messages"
        case PartState.WAITS:
            return f"waits: {part.why}"
        case PartState.LEFT:
            return f"left: {part.why}"
        case _:
            return part.why


def _consequences(view: ErasureView) -> Iterator[Child]:
    both = view.erasure.both_sides
    yield plain("What is deleted can't be brought back.", warns=True)
    yield plain(
        "In their conversations of two everything goes, what the others wrote, too."
        if both
        else "In their conversations of two only what they wrote goes; the rest is the others'."
    )
    yield text(
        "In Webex a deleted message stays readable for officers for as long as the company set in"
        " Control Hub. What others quoted, downloaded or wrote about them stays, as do meetings."
    )
    yield text(
        "Not known to anybody: spaces that they left before I came, without writing for 90 days."
    )


def _asking(view: ErasureView) -> Iterator[Child]:
    yield plain(f"To agree, type this code: {view.code}", bold=True)
    yield fields(
        Field(
            name="code", label="Code", kind=FieldKind.TEXT, hint=view.code, required=True,
            error="Type the code.",
        )
    )  # fmt: skip


def _actions(view: ErasureView, *, asks: bool) -> list[Action]:
    one, number = view.erasure, view.erasure.number
    found: list[Action] = []
    approve = f"erasure approve {number}"
    if asks:  # a card that asks for a code has one button
        return [
            press("Agree", "erasure approve", typed=f"{approve} {view.code}", number=number,
                  style="destructive", inputs=("code",))
        ]  # fmt: skip
    if one.state is ErasureState.SHOWN and view.code:
        found.append(press("Agree …", "erasure approve", typed=approve, number=number))
    if one.state not in ENDED:
        if one.extended_at is None:
            extend = f"erasure extend {number} because …"
            found.append(press("Two more months …", "erasure extend", typed=extend, number=number))
        cancel = f"erasure cancel {number}"
        found.append(press("Call it off", "erasure cancel", typed=cancel, number=number))
    if one.certificate:
        typed = f"certificate {one.certificate}"
        found.append(press("Certificate", "certificate", typed=typed, number=one.certificate))
    return found


def erasures_card(
    listed: Sequence[tuple[Erasure, str]], *, total: int, page: int = 1, zone: str = "UTC"
) -> Card:
    """The register. Args: listed: those of the page, each with whom it is about."""
    if not listed:
        return card(
            "No requests", text("Nobody has asked for a person to be erased."),
            actions=[press("Take one in …", "erase person")],
        )  # fmt: skip
    first = (page - 1) * PER_PAGE + 1
    pages = []
    if page > 1:
        pages.append(press("Back", "erasures", typed=f"erasures {page - 1}", page=str(page - 1)))
    if first - 1 + len(listed) < total:
        pages.append(press("Further", "erasures", typed=f"erasures {page + 1}", page=str(page + 1)))
    return card(
        f"Requests {first:,}–{first - 1 + len(listed):,} of {total:,}",
        head("Request", "Answer by", "How it stands", widths=_LIST_WIDTHS),
        *(
            row(f"{one.number}: {harmless(name, 60)}",
                "–" if one.state in ENDED else date(one.due, zone), SAYS[one.state],
                widths=_LIST_WIDTHS)
            for one, name in listed
        ),
        actions=[
            *pages,
            press(f"Open {listed[0][0].number}", "erasure", typed=f"erasure {listed[0][0].number}",
                  number=listed[0][0].number),
            press("Take one in …", "erase person"),
        ],
    )  # fmt: skip


def erasure_wanted_card(one: Erasure, *, by: str, messages: int, zone: str = "UTC") -> Card:
    """To the other officers: one of them is wanted as the second."""
    return card(
        f"{by} asks to erase a person",
        facts(
            ("Request", one.number), ("Messages", f"{messages:,}"),
            ("To be answered by", date(one.due, zone)),
        ),
        text("Nothing happens before one of you agrees. Look at it first."),
        actions=[
            press("Look at it", "erasure approve", typed=f"erasure approve {one.number}",
                  number=one.number),
            press("Call it off", "erasure cancel", typed=f"erasure cancel {one.number}",
                  number=one.number),
        ],
    )  # fmt: skip
