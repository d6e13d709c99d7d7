from __future__ import annotations

from collections.abc import Sequence

from cards.sheets import Cell, Sheet, stamp, xlsx
from cards.words import count, named
from commands.answering import may_answer
from commands.arguments import SpaceArg
from commands.permissions import MODERATOR
from commands.spec import Context, Reply, command
from commands.working import Result, Working, begin, work
from domain.audit import Word
from domain.errors import Refusal
from domain.ids import MessageId, RoomId
from domain.messages import MessageView
from domain.outgoing import Attached
from domain.spaces import Space, SpaceState
from domain.works import Came, Item
from spaces.copying import Copied, copy_space
from spaces.messaging import note_reading

KIND = "copy"


@command(
    "copy", args=[SpaceArg(name="space")], allow=MODERATOR, group="Keeping",
    help="Take a copy of a space with you: what was said in it and who is in it, as a file.",
    example='copy "Q3 plans"',
    aliases=["take a copy of", "take a copy", "copy of", "copy space", "save a copy of",
             "export messages of", "export members of"],
    details=[
        ("what is in it", "what you can see there yourself: its messages and its people"),
        ("files", "stay where they are: each message has a link that opens it in Webex"),
        ("a copy", "changes nothing of what becomes of the space; a hold does not stop it"),
    ],
)  # fmt: skip
def copy(context: Context, space: Space) -> Reply:
    if space.state is SpaceState.GONE:
        raise Refusal("It is gone, so there is nothing left to copy.")
    return begin(
        context, KIND, f"Copying {named(space, 60)}", [], {"space": str(space.id)}
    )  # fmt: skip


def _finish(working: Working) -> Result:
    """Whether they may is read again, right before: it may have waited."""
    context, house = working.context(), working.house
    with house.store.read() as tx:
        space = tx.spaces.by_id(RoomId(working.payload["space"]))
    if space is None:
        raise Refusal("I don't know that space any more.")
    may_answer(context, space)
    made = copy_space(house, space, stop=lambda: _is_over(working))
    if context.is_compliance:
        note_reading(house, context.caller, space.id, read=len(made.messages))
    with house.store.begin() as tx:
        tx.audit.add(
            Word.SPACE_COPY, working.actor, space=space.key, work=working.work.id,
            messages=len(made.messages), members=len(made.members or ()),
        )  # fmt: skip
        tx.commit()
    return Result(notes=_notes(made), files=(_file(context, made),))


def _is_over(working: Working) -> bool:
    """Raises Refusal: somebody stopped it."""
    with working.house.store.read() as tx:
        now = tx.works.get(working.work.id)
    if now is not None and now.stopped_by:
        raise Refusal("It was stopped, so there is no copy.")
    return working.stop()


def _notes(made: Copied) -> tuple[str, ...]:
    people = "not all of its people could be read"
    if made.members is not None:
        people = count(len(made.members), "person", "people")
    cut = f"Only the latest {len(made.messages):,} messages are in it." if made.is_cut else ""
    return (
        f"Copied: {count(len(made.messages), 'message')}, {people}.",
        *(one for one in (cut, *made.notes) if one),
        "Files stay where they are; each message's link opens it in Webex.",
        "It is for you alone to pass on.",
    )


def _file(context: Context, made: Copied) -> Attached:
    now, zone = context.house.clock.now(), context.caller.time_zone
    space = made.space
    about: list[tuple[str, Cell]] = [
        ("Space", space.shown_title), ("Id", str(space.id)), ("Team", space.team or ""),
        ("Tags", ", ".join(space.tags)), ("Classification", space.classification or ""),
        ("Created", space.created), ("Copied", now), ("Copied for", context.caller.email),
        ("Messages", len(made.messages)),
        *(("Note", one) for one in _notes(made)[1:-1]),
    ]  # fmt: skip
    return xlsx(
        f"copy of {space.title or 'a space'} {stamp(now)}",
        Sheet(name="About", columns=("What", "Said"), rows=about),
        Sheet(name="Messages", columns=("When", "Who", "E-mail", "Said", "Files", "Answers",
                                        "Link", "Id"),
              rows=(_row(space, one) for one in made.messages)),
        Sheet(name="People", columns=("Name", "E-mail", "Moderator", "Ours"),
              rows=[(one.name, one.email, moderates, one.is_ours)
                    for one, moderates in made.members or ()]),
        zone=zone, says=f"{named(space, 60)}, as {context.caller.email} can see it.",
    )  # fmt: skip


def _row(space: Space, one: MessageView) -> Sequence[Cell]:
    link = f"webexteams://im?space={space.id.uuid}&message={MessageId(one.id).uuid}"
    return (
        one.created, one.author, one.person_email, one.text or one.markdown, len(one.files) or None,
        one.parent_id or None, link, one.id,
    )  # fmt: skip


@work(KIND, noun="spaces", finish=_finish)
def _each(working: Working, items: Sequence[Item]) -> Sequence[Came]:
    """It is one piece, made in the end: half a copy is none."""
    return ()
