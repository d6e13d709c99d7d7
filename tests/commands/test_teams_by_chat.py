"""Teams: who is put in and taken out, by whom, and what the General space has to do with it."""

from __future__ import annotations

from typing import Any

import pytest

from cards.words import harmless
from domain.ids import TeamId
from sandbox.showing import inputs_of
from tests.chats import BOT, Chat
from tests.commands.companies import learn, make_space, members_of
from tests.commands.test_search_by_chat import HOSTILE

ANA, BEN, CLEO, DORA = (f"{name}@example.com" for name in ("ana", "ben", "cleo", "dora"))
EVE = "eve@partner.example"


def team(chat: Chat, name: str = "Finance", *, by: str = ANA, others: tuple[str, ...] = ()) -> str:
    """A team that nobody made through the bot; it is known to the bot then."""
    id = str(chat.rest(by, "POST", "teams", name=name)["id"])
    for email in others:
        chat.rest(by, "POST", "team/memberships", teamId=id, personEmail=email)
    learn(chat)
    return id


def people_of(chat: Chat, id: str, by: str = ANA) -> dict[str, bool]:
    """Who is in a team by Webex's word, and whether they moderate it."""
    items = chat.rest(by, "GET", f"team/memberships?teamId={id}")["items"]
    return {one["personEmail"]: one["isModerator"] for one in items}


def general(id: str) -> dict[str, Any]:
    return {"id": str(TeamId(id).general_space)}


# -- adding -------------------------------------------------------------------------------------


def test_one_is_added_and_exactly_the_fields_of_a_teams_membership_are_shown(chat: Chat) -> None:
    id = team(chat)
    told = chat.as_("ana").says(f"add team member {BEN} to Finance")
    assert people_of(chat, id) == {ANA: True, BEN: False}
    [his] = [
        one
        for one in chat.rest(ANA, "GET", f"team/memberships?teamId={id}")["items"]
        if one["personEmail"] == BEN
    ]
    for said in (
        "Added to the team.", "Team: Finance", f"Membership id: {his['id']}", f"Team id: {id}",
        f"Person id: {his['personId']}", f"E-mail: {BEN}", "Person: Ben Okafor",
        f"Organisation id: {his['personOrgId']}", "Moderator: no", "Since: ",
    ):  # fmt: skip
        assert said in told
    assert "Monitor" not in told
    assert "Space id" not in told
    assert "who is in it is in the team" in told
    assert members_of(chat, general(id)) == {ANA: True, BEN: False}


@pytest.mark.parametrize("how", ["id", "e-mail"])
def test_compliance_adds_to_any_team_by_its_id_or_name(chat: Chat, how: str) -> None:
    id = team(chat)
    told = chat.as_("cleo").says(
        f"add team member {BEN} to {id if how == 'id' else 'the team FINANCE'} as moderator"
    )
    assert "Moderator: yes" in told
    assert people_of(chat, id) == {ANA: True, BEN: True}
    [made] = [
        e for e in chat.control.effects("membership.created")
        if e["object"]["personEmail"] == BEN and e["object"]["roomType"] == "group"
    ]  # fmt: skip
    assert made["actor"] == "compliance-service@example.com"


def test_a_person_can_be_said_by_id_and_the_form_asks_for_the_same(chat: Chat) -> None:
    id, ana = team(chat), chat.as_("ana")
    ben = chat.rest(ANA, "GET", f"people?email={BEN}")["items"][0]["id"]
    form = ana.asks("add member to team")
    assert list(inputs_of(form, "Send", {})) == ["people", "team", "moderator", "nonce"]
    assert "Added to the team." in ana.presses(form, "Send", people=ben, team="Finance").text
    assert people_of(chat, id) == {ANA: True, BEN: False}


def test_undo_takes_them_out_and_undo_of_that_puts_them_in(chat: Chat) -> None:
    id, ana = team(chat), chat.as_("ana")
    gone = ana.presses(ana.asks(f"add team member {BEN} to Finance"), "Undo")
    assert "Removed from the team." in gone.text
    assert people_of(chat, id) == {ANA: True}
    assert "Added to the team." in ana.presses(gone, "Undo").text
    assert people_of(chat, id) == {ANA: True, BEN: False}


