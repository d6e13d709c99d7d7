"""One card an owner a day: every space that is due, a choice for each, one press for all."""

from __future__ import annotations

from typing import Any

import pytest

from domain.audit import Word
from domain.ids import RoomId
from domain.lifecycle import CaseState
from tests.chats import Answer, Chat
from tests.commands.keeping import ANA, BEN, audited
from tests.nights import DAY, World

SETTINGS = {
    "CAP_PER_RUN": "50", "CAP_PER_DAY": "50", "CAP_SHARE": "1", "PACE_SECONDS": "0",
    "COOLING_HOURS": "0", "INVENTORY_HOURS": "100000",
}  # fmt: skip
HOSTILE = "**b** [x](https://evil.example) \u202e{{DATE}} ${x}"


@pytest.fixture
def bot_settings() -> dict[str, str]:
    return SETTINGS


def due(chat: Chat, number: int, *shared: int, **more: Any) -> tuple[World, list[dict[str, Any]]]:
    """`number` spaces of ana's that are due, of which some are ben's, too; and one night."""
    world = World(chat.process.house, chat.control)
    rooms = []
    for n in range(1, number + 1):
        owners = [ANA, BEN] if n in shared else [ANA]
        title = HOSTILE if n == number else f"Old {n:02}"
        # The longest unused is due first, so that the rows come in this order.
        rooms.append(world.space(title, idle=500 - n, moderators=owners, **more))
    for n in range(5):
        world.space(f"New {n}", idle=1)
    world.crawl()
    version = world.policy(cap=50)
    with chat.process.house.store.begin() as tx:
        for room in rooms:  # so many at once would pull the brake, were they found by the night
            key = tx.spaces.key_of(RoomId(room["id"]))
            assert key is not None
            tx.cases.begin(
                key, version=version.key, due=tx.now + 30 * DAY, state=CaseState.DUE,
                basis_at=tx.spaces.by_key(key).last_used, why="it is due",
            )  # fmt: skip
        tx.commit()
    world.night()
    return world, rooms


def states(world: World, rooms: list[dict[str, Any]]) -> list[CaseState]:
    return [case.state for room in rooms if (case := world.case(room)) is not None]


def row_of(card: Answer, title: str) -> str:
    """The name of the field of a space's row."""
    [line] = [one for one in card.text.splitlines() if title in one]
    return f"a{line.partition('.')[0]}"


def kept(world: World, room: dict[str, Any]) -> str:
    with world.house.store.read() as tx:
        keep = tx.protections.keep_of(world.key(room))
    return "" if keep is None else "for ever" if keep.until is None else f"{keep.until:%Y-%m-%d}"


def test_an_owner_of_thirty_due_spaces_answers_all_in_one_press(chat: Chat) -> None:
    world, rooms = due(chat, 30, 1, 2)
    ana, ben = chat.as_(ANA), chat.as_(BEN)
    card = ana.waits_for("30 spaces of yours")
    assert card.buttons == ["Send the answers"]
    assert "2 spaces of yours" in ben.card().text
    told = len(world.told(ANA))
    world.night()
    assert len(world.told(ANA)) == told, "a second digest on the same day"

    answered = ana.presses(
        card, "Send the answers",
        **{row_of(card, "Old 01"): "forever", row_of(card, "Old 03"): "day",
           row_of(card, "Old 04"): "not mine", "rest": "1y", "until": "2033-03-31"},
    )  # fmt: skip
    assert "All of them are answered" in answered.text
    assert "“Old 01” is kept for ever, said Ana" in answered.text
    assert "“Old 03” is kept until Thu 31 Mar 2033" in answered.text
    assert "“Old 04” is not yours, you said" in answered.text
    assert answered["id"] == card["id"], "the answer takes the card's place"
    assert [kept(world, rooms[n]) for n in (0, 2, 3)] == ["for ever", "2033-03-31", ""]
    year = f"{world.now().year + 1}-"
    assert all(kept(world, room).startswith(year) for room in (rooms[1], *rooms[4:]))
    assert states(world, rooms).count(CaseState.CLEAR) == 29
    assert world.case(rooms[3]).state is CaseState.WARNED  # type: ignore[union-attr]
    assert chat.eventually(lambda: "said Ana" in ben.card().text), "the other owner is told"
    assert "All of them are answered" in ben.card().text

    again = ana.presses(card, "Send the answers", rest="forever")
    assert "already" in again.text
    assert kept(world, rooms[2]) == "2033-03-31"
    assert len(audited(chat, Word.CASE_ANSWER)) == 29


