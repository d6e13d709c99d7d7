"""What ``spacekeeper policy`` does: files read, compared, written and played, told in lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from getpass import getuser
from pathlib import Path

from bot.terminal import settings, told
from bot.wiring import build_house
from domain.clock import SystemClock
from domain.errors import Refusal
from domain.people import Actor
from domain.policies import PolicyState
from retention.filing import Difference, How, PolicyFile, apply, compare, read_file, write_file
from retention.rehearsing import rehearse
from spaces.spec import House


def differences(file: Path) -> tuple[Difference, ...]:
    with told(), _house() as (house, _):
        return compare(house, _read(file))


def tell(found: Sequence[Difference]) -> Iterator[str]:
    """The differences as lines, and what to do next."""
    for one in found:
        yield f"{_SIGNS[one.how]} {one.name}: {one.how}{f' ({one.why})' if one.why else ''}"
        for part, was, now in one.changes:
            yield f"    {part}: {was} -> {now}"
        if one.how in (How.NEW, How.CHANGED):
            yield f"    would hit {one.hits:,} spaces; {one.hit_before:,} are hit now"
            yield from _named("newly hit", one.newly, one.more_newly)
            yield from _named("released", one.released, one.more_released)
            if one.unknown:
                yield f"    not known of {one.unknown:,} spaces: nothing would be done to them"
    if any(one.how in (How.NEW, How.CHANGED) for one in found):
        yield "`spacekeeper policy apply FILE --as OFFICER` writes them; a second officer agrees."


def write(file: Path, author: str) -> Iterator[str]:
    with told(), _house() as (house, compliance):
        email = author.strip().lower()
        with house.store.read() as tx:
            person = tx.people.by_email(email)
        if email not in compliance or person is None:
            raise Refusal(
                f"{author} is no officer that I know.",
                "Name one of COMPLIANCE who has talked to the bot, or whom a sync has seen.",
            )
        made = apply(house, Actor(name=person.email, person=person.key), _read(file))
        if not made:
            yield "Nothing to do: the policies say that already."
        for one in made:
            yield (
                f"{one.version.name}: version {one.version.number} was written by operator"
                f" {getuser()} as {person.email}; it simulates. Somebody else of compliance says:"
                f" policy approve {one.version.name}"
            )


def play(file: Path) -> tuple[list[str], bool]:
    """The lines, and whether all came as expected."""
    with told():
        played = rehearse(_read(file), SystemClock())
    if not played:
        return ["There are no examples in the file."], False
    lines = [
        f"{'ok   ' if one.is_good else 'WRONG'} {one.policy} [{one.number}] “{one.title}”:"
        f" {one.came}" + ("" if one.is_good else f", expected {one.expected}. {one.why}")
        for one in played
    ]
    good = sum(one.is_good for one in played)
    return [*lines, f"{good} of {len(played)} as expected."], good == len(played)


def written() -> str:
    with told(), _house() as (house, _), house.store.read() as tx:
        return write_file(
            [one for one in tx.policies.all() if one.state is not PolicyState.RETIRED]
        )


def _named(what: str, titles: Sequence[str], more: int) -> Iterator[str]:
    if titles:
        rest = f" and {more:,} more" if more else ""
        yield f"    {what}: {', '.join(f'“{title}”' for title in titles)}{rest}"


def _read(file: Path) -> PolicyFile:
    try:
        return read_file(file.read_bytes())
    except OSError as no:
        raise Refusal(f"{file} can't be read: {no.strerror}.") from no


@contextmanager
def _house() -> Iterator[tuple[House, frozenset[str]]]:
    house = build_house(settings())
    try:
        yield house, house.compliance
    finally:
        house.store.close()


_SIGNS = {
    How.NEW: "+", How.CHANGED: "~", How.SAME: "=", How.NOT_NAMED: " ", How.WRONG: "!",
}  # fmt: skip