def test_several_are_added_and_each_is_told(chat: Chat) -> None:
    id = team(chat, others=(BEN,))
    told = chat.as_("ana").says(
        f"add team members {BEN}, {CLEO}, nobody@example.com and {EVE} to Finance"
    )
    assert "Added 2 of 4 to the team." in told
    assert "Ben Okafor is in it already." in told
    assert "nobody with the address nobody@example.com" in told
    assert set(people_of(chat, id)) == {ANA, BEN, CLEO, EVE}


def test_who_adds_to_a_team_may_say_so_as_to_a_space(chat: Chat) -> None:
    id = team(chat, "Field sales")
    told = chat.as_("ana").says(f"add {BEN} to team Field sales")
    assert "It is a team's General space: who is in it is in the team." in told
    assert "make" in chat.as_("ana").says("help make moderator")
    made = chat.as_("ana").says(f"make {BEN} a moderator of the team Field sales")
    assert "Ben Okafor moderates it now." in made
    assert people_of(chat, id) == {ANA: True, BEN: True}


def test_a_team_that_is_younger_than_the_last_look_is_found_by_its_id(chat: Chat) -> None:
    learn(chat, make_space(chat, "Q3 plans"))
    id = str(chat.rest(ANA, "POST", "teams", name="Brand new")["id"])
    assert "Added to the team." in chat.as_("ana").says(f"add team member {DORA} to {id}")
    assert "I know no team" in chat.as_("ben").says(f"add team member {BEN} to {id}")
    assert people_of(chat, id) == {ANA: True, DORA: False}


def test_teams_of_one_name_are_told_apart_by_their_ids(chat: Chat) -> None:
    one, two = team(chat), team(chat)
    told = chat.as_("ana").says(f"add team member {BEN} to Finance")
    assert "2 teams have that name." in told
    assert one in told
    assert two in told
    assert "Did you mean “Finance”?" in chat.as_("ana").says(f"add team member {BEN} to Finanz")


# -- removing -----------------------------------------------------------------------------------


def test_who_leaves_a_team_leaves_its_spaces_which_is_said_before(chat: Chat) -> None:
    id, ana = team(chat, others=(BEN,)), chat.as_("ana")
    other = chat.rest(ANA, "POST", "rooms", title="Budget", teamId=id)
    chat.rest(ANA, "POST", "memberships", roomId=other["id"], personEmail=BEN)
    asked = ana.asks(f"remove team member {BEN} from Finance")
    assert "I did nothing yet" in asked.text
    assert "who leaves it leaves the whole team, with all of its spaces" in asked.text
    assert BEN in people_of(chat, id)
    done = ana.presses(asked, "Remove anyway")
    assert "Removed from the team." in done.text
    assert "not into its other spaces" in done.text
    assert set(people_of(chat, id)) == {ANA}
    assert set(members_of(chat, other)) == {ANA}


def test_anybody_may_leave_a_team(chat: Chat) -> None:
    id, ben = team(chat, others=(BEN,)), chat.as_("ben")
    asked = ben.asks("remove team member me from Finance")
    assert "Removed from the team." in ben.presses(asked, "Remove anyway").text
    assert set(people_of(chat, id)) == {ANA}


def test_the_last_moderator_of_a_team_stays_one(chat: Chat) -> None:
    id = team(chat, others=(BEN,))
    told = chat.as_("cleo").says(f"unmake moderator {ANA} in team Finance anyway")
    assert "A team always has a moderator, and that would be the last one." in told
    told = chat.as_("cleo").says(f"remove team member {ANA} from Finance anyway")
    assert "A team always has a moderator, and that would be the last one." in told
    assert people_of(chat, id) == {ANA: True, BEN: False}


# -- who may ------------------------------------------------------------------------------------

BOTH = (f"add team member {DORA} to Finance", f"remove team member {ANA} from Finance")


def test_a_member_of_the_team_may_not_and_learns_whom_to_ask(chat: Chat) -> None:
    id = team(chat, others=(BEN,))
    for said in BOTH:
        told = chat.as_("ben").says(said)
        assert "only its moderators may do that." in told
        assert "Ask one of them, or compliance." in told
    assert set(people_of(chat, id)) == {ANA, BEN}


