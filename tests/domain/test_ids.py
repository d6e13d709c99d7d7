import base64

import pytest

from domain.ids import RoomId, TeamId, WrongId

UUID = "9f3b1c3e-6a52-4e0e-9b36-1d2f3a4b5c6d"


def hydra_id(kind: str, cluster: str = "us") -> str:
    uri = f"ciscospark://{cluster}/{kind}/{UUID}"
    return base64.b64encode(uri.encode()).decode().rstrip("=")


def test_a_room_id_keeps_its_text_and_knows_its_uuid() -> None:
    text = hydra_id("ROOM")
    assert RoomId(text) == text
    assert RoomId(text).uuid == UUID


@pytest.mark.parametrize("text", [hydra_id("TEAM"), "", "hello", "=", "ü", hydra_id("ROOM")[:20]])
def test_what_is_no_room_id_is_refused_where_it_enters(text: str) -> None:
    with pytest.raises(WrongId):
        RoomId(text)


def test_a_teams_general_space_keeps_the_teams_cluster() -> None:
    team = TeamId(hydra_id("TEAM", cluster="urn:TEAM:eu-central-1_k"))
    assert team.general_space == hydra_id("ROOM", cluster="urn:TEAM:eu-central-1_k")
