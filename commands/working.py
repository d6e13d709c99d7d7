"""Long work of a conversation: one file declares what is done with each item, and begins it.

    @work("add members", noun="people")
    def add_each(working, items): ...           # -> one Came an item

    return begin(context, "add members", "Adding 1,000 people to Q3 plans", items)

The items are written down with the work before anything happens. Each is done once: its steps
derive from `Working.step_of`, and what came of it is written down before the next ones. The
process may die in between; whoever goes on does the items that are left, and of one that was
begun the effects find out what came of it. That it goes on at all, the progress, the waits that
Webex asks for, a stop and the result's card are `bot/working.py`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from cards.work import progress_card
from commands.confirming import NotYet
from commands.spec import Context, Reply
from domain.errors import Refusal
from domain.outgoing import Attached
from domain.people import Actor, Person, Role
from domain.works import Came, How, Item, Work
from spaces.spec import House

MOST_ITEMS = 100_000
MOST_GOING = 3
"""Works that one person may have going at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """What is done with items may look at.

    `role` is the caller's, read again now and then while it lasts: who was an officer when it
    began may be none when its last item comes.
    """

    house: House
    caller: Person
    role: Role
    work: Work
    stop: Callable[[], bool] = field(default=lambda: False)
    """Whether to leave off at the next good place, by raising `Stopped`."""

    @property
    def actor(self) -> Actor:
        return Actor(name=self.caller.email, person=self.caller.key)

    @property
    def run(self) -> str:
        """For `Plan.run`: its requests go behind those of the chat."""
        return f"work/{self.work.id}"

    @property
    def payload(self) -> Mapping[str, str]:
        return self.work.payload

    def step_of(self, item: Item) -> str:
        """Names an item's effects for ever."""
        return f"{self.work.step}/{item.number}"

    def context(self, item: Item | None = None) -> Context:
        """For what commands share; as if the caller had said it 1:1."""
        return Context(
            house=self.house, caller=self.caller, role=self.role, room=None, is_private=True,
            step=self.step_of(item) if item else self.work.step,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a work says in the end besides the table of its items."""

    notes: tuple[str, ...] = ()
    files: tuple[Attached, ...] = ()


Do = Callable[[Working, Sequence[Item]], Sequence[Came]]
"""Does some items and says what came of each, in their order. A Refusal that it raises is what
came of them; Throttled and Busy are waited for, and the same items come again."""
Finish = Callable[[Working], Result]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    name: str
    do: Do
    noun: str
    batch: int
    finish: Finish
    columns: tuple[str, str]


def _nothing_more(working: Working) -> Result:
    return Result()


_kinds: dict[str, Kind] = {}


def work(
    name: str, *, noun: str, batch: int = 1, finish: Finish = _nothing_more,
    columns: tuple[str, str] = ("Name", "What came of it"),
) -> Callable[[Do], Do]:  # fmt: skip
    """Declares the function below as what is done with the items of such works.

    Args:
        noun: what the items are, in the plural.
        batch: how many it is given at once.
        finish: called when all is through (also after a stop), for files and notes. It may be
            called again after a crash.
        columns: heads of the result's table: what an item is, and what came of it.
    """

    def declare(do: Do) -> Do:
        if name in _kinds:
            raise ValueError(f"there are two works named {name!r}")
        _kinds[name] = Kind(
            name=name, do=do, noun=noun, batch=batch, finish=finish, columns=columns
        )
        return do

    return declare


def kind_of(name: str) -> Kind | None:
    """None: a newer version began it, or it is no more."""
    return _kinds.get(name)


def begin(
    context: Context, kind: str, title: str, items: Sequence[Mapping[str, str]],
    payload: Mapping[str, str] | None = None,
) -> Reply:  # fmt: skip
    """Writes the work down and answers with its progress; it goes on by itself.

    Args:
        title: what is being done, with how much of it; people read it.
        items: each with what its doing needs, never a text that only searching would give.

    Raises:
        Refusal: there are too many items, or too much of this person's is going on already.
    """
    of_kind = _kinds[kind]
    if len(items) > MOST_ITEMS:
        raise Refusal(f"At most {MOST_ITEMS:,} {of_kind.noun} at once.", "Do it in several goes.")
    with context.house.store.begin() as tx:
        _refuse_if_too_many(tx.works.of_step(context.step), tx.works.open(), context)
        made = tx.works.add(
            context.step, kind, title, caller=context.caller.key, payload=payload or {},
            items=items,
        )  # fmt: skip
        tx.commit()
    return Reply(
        card=progress_card(made, 0, noun=of_kind.noun), about=about(made),
        afterwards=lambda: context.house.hand_over(made.id),
    )  # fmt: skip


def refuse_if_busy(context: Context) -> None:
    """For a command that does something before it begins its work. Raises Refusal."""
    with context.house.store.read() as tx:
        _refuse_if_too_many(tx.works.of_step(context.step), tx.works.open(), context)


def _refuse_if_too_many(known: Work | None, going: Sequence[Work], context: Context) -> None:
    mine = sum(one.caller == context.caller.key for one in going)
    if known is None and mine >= MOST_GOING:
        raise NotYet(
            f"{MOST_GOING} long works of yours are going on already.",
            "`works` shows them; one can be stopped there.",
        )


def about(of: Work) -> str:
    """By which the card of its progress is found."""
    return f"work/{of.id}"


def refused(name: str, no: Refusal) -> Came:
    return Came(how=How.REFUSED, name=name, said=str(no))
