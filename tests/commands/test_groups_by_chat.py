"""Groups of the directory in conversation: listed, told when lost, accepted by compliance."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.tasks import run_job
from domain.audit import Word
from domain.groups import GroupState
from tests.chats import Chat
from tests.commands.companies import learn, make_space

MANY = [f"p{number}@example.com" for number in range(60)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "groups.csv"


@pytest.fixture
def bot_settings(file: Path) -> dict[str, str]:
    return {"DIRECTORY": "file", "DIRECTORY_FILE": str(file), "COMPLIANCE_GROUP": "Officers"}


def write(chat: Chat, file: Path, **groups: list[str]) -> str:
    """The file says so, and is read by the job. Gives how the run went."""
    lines = [f"{name.replace('_', ' ')},{email}" for name in groups for email in groups[name]]
    file.write_text("\n".join(["group,email", *lines]) + "\n")
    chat.clock.advance(minutes=1)
    return str(run_job(chat.process.house, "groups").outcome)


def test_groups_are_listed_with_what_is_known_of_them(chat: Chat, file: Path) -> None:
    cleo = chat.as_("cleo")
    assert "No groups yet" in cleo.says("groups")
    assert write(chat, file, Finance=MANY, Legal=["ana@example.com"]) == "done"
    told = cleo.says("groups")
    assert "2 groups" in told
    assert "Finance · known; read today · 60" in told
    assert "Legal · known; read today · 1" in told
    one = cleo.says("groups legal")
    assert "State: known" in one
    assert "Id: file:legal" in one
    assert "Id: file:finance" in cleo.says("groups fin"), "only one is found by that"
    assert "2 groups with “a”" in cleo.says("groups a")
    assert "No group with “nonsense”" in cleo.says("groups nonsense")


def test_a_group_that_shrank_is_told_looked_at_and_taken_by_a_code(chat: Chat, file: Path) -> None:
    write(chat, file, Finance=[*MANY, "ana@example.com"])
    write(chat, file, Finance=["ana@example.com", "ben@example.com"])
    cleo = chat.as_("cleo")
    alert = cleo.waits_for("“Finance” not known any more")
    assert "it had 61 members and has 2 now" in alert.text
    assert chat.as_("dora").waits_for("“Finance” not known any more")
    preview = cleo.presses(alert, "Look at Finance")
    assert "Lost: 60" in preview.text
    assert "New: 1" in preview.text
    assert "I did nothing yet" in preview.text
    code = preview.text.partition("type this code: ")[2][:6]
    assert "not the code" in cleo.presses(preview, "Take it as it is", code="000000").text
    assert "shrank" in cleo.says("groups finance")
    taken = cleo.says(f"confirm {code}")
    assert "known again" in taken
    assert "Members: 2" in taken
    assert "State: known" in cleo.says("groups finance")
    with chat.process.house.store.read() as tx:
        (record,) = tx.audit.since(word=Word.GROUP_ACCEPT)
        assert (record.detail["group"], record.detail["members"]) == ("Finance", 2)
        assert (record.detail["lost"], record.detail["new"]) == (60, 1)


def test_what_changed_since_it_was_shown_is_not_taken(chat: Chat, file: Path) -> None:
    write(chat, file, Finance=MANY)
    write(chat, file, Finance=["ana@example.com"])
    cleo = chat.as_("cleo")
    preview = cleo.asks("groups accept finance")
    code = preview.text.partition("type this code: ")[2][:6]
    file.write_text("group,email\nFinance,ben@example.com\n")
    assert "not any more as you were shown it" in cleo.says(f"confirm {code}")
    assert "shrank" in cleo.says("groups finance")


def test_a_group_that_is_gone_is_forgotten_when_somebody_says_so(chat: Chat, file: Path) -> None:
    write(chat, file, Finance=["ana@example.com"], Legal=["ben@example.com"])
    write(chat, file, Legal=["ben@example.com"])
    cleo = chat.as_("cleo")
    assert "does not have it any more" in cleo.waits_for("“Finance” not known any more").text
    assert "it is gone" in cleo.says("groups finance")
    preview = cleo.asks("groups accept finance")
    assert "It will be forgotten" in preview.text
    assert "is forgotten" in cleo.presses(preview, "Take it as it is").text
    assert "No group with “finance”" in cleo.says("groups finance")


def test_a_small_change_is_taken_by_a_press_and_a_press_counts_once(chat: Chat, file: Path) -> None:
    write(chat, file, Finance=["ana@example.com", "ben@example.com"], Legal=["ana@example.com"])
    write(chat, file, Legal=["ana@example.com"])
    file.write_text("group,email\nFinance,cleo@example.com\nLegal,ana@example.com\n")
    cleo = chat.as_("cleo")
    preview = cleo.asks("groups accept finance")
    assert "cleo@example.com · is new in it" in preview.text
    assert "Members: 1" in cleo.presses(preview, "Take it as it is").text
    cleo.presses(preview, "Take it as it is")
    with chat.process.house.store.read() as tx:
        assert len(list(tx.audit.since(word=Word.GROUP_ACCEPT))) == 1


def test_a_directory_that_does_not_answer_is_told_and_says_why(chat: Chat, file: Path) -> None:
    write(chat, file, Finance=MANY)
    file.unlink()
    chat.clock.advance(minutes=1)
    assert run_job(chat.process.house, "groups").outcome == "failed"
    cleo = chat.as_("cleo")
    told = cleo.says("groups finance")
    assert "its directory did not answer" in told
    assert "can't be read" in told
    assert "Members: 60" in told, "the last good value is kept"
    assert "I can't look now" in cleo.says("groups accept finance")
    run_job(chat.process.house, "alerts")
    assert "can't be read" in cleo.waits_for("does not answer").text


def test_a_new_name_is_told(chat: Chat, file: Path) -> None:
    """A file has no ids, so this is what a directory with ids says of one that it renamed."""
    write(chat, file, Finance=["ana@example.com"])
    with chat.process.house.store.begin() as tx:
        tx.connection.exec_driver_sql("UPDATE ad_group SET name = 'Money'")
        tx.commit()
    write(chat, file, Finance=["ana@example.com"])
    told = chat.as_("cleo").waits_for("1 group with another name now")
    assert "Money is now Finance" in told.text


def test_nobody_else_learns_of_groups(chat: Chat, file: Path) -> None:
    write(chat, file, Finance=["ana@example.com"])
    for words in ("groups", "groups finance", "groups accept finance"):
        told = chat.as_("ben").says(words)
        assert "that is for compliance" in told.lower()
        assert "ana@example.com" not in told
        assert "known" not in told


def test_a_group_finds_spaces_until_it_is_not_known(chat: Chat, file: Path) -> None:
    learn(chat, make_space(chat, "Q3 plans", members=("ben",)))
    write(chat, file, Finance=["ben@example.com", *MANY])
    cleo = chat.as_("cleo")
    assert "Q3 plans" in cleo.says("search group:finance")
    write(chat, file, Finance=["ben@example.com"])
    assert "Q3 plans" not in cleo.says("search group:finance")
    assert "Q3 plans" not in cleo.says("search -group:finance")


def test_who_joins_the_officers_group_is_compliance_and_who_leaves_it_is_not(
    chat: Chat, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.callers.FRESH", 0.0)  # who somebody is is believed for a minute
    ana = chat.as_("ana")
    learn(chat, make_space(chat, "Q3 plans"))
    write(chat, file, Officers=["ana@example.com"])
    assert "group" in ana.says("groups").lower()
    assert "State: known" in ana.says("groups officers")
    write(chat, file, Officers=["ben@example.com"])
    assert "that is for compliance" in ana.says("groups").lower()
    with chat.process.house.store.read() as tx:
        (found,) = tx.groups.named("officers")
        assert found.state is GroupState.KNOWN