def test_each_answer_stands_by_itself_and_what_is_left_can_be_answered_later(chat: Chat) -> None:
    world, rooms = due(chat, 6, 1, 2, 3)
    ana, ben = chat.as_(ANA), chat.as_(BEN)
    card, bens = ana.waits_for("6 spaces of yours"), ben.waits_for("3 spaces of yours")
    members = chat.rest(ANA, "GET", f"memberships?roomId={rooms[1]['id']}")["items"]
    mine = next(m for m in members if m["personEmail"] == ANA)
    chat.rest(BEN, "PUT", f"memberships/{mine['id']}", isModerator=False)
    assert "kept for ever" in ben.says(f"keep forever {rooms[2]['id']}")
    assert chat.eventually(lambda: "said Ben" in ana.card().text)
    # She still looks at the card as it was before.
    some = ana.presses(
        card, "Send the answers",
        **{row_of(card, "Old 01"): "day", row_of(card, "Old 02"): "90d",
           row_of(card, "Old 03"): "90d", row_of(card, "Old 04"): "90d"},
    )  # fmt: skip
    assert "Not done: You chose a day and named none." in some.text
    assert "Not done: Not allowed: only its moderators may do that." in some.text
    assert "“Old 03” is kept for ever, said Ben" in some.text
    assert kept(world, rooms[1]) == ""
    assert kept(world, rooms[2]) == "for ever"
    assert "4 spaces still wait for your answer" in some.text
    assert ana.presses(some, "Send the answers", rest="forever").text.count("for ever") >= 3
    assert kept(world, rooms[0]) == "for ever"
    assert "is kept for ever, said Ana" in chat.as_(BEN).card().text or bens
    assert "moved" not in ana.says("answers")


def test_a_digest_tells_nothing_new_of_a_space_that_its_owner_has_left(chat: Chat) -> None:
    world, rooms = due(chat, 3, 1, 2)
    ana, ben = chat.as_(ANA), chat.as_(BEN)
    card = ana.waits_for("3 spaces of yours")
    members = chat.rest(ANA, "GET", f"memberships?roomId={rooms[1]['id']}")["items"]
    mine = next(m for m in members if m["personEmail"] == ANA)
    chat.rest(BEN, "DELETE", f"memberships/{mine['id']}")
    chat.rest(BEN, "PUT", f"rooms/{rooms[1]['id']}", title="Takeover of Acme")
    world.crawl()
    assert "Takeover" in ben.says(f"keep forever {rooms[1]['id']}")
    assert chat.eventually(lambda: "2 spaces of yours" in ana.card().text)
    assert "Takeover" not in ana.card().text
    # She still looks at the card as it was before.
    some = ana.presses(card, "Send the answers", **{row_of(card, "Old 01"): "1y"})
    assert "is kept until" in some.text
    assert "Takeover" not in some.text
    assert "said Ben" not in some.text


def test_in_words_all_are_kept_or_shown_and_one_is_answered_by_its_own_card(chat: Chat) -> None:
    world, rooms = due(chat, 3)
    ana = chat.as_(ANA)
    ana.waits_for("3 spaces of yours")
    shown = ana.asks("answers")
    assert "3 spaces of yours" in shown.text
    assert "Nothing waits for your answer" in chat.as_(BEN).says("answers")
    further = ana.presses(
        shown, "Send the answers", a1="delete", a2="more", a3="not mine", rest="1y"
    )
    assert "Delete Old 01 …" in further.buttons
    assert kept(world, rooms[0]) == ""
    assert "482" not in further.text
    preview = ana.presses(further, "Delete Old 01 …")
    assert "Old 01" in preview.text
    assert "code" in preview.text.casefold()
    back = ana.asks("answers")
    assert "2 spaces" in back.text
    assert "is yours again" in ana.says(f"mine {rooms[2]['id']}")
    assert "3 spaces" in ana.says("answers")
    assert "Write it like 1y" in ana.says("keep all sometimes")
    assert "All of them are answered" in ana.says("keep all until 2033-03-31")
    assert [kept(world, room) for room in rooms] == ["2033-03-31"] * 3
    assert chat.eventually(  # her older cards say by then that all is answered, which is no answer
        lambda: "Nothing waits for your answer" in ana.says("keep all 1y")
    )


def test_a_digest_that_was_altered_does_nothing(chat: Chat) -> None:
    world, rooms = due(chat, 2)
    ana = chat.as_(ANA)
    card = ana.waits_for("2 spaces of yours")
    nonce = card.card["actions"][0]["data"]["nonce"]
    for inputs in (
        {"a1": "explode", "nonce": nonce}, {"a3": "forever", "nonce": nonce},
        {"cases": "1 2 3", "nonce": nonce}, {"a1": "delete" * 10, "nonce": nonce},
        {"until": "yesterday", "a1": "day", "nonce": nonce},
    ):  # fmt: skip
        since = chat.seq()
        ana.submits(card, inputs)
        chat.answer_to(ANA, str(card["roomId"]), since)
    chat.as_(BEN).says("help")
    assert [kept(world, room) for room in rooms] == ["", ""]
    assert states(world, rooms) == [CaseState.WARNED] * 2