def test_who_is_not_in_it_learns_nothing_of_it(chat: Chat) -> None:
    id = team(chat)
    there = [chat.as_("ben").says(said) for said in BOTH]
    nowhere = [chat.as_("ben").says(said.replace("Finance", "Nowhere")) for said in BOTH]
    assert [told.replace("Finance", "Nowhere") for told in there] == nowhere
    assert set(people_of(chat, id)) == {ANA}


def test_outsiders_put_nobody_anywhere(chat: Chat) -> None:
    id = team(chat, others=(EVE,))
    for said in BOTH:
        assert "only talk" in chat.as_(EVE).says(said)
    assert set(people_of(chat, id)) == {ANA, EVE}


# -- where we are in the team ourselves ---------------------------------------------------------


@pytest.fixture
def alone(stage: Chat) -> Chat:
    """A bot without a compliance officer's token."""
    stage.start(CO_ACCESS_TOKEN="", CO2_ACCESS_TOKEN="", OWN_DOMAINS="example.com")
    return stage


def test_without_an_officer_the_bot_works_as_a_moderator_of_the_team(alone: Chat) -> None:
    id = str(alone.rest(ANA, "POST", "teams", name="Finance")["id"])
    alone.rest(ANA, "POST", "team/memberships", teamId=id, personEmail=BOT, isModerator=True)
    ana = alone.as_("ana")
    told = ana.says(f"add team member {BEN} to Finance as moderator")
    assert "Added to the team." in told
    assert "Moderator: yes" in told
    assert people_of(alone, id) == {ANA: True, BOT: True, BEN: True}
    assert "no moderator of it any more" in ana.says(f"unmake moderator {BEN} in team Finance")
    asked = ana.asks(f"remove team member {BEN} from Finance")
    assert "Removed from the team." in ana.presses(asked, "Remove anyway").text
    assert people_of(alone, id) == {ANA: True, BOT: True}
    sent = [
        (one["method"], one["path"].rpartition("memberships")[0])
        for one in alone.control.log(what="request")
        if "memberships" in one["path"] and one["method"] != "GET" and one["who"] == BOT
    ]
    assert sent == [("POST", "/team/"), ("PUT", "/team/"), ("DELETE", "/team/")]


def test_where_the_bot_does_not_moderate_it_webex_refuses_and_it_says_what_helps(
    alone: Chat,
) -> None:
    id = str(alone.rest(ANA, "POST", "teams", name="Finance")["id"])
    alone.rest(ANA, "POST", "team/memberships", teamId=id, personEmail=BOT)
    told = alone.as_("ana").says(f"add team member {BEN} to Finance")
    assert "Webex would not add Ben Okafor" in told
    assert "If you make me a moderator" in told
    assert set(people_of(alone, id)) == {ANA, BOT}


# -- names, and a General space by its own title ------------------------------------------------


@pytest.mark.parametrize("name", HOSTILE[:5], ids=range(5))
def test_a_hostile_name_is_shown_and_does_nothing(chat: Chat, name: str) -> None:
    id, ana = team(chat, name), chat.as_("ana")
    told = ana.asks(f"add team member {BEN} to {id}")
    assert "Added to the team." in told.text
    assert harmless(name)[:30] in told.text
    assert "mentionedPeople" not in told
    assert "mentionedGroups" not in told


def test_whoever_names_the_general_space_itself_is_told_that_it_is_the_teams(chat: Chat) -> None:
    id = team(chat)
    told = chat.as_("cleo").says(f"add member {BEN} to {general(id)['id']}")
    assert "It is a team's General space: who is in it is in the team." in told
    assert people_of(chat, id) == {ANA: True, BEN: False}


def test_a_space_of_a_team_is_a_space_like_any_other(chat: Chat) -> None:
    id = team(chat)
    chat.rest(ANA, "POST", "rooms", title="Budget", teamId=id)
    make_space(chat, "Budget of old")
    learn(chat)
    told = chat.as_("ana").says(f'add member {BEN} to "Budget"')
    assert "Added." in told
    assert "General" not in told
    assert set(people_of(chat, id)) == {ANA}
