"""Deleting, and when it may be said: judged by the server's log and by what is left there."""

from __future__ import annotations

import pytest
import requests

from domain.errors import Refusal
from domain.ids import TeamId
from domain.intents import Intent, Outcome
from sandbox.handle import Control, Handle
from spaces.effects import perform, settle_open
from spaces.spec import House
from storage.store import Store
from tests.effects import BOT, OFFICER, WITNESS, deletion, destroyed, house_on, moderated
from webex.errors import NotAuthorised, Throttled
from webex.sdk import SdkWebex
from webex.tokens import FixedToken


@pytest.fixture
def house(sqlite_store: Store, webex: SdkWebex) -> House:
    return house_on(sqlite_store, webex)


def later(house: House, intent: Intent) -> Intent:
    """How the intent stands after the next process has settled what was open."""
    settle_open(house)
    with house.store.read() as tx:
        return tx.intents.by_id(intent.id)


def test_a_space_is_gone_when_two_identities_saw_that(house: House, control: Control) -> None:
    room = moderated(control)
    made = perform(house, deletion(house, room))
    assert made.outcome is Outcome.DONE
    assert (made.evidence["second_identity"], made.evidence["own_identity"]) == (
        "not found", "not found",
    )  # fmt: skip
    assert destroyed(control) == [room]
    looks = [e for e in control.log(what="request") if e["path"] == f"/rooms/{room}"]
    after = looks[[e["method"] for e in looks].index("DELETE") + 1 :]
    assert {(e["who"], e["status"]) for e in after} == {(WITNESS, 404), (BOT, 404), (OFFICER, 404)}


def test_who_is_no_moderator_only_leaves(house: House, control: Control) -> None:
    room = str(control.space("Theirs", creator="ana@example.com", members=[BOT])["id"])
    assert perform(house, deletion(house, room)).outcome is Outcome.LEFT
    assert destroyed(control) == []


def team_with_bot(sandbox: Handle, *, moderates_general: bool) -> tuple[str, str]:
    """A team's General space and one more of its spaces, which our bot moderates."""
    ready = sandbox.ready

    def ana(path: str, **body: object) -> str:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(
                ready["rest"] + path, json=body, verify=ready["ca"], timeout=30,
                headers={"Authorization": f"Bearer {ready['tokens']['ana@example.com']}"},
            )  # fmt: skip
        answer.raise_for_status()
        return str(answer.json()["id"])

    team = TeamId(ana("teams", name="Sales"))
    ana("team/memberships", teamId=team, personEmail=BOT, isModerator=moderates_general)
    room = ana("rooms", title="Deals", teamId=team)
    ana("memberships", roomId=room, personEmail=BOT, isModerator=True)
    return str(team.general_space), room


def test_a_team_s_space_is_archived_and_said_to_be(
    house: House, control: Control, sandbox: Handle
) -> None:
    _, room = team_with_bot(sandbox, moderates_general=False)
    made = perform(house, deletion(house, room))
    assert made.outcome is Outcome.ARCHIVED
    assert control.room(room)["archived"]
    assert destroyed(control) == []


def test_a_general_space_is_never_asked_to_be_deleted(
    house: House, control: Control, sandbox: Handle
) -> None:
    general, _ = team_with_bot(sandbox, moderates_general=True)
    made = perform(house, deletion(house, general))
    assert made.outcome is Outcome.CANCELLED
    assert "General" in str(made.evidence["why"])
    assert not _asked(control)


@pytest.mark.parametrize(
    ("kind", "more"),
    [("status", {"status": 403}), ("5xx", {"count": -1}), ("timeout", {"seconds": 0, "count": -1}),
     ("429", {"count": -1, "retry_after": "86400"})],
)  # fmt: skip
def test_what_the_witness_can_t_see_is_not_said_to_be_gone(
    house: House, control: Control, kind: str, more: dict[str, int]
) -> None:
    room = moderated(control)
    # It sees the space before; afterwards it is blind.
    fault = control.fault(kind, method="GET", path=f"/rooms/{room}", who=WITNESS, skip=1, **more)
    made = perform(house, deletion(house, room))
    assert control.fired(fault)
    assert made.outcome in (Outcome.OPEN, Outcome.UNKNOWN)
    assert destroyed(control) == [room]
    control.clear_faults()
    assert later(house, made).outcome is Outcome.DONE
    assert destroyed(control) == [room]


def test_a_witness_that_lost_its_power_sees_every_space_as_gone_and_is_not_believed(
    house: House, control: Control
) -> None:
    """We only leave the space; then to both identities it looks like one that is gone."""
    room = str(control.space("Theirs", creator="ana@example.com", members=[BOT])["id"])
    fault = control.fault("stale", method="GET", path=f"/rooms/{room}", who=WITNESS, skip=1)
    power = control.fault("status", status=403, method="GET", path="/memberships", who=WITNESS)
    made = perform(house, deletion(house, room))
    assert (control.fired(fault), control.fired(power)) == (1, 1)
    assert made.outcome is Outcome.UNKNOWN
    control.person(WITNESS, roles="")
    assert later(house, made).outcome is Outcome.UNKNOWN
    control.person(WITNESS, roles="compliance")
    assert later(house, made).outcome is Outcome.LEFT
    assert destroyed(control) == []


