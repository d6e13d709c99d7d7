"""Groups from Microsoft Graph (Entra ID): what is asked, and when a group counts as wholly read.

`/groups`, and for each its `transitiveMembers` that are users: Microsoft expands what is nested.
A page that lacks, a count that does not agree, a member of which only an id is shown: then the
group is not known. Source: learn.microsoft.com/graph/api/group-list-transitivemembers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from directory.graph_asking import Asking, Gone
from directory.spec import DirectoryGroup

GLOBAL, US_GOV, US_DOD, CHINA = "global", "us-gov", "us-dod", "china"
CLOUDS = {
    GLOBAL: ("https://login.microsoftonline.com", "https://graph.microsoft.com/v1.0"),
    US_GOV: ("https://login.microsoftonline.us", "https://graph.microsoft.us/v1.0"),
    US_DOD: ("https://login.microsoftonline.us", "https://dod-graph.microsoft.us/v1.0"),
    CHINA: ("https://login.partner.microsoftonline.cn",
            "https://microsoftgraph.chinacloudapi.cn/v1.0"),
}  # fmt: skip
"""Where tokens come from, and where Graph is (learn.microsoft.com/graph/deployments)."""
EVENTUALLY = {"ConsistencyLevel": "eventual"}
"""Counting, filters and looking only for users want it (advanced query capabilities)."""
GROUP, USER = "id,displayName,visibility", "id,mail,proxyAddresses,userPrincipalName,accountEnabled"
MOST = 999
"""Entries in one answer; Graph gives no more."""
HIDDEN = "HiddenMembership"
GUEST = "#ext#"
"""In the principal name of a guest, which is nobody's address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphPlace:
    """Which tenant, who we are there, and what counts.

    Args:
        certificate: a PEM file with the certificate and its private key; or else `secret`.
        filter: which groups, in Graph's own language (OData).
        ca: certificates to trust in place of the machine's.
        seconds: for one answer.
        patience: how long to wait in all where Graph says to come again later, per question.
    """

    tenant: str
    client_id: str
    secret: str = field(default="", repr=False)
    certificate: Path | None = None
    login: str
    url: str
    filter: str = ""
    ca: Path | None = None
    seconds: float = 30
    patience: float = 120
    skips_nameless: bool = False


class GraphDirectory:
    kind = "graph"

    def __init__(self, place: GraphPlace, *, sleep: Callable[[float], None] | None = None) -> None:
        self._place = place
        self._sleep = sleep

    @property
    def name(self) -> str:
        return f"Microsoft Graph for {self._place.tenant}"

    def groups(self) -> Iterator[DirectoryGroup]:
        return self._read(self._place.filter)

    def named(self, name: str) -> Iterator[DirectoryGroup]:
        if not name.strip() or len(name) > 256:  # Graph's own bound of a displayName
            return iter(())
        own = f"({self._place.filter}) and " if self._place.filter else ""
        return self._read(f"{own}displayName eq {_literal(name)}")

    def _read(self, filter: str) -> Iterator[DirectoryGroup]:
        asked = {"$select": GROUP, "$top": str(MOST)}
        more = {"$filter": filter, "$count": "true"} if filter else {}
        with Asking(self.name, self._place, sleep=self._sleep) as asking:
            listed = list(asking.all("groups", asked | more, EVENTUALLY if filter else {}).items)
            for one in listed:
                yield self._group(asking, one)

    def _group(self, asking: Asking, given: Mapping[str, Any]) -> DirectoryGroup:
        id = asking.text(given, "id")
        try:
            answer = asking.all(
                f"groups/{quote(id, safe='')}/transitiveMembers/microsoft.graph.user",
                {"$select": USER, "$top": str(MOST), "$count": "true"}, EVENTUALLY,
            )  # fmt: skip
            users, why = {asking.text(user, "id"): user for user in answer.items}, ""
            if answer.count is not None and answer.count != len(users):
                why = f"Graph says that it has {answer.count:,} members and shows {len(users):,}"
            elif given.get("visibility") == HIDDEN and not users:
                why = "its members are hidden; Member.Read.Hidden would show them"
        except Gone:
            users, why = {}, "it was deleted just now"
        return self._told(id, str(given.get("displayName") or id), users.values(), why)

    def _told(self, id: str, name: str, users: Any, why: str) -> DirectoryGroup:
        emails: set[str] = set()
        aliases: dict[str, str] = {}
        nameless = disabled = 0
        for user in users:
            addresses = addresses_of(user)
            if user.get("accountEnabled") is False:
                disabled += 1
            elif addresses:
                emails.add(addresses[0])
                aliases |= dict.fromkeys(addresses[1:], addresses[0])
            else:
                nameless += 1
        skips = self._place.skips_nameless
        reasons = [why] if why else []
        if nameless and not skips:
            reasons.append(f"{nameless:,} of its members have no e-mail address, or none is shown")
        left = ((disabled, "disabled"), (nameless if skips else 0, "without an e-mail address"))
        return DirectoryGroup(
            source_id=f"{self.kind}:{id}", name=name, emails=frozenset(emails),
            aliases={other: main for other, main in aliases.items() if other not in emails},
            is_whole=not reasons, why="; ".join(reasons),
            notes=tuple(f"{number:,} {what} left out" for number, what in left if number),
        )  # fmt: skip


def addresses_of(user: Mapping[str, Any]) -> list[str]:
    """A user's addresses, the main one first: ``mail``, what ``proxyAddresses`` holds of SMTP,
    and the principal name where it is no guest's."""
    principal = str(user.get("userPrincipalName") or "")
    others = user.get("proxyAddresses") or ()
    found = [
        str(user.get("mail") or ""),
        *(str(one)[5:] for one in others if str(one)[:5].lower() == "smtp:"),
        "" if GUEST in principal.lower() else principal,
    ]
    return list(dict.fromkeys(one.strip().lower() for one in found if one.count("@") == 1))


def _literal(text: str) -> str:
    """A text in OData: a quote within it is doubled, and nothing else means anything."""
    return "'" + text.replace("'", "''") + "'"
