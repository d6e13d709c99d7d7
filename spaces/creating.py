"""Creating a space for somebody, who then counts as its creator for us."""

from __future__ import annotations

from domain.audit import Word
from domain.ids import RoomId, StepKey
from domain.intents import Plan
from domain.people import Actor, Person
from domain.spaces import Space
from spaces.effects import perform, refusal_of
from spaces.spec import House
from spaces.sync.live import touch


def create_space(house: House, caller: Person, title: str, *, step: str) -> Space:
    """Creates a space with `caller` in it. `step` names the request for ever.

    Raises:
        Refusal: Webex would not, or it can't be seen yet whether it did.
    """
    actor = Actor(name=caller.email, person=caller.key)
    made = perform(
        house,
        Plan(
            kind="create room", step=StepKey(f"{step}/create"), word=Word.SPACE_CREATE,
            actor=actor, payload={"title": title},
        ),
    )  # fmt: skip
    if no := refusal_of(made, what="create that space"):
        raise no
    room = str(made.evidence["room"])
    joined = perform(
        house,
        Plan(
            kind="add member", step=StepKey(f"{step}/join"), word=Word.MEMBER_ADD, actor=actor,
            person=caller.key, payload={"room": room, "person": str(caller.id)},
        ),
    )  # fmt: skip
    if no := refusal_of(joined, what="add you to the space"):
        raise no
    space = touch(house, RoomId(room))
    with house.store.begin() as tx:
        tx.spaces.set_requested_by(space.key, caller.key)
        tx.commit()
    return space
