"""Who is in a space: adding people, as the bot where it is in it, else as compliance."""

from __future__ import annotations

from domain.audit import Word
from domain.ids import StepKey
from domain.intents import Plan
from domain.people import Actor, Person
from domain.spaces import Space
from spaces.effects import perform, refusal_of
from spaces.spec import House
from spaces.sync.live import touch
from webex.gateway import Lane


def add_member(house: House, actor: Actor, space: Space, person: Person, *, step: str) -> None:
    """Adds `person` to `space`. Raises Refusal when it did not come about."""
    with house.store.read() as tx:
        me = tx.people.by_id(house.webex.bot(Lane.CHAT).me().id)
        is_inside = me is not None and tx.spaces.is_member(space.key, me.key)
    via = "bot" if is_inside or not house.webex.has_compliance else "compliance"
    made = perform(
        house,
        Plan(
            kind="add member", step=StepKey(f"{step}/add"), word=Word.MEMBER_ADD, actor=actor,
            space=space.key, person=person.key,
            payload={"room": str(space.id), "person": str(person.id), "via": via},
        ),
    )  # fmt: skip
    if no := refusal_of(made, what=f"add {person.name}"):
        raise no
    touch(house, space.id)
