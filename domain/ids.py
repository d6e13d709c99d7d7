"""Typed ids: a `RoomId` is no `TeamId`, and finding that out late once closed 775 companies' sites.

A Webex REST id is base64 (padding stripped) of ``ciscospark://<cluster>/<TYPE>/<uuid>``
(webex-facts 1.0). Each class checks its TYPE when it is made, so a wrong kind of id fails
where it enters and not where something is deleted. Ids are never put together here from
parts: the cluster is not always ``us``. The one sanctioned exchange is
`TeamId.general_space`, which Webex documents.
"""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache
from typing import ClassVar, NewType, Self

SpaceKey = NewType("SpaceKey", int)
PersonKey = NewType("PersonKey", int)
TagKey = NewType("TagKey", int)
PolicyKey = NewType("PolicyKey", int)
PolicyVersionKey = NewType("PolicyVersionKey", int)
CaseKey = NewType("CaseKey", int)
HoldKey = NewType("HoldKey", int)
RequestKey = NewType("RequestKey", int)
ErasureKey = NewType("ErasureKey", int)
TombstoneKey = NewType("TombstoneKey", int)
StepKey = NewType("StepKey", str)
"""Names one planned change to Webex, for ever: the same step never gets a second intent."""


class WrongId(ValueError):
    """Something that is not an id of the wanted kind was given where one is needed."""


class WebexId(str):
    """A Webex REST id of one kind.

    Raises:
        WrongId: the text is not base64 of a Hydra URI, or names another kind of thing.
    """

    kind: ClassVar[str] = ""
    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        found = hydra(value)[1]
        if cls.kind and found != cls.kind:
            raise WrongId(f"an id of a {found} was given where one of a {cls.kind} is needed")
        return super().__new__(cls, value)

    @property
    def uuid(self) -> str:
        return hydra(self)[2]


@lru_cache(maxsize=8192)
def hydra(value: str) -> tuple[str, str, str]:
    """The (cluster, TYPE, uuid) that a REST id stands for."""
    try:
        text = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_").decode("ascii")
        scheme, _, rest = text.partition("://")
        cluster, kind, uuid = rest.split("/", 2)
    except (binascii.Error, ValueError, UnicodeError):
        raise WrongId("that is not a Webex id") from None
    if scheme != "ciscospark" or not uuid:
        raise WrongId("that is not a Webex id")
    return cluster, kind, uuid


class RoomId(WebexId):
    kind = "ROOM"
    __slots__ = ()


class PersonId(WebexId):
    kind = "PEOPLE"
    __slots__ = ()


class MessageId(WebexId):
    kind = "MESSAGE"
    __slots__ = ()


class MembershipId(WebexId):
    kind = "MEMBERSHIP"
    __slots__ = ()


class TeamMembershipId(WebexId):
    kind = "TEAM_MEMBERSHIP"
    __slots__ = ()


class OrgId(WebexId):
    kind = "ORGANIZATION"
    __slots__ = ()


class ClassificationId(WebexId):
    kind = "CLASSIFICATION"
    __slots__ = ()


class ActionId(WebexId):
    kind = "ATTACHMENT_ACTION"
    __slots__ = ()


class EventId(WebexId):
    kind = "EVENT"
    __slots__ = ()


class WebhookId(WebexId):
    kind = "WEBHOOK"
    __slots__ = ()


class TeamId(WebexId):
    kind = "TEAM"
    __slots__ = ()

    @property
    def general_space(self) -> RoomId:
        """The General space of the team: same uuid, other TYPE (APIB team-memberships)."""
        cluster, _, uuid = hydra(self)
        text = f"ciscospark://{cluster}/ROOM/{uuid}"
        return RoomId(base64.b64encode(text.encode()).decode().rstrip("="))