def test_what_our_own_identity_does_not_find_is_not_gone_while_the_second_sees_it(
    house: House, control: Control
) -> None:
    room = moderated(control)
    control.fault("5xx", method="DELETE", path=f"/rooms/{room}")
    stale = control.fault("stale", method="GET", path=f"/rooms/{room}", who=BOT, count=-1)
    assert perform(house, deletion(house, room)).outcome is Outcome.NOT_DONE
    assert destroyed(control) == []
    assert control.fired(stale) == 0  # nobody even had to ask it


def test_what_the_witness_does_not_find_is_not_gone_while_we_see_it(
    house: House, control: Control
) -> None:
    room = moderated(control)
    control.fault("5xx", method="DELETE", path=f"/rooms/{room}")
    control.fault("stale", method="GET", path=f"/rooms/{room}", who=WITNESS, skip=1)
    made = perform(house, deletion(house, room))
    assert made.outcome is Outcome.UNKNOWN
    assert later(house, made).outcome is Outcome.NOT_DONE
    assert destroyed(control) == []


@pytest.mark.parametrize("kind", ["5xx-after", "reset-after", "timeout-after"])
def test_a_lost_answer_is_not_asked_for_again(house: House, control: Control, kind: str) -> None:
    room = moderated(control)
    fault = control.fault(kind, method="DELETE", path=f"/rooms/{room}", seconds=0)
    assert perform(house, deletion(house, room)).outcome is Outcome.DONE
    assert control.fired(fault) == 1
    assert perform(house, deletion(house, room)).outcome is Outcome.DONE
    assert destroyed(control) == [room]
    assert _asked(control) <= 1  # one that was cut off is not in the log


def test_in_a_storm_of_429_nothing_happens_and_the_step_ends_as_not_done(
    house: House, control: Control
) -> None:
    room = moderated(control)
    storm = control.fault("429", method="DELETE", path="/rooms/*", count=-1, retry_after="86400")
    with pytest.raises(Throttled):
        perform(house, deletion(house, room))
    assert control.fired(storm) == 1
    control.clear_faults()
    assert settle_open(house).not_done == 1
    assert destroyed(control) == []


def test_a_dead_token_stops_the_run_and_nothing_is_inferred(house: House, control: Control) -> None:
    room = moderated(control)
    dead = control.fault("status", status=401, method="*", path="/*", count=-1)
    with pytest.raises(NotAuthorised):
        perform(house, deletion(house, room))
    assert control.fired(dead)
    with house.store.read() as tx:
        (left,) = tx.intents.open()
    assert left.outcome is Outcome.OPEN
    assert settle_open(house).not_done == 1  # it had never been asked for
    assert destroyed(control) == []


def test_a_token_that_dies_after_the_request_leaves_the_outcome_open(
    house: House, control: Control
) -> None:
    room = moderated(control)
    control.fault("status", status=401, method="GET", path="/rooms/*", who=WITNESS, skip=1,
                  count=-1)  # fmt: skip
    with pytest.raises(NotAuthorised):
        perform(house, deletion(house, room))
    assert settle_open(house).unknown == 1
    control.clear_faults()
    assert settle_open(house).done == 1
    assert (destroyed(control), _asked(control)) == ([room], 1)


def test_without_a_second_identity_nothing_is_deleted(
    sqlite_store: Store, sandbox: Handle, control: Control
) -> None:
    ready = sandbox.ready
    alone = SdkWebex(
        FixedToken(ready["tokens"]["bot"]), None, base_url=ready["rest"], ca=ready["ca"],
        sleep=lambda seconds: None,
    )  # fmt: skip
    house = house_on(sqlite_store, alone)
    with pytest.raises(Refusal):
        alone.witness("background")  # type: ignore[arg-type]
    made = perform(house, deletion(house, moderated(control)))
    assert made.outcome is Outcome.CANCELLED
    assert not _asked(control)
    alone.close()


def test_a_space_of_another_organisation_is_not_touched(house: House, control: Control) -> None:
    room = str(
        control.space(
            "Partner's", creator="eve@partner.example", members=["ana@example.com", BOT],
            moderators=[BOT],
        )["id"]
    )  # fmt: skip
    made = perform(house, deletion(house, room))
    assert made.outcome is Outcome.CANCELLED
    assert not _asked(control)


def test_a_clock_that_differs_from_webex_s_destroys_nothing(house: House, control: Control) -> None:
    room = moderated(control)
    offset = control.fault("date-offset", method="GET", path="/rooms/*", seconds=400, count=-1)
    made = perform(house, deletion(house, room))
    assert control.fired(offset)
    assert made.outcome is Outcome.CANCELLED
    assert not _asked(control)


def _asked(control: Control) -> int:
    return sum(e["method"] == "DELETE" for e in control.log(what="request"))
