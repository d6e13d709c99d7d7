"""Deleting a space by hand, by those who manage it: shown, asked for by a code, taken back or
done, by the server's own log."""

from __future__ import annotations

from domain.endings import RequestState
from tests.chats import Chat
from tests.commands.companies import members_of
from tests.commands.ending import (  # noqa: F401
    asks,
    bot_settings,
    button,
    code_on,
    company,
    deleted,
    hours,
    is_blocked,
    key_of,
    request_of,
    run,
    told,
)


def test_a_moderator_deletes_their_space_after_a_day(chat: Chat) -> None:
    room = company(chat)
    run(chat)
    ana = chat.as_("ana")
    shown = ana.asks('delete "Q3 plans"')
    for said in ("Q3 plans", room["id"][-8:], "3 people", "can't be brought back", "24 hours"):
        assert said in shown.text
    assert not is_blocked(chat, room)
    done = ana.presses(shown, button(shown), code=code_on(shown))
    assert "will be deleted" in done.text
    assert is_blocked(chat, room)
    assert "Ana Horvat" in chat.as_("ben").waits_for("will be deleted").text
    told(chat, room)
    assert "Q3 plans" in ana.says("deletions")
    hours(chat, 23)
    assert deleted(chat) == []
    said = hours(chat, 2)
    assert deleted(chat) == ["Q3 plans"], said
    request = request_of(chat, room)
    assert request is not None
    assert request.state is RequestState.DONE
    for name in ("ana", "ben"):
        assert "was deleted" in chat.as_(name).waits_for("was deleted").text
    assert "Certificate" in chat.as_("cleo").waits_for("Certificate SK-").text
    with chat.process.house.store.read() as tx:
        made = tx.certificates.of_space(key_of(chat, room))
        stone = tx.tombstones.of_space(key_of(chat, room))
        assert tx.audit.verify()
    assert made is not None
    assert made.body["request"]["by"] == "ana@example.com"  # type: ignore[index]
    assert stone is not None
    assert stone.was["title"] == "Q3 plans"
    hours(chat, 2)
    assert len(deleted(chat)) == 1


def test_another_owner_takes_it_back_and_it_is_as_it_was(chat: Chat) -> None:
    room = company(chat)
    before = members_of(chat, room), chat.control.room(room["id"])["room"]["isLocked"]
    asks(chat.as_("ana"))
    card = chat.as_("ben").waits_for("will be deleted")
    assert "It is not deleted" in chat.as_("ben").presses(card, "Take it back").text
    assert "is not deleted" in chat.as_("ana").waits_for("Ben Okafor took it back").text
    chat.eventually(lambda: not is_blocked(chat, room), "it was not put back")
    assert (members_of(chat, room), chat.control.room(room["id"])["room"]["isLocked"]) == before
    hours(chat, 30)
    assert deleted(chat) == []
    assert "Nobody has asked" in chat.as_("ana").says('delete undo "Q3 plans"')
    assert "Nobody has asked" in chat.as_("ana").says("deletions")


def test_without_the_code_nothing_is_asked_for(chat: Chat) -> None:
    room = company(chat)
    ana = chat.as_("ana")
    shown = ana.asks('delete "Q3 plans"')
    wrong = f"{(int(code_on(shown)) + 1) % 1_000_000:06d}"
    assert "not the code" in ana.says(f'delete "Q3 plans" code {wrong}')
    assert "not the code" in chat.as_("ben").says(f'delete "Q3 plans" code {code_on(shown)}')
    chat.clock.advance(minutes=16)
    assert "not the code" in ana.says(f'delete "Q3 plans" code {code_on(shown)}')
    assert request_of(chat, room) is None
    assert not is_blocked(chat, room)


def test_what_changed_since_it_was_shown_is_shown_anew(chat: Chat) -> None:
    room = company(chat)
    ana = chat.as_("ana")
    code = code_on(ana.asks('delete "Q3 plans"'))
    chat.rest("fay@example.com", "POST", "messages", roomId=room["id"], text="wait")
    again = ana.asks(f'delete "Q3 plans" code {code}')
    assert "has changed since" in again.text
    assert code_on(again) != code
    assert request_of(chat, room) is None
    assert "will be deleted" in ana.says(f'delete "Q3 plans" code {code_on(again)}')


def test_who_may_not_is_refused(chat: Chat) -> None:
    company(chat)
    for said in ('delete "Q3 plans"', 'delete "Q3 plans" code 123456', 'delete undo "Q3 plans"'):
        assert "only its moderators may do that" in chat.as_("fay").says(said)
        assert "I know no space" in chat.as_("emil").says(said)
    asks(chat.as_("ana"))
    chat.as_("ben").waits_for("will be deleted")
    assert "Q3 plans" not in chat.as_("fay").says("deletions")
    assert "Q3 plans" in chat.as_("ben").says("deletions")
    assert "Q3 plans" in chat.as_("cleo").says("deletions")


def test_a_keep_takes_it_back(chat: Chat) -> None:
    room = company(chat)
    asks(chat.as_("ana"))
    card = chat.as_("ben").waits_for("will be deleted")
    chat.as_("ben").presses(card, "Keep for ever")
    chat.eventually(lambda: not is_blocked(chat, room), "it was not put back")
    assert "keeps it" in chat.as_("ana").waits_for("is not deleted").text
    hours(chat, 30)
    assert deleted(chat) == []
    refused = chat.as_("ana").says('delete "Q3 plans"')
    assert "can't be deleted now" in refused
    assert "Kept by hand for ever" in refused


def test_what_becomes_of_it_is_told_as_it_is(chat: Chat) -> None:
    company(chat)
    ana = chat.as_("ana")
    kept = "No policy ends it: it is kept."
    assert kept in ana.says('space "Q3 plans"')
    code = code_on(ana.asks('delete "Q3 plans"'))
    assert "will be deleted" in ana.says(f'delete "Q3 plans" code {code}')
    for said in ('space "Q3 plans"', 'explain "Q3 plans"'):
        told_so = ana.says(said)
        assert "Somebody asked to delete it: it goes" in told_so
        assert kept not in told_so
    ana.says('delete undo "Q3 plans"')
    assert kept in ana.says('space "Q3 plans"')


def test_it_can_not_be_asked_for_twice(chat: Chat) -> None:
    company(chat)
    asks(chat.as_("ana"))
    chat.as_("ben").waits_for("will be deleted")
    assert "asked for already" in chat.as_("ben").says('delete "Q3 plans"')
    assert "asked to delete it" in chat.as_("ana").says('unblock "Q3 plans"')


def test_said_in_the_space_itself_the_code_goes_onto_the_card(chat: Chat) -> None:
    room = company(chat, with_bot=True)
    ana = chat.in_space(room, "ana")
    shown = ana.asks("delete here")
    assert "Every word" in ana.says(f"delete here code {code_on(shown)}")
    shown = ana.asks("delete here")
    done = chat.as_("ana").presses(shown, button(shown), code=code_on(shown))
    assert "will be deleted" in done.text


def test_who_asks_why_it_is_blocked_is_told(chat: Chat) -> None:
    company(chat)
    asks(chat.as_("ana"))
    chat.as_("ben").waits_for("will be deleted")
    told_of = chat.as_("fay").says('explain "Q3 plans"')
    assert "Somebody asked to delete it" in told_of
