"""A company in LDAP, as LDIF: 1,600 people, groups in groups and in a circle, hostile names."""

from __future__ import annotations

import base64
import struct
from collections.abc import Mapping, Sequence
from uuid import UUID

from tests.directory.ldap_servers import ADMIN, BASE, PASSWORD

MANY = 1600
HOSTILE = (
    "R&D (Core) *", "back\\slash", "x, y + z", 'the "quoted" ones', "Führung Zürich 組織",
    "*)(uid=*))(|(uid=*", "#hash <less> ;semi=", " lead and trail ", "a/b",
)  # fmt: skip
SID = b"\x01\x05" + b"\x00" * 5 + b"\x05" + struct.pack("<4I", 21, 11, 22, 33)


def sid(number: int) -> bytes:
    return SID + struct.pack("<I", number)


def escaped(value: str) -> str:
    """A value in a distinguished name."""
    said = "".join(f"\\{c}" if c in '\\,+"<>;=' else c for c in value)
    if said.startswith(("#", " ")):
        said = "\\" + said
    return said[:-1] + "\\ " if said.endswith(" ") else said


def uuid(number: int) -> str:
    return str(UUID(int=number + 2**64))


class Ldif:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, dn: str, **values: str | bytes | Sequence[str | bytes]) -> str:
        self.lines.append(_line("dn", dn))
        for name, given in values.items():
            for value in [given] if isinstance(given, str | bytes) else given:
                self.lines.append(_line(name, value))
        self.lines.append("")
        return dn

    def person(self, uid: str, number: int, **more: str | bytes | Sequence[str | bytes]) -> str:
        values: dict[str, str | bytes | Sequence[str | bytes]] = {
            "objectClass": "inetOrgPerson", "uid": uid, "cn": uid, "sn": uid,
            "mail": f"{uid}@example.com", "entryUUID": uuid(number),
        }  # fmt: skip
        values |= more
        return self.add(
            f"uid={uid},ou=people,{BASE}", **{k: v for k, v in values.items() if v != ""}
        )

    def account(self, name: str, number: int, **more: str | bytes | Sequence[str | bytes]) -> str:
        """As Active Directory has people."""
        values: dict[str, str | bytes | Sequence[str | bytes]] = {
            "objectClass": ["user", "extensibleObject"], "cn": name, "sn": name,
            "objectGUID": UUID(int=number).bytes_le,
            "objectSid": sid(number), "userAccountControl": "512", "primaryGroupID": "513",
            "entryUUID": uuid(number), "nTSecurityDescriptor": "x", "instanceType": "4",
            "objectCategory": f"cn=person,{BASE}",
        }  # fmt: skip
        return self.add(f"cn={escaped(name)},ou=people,{BASE}", **(values | more))

    def group(self, name: str, number: int, members: Sequence[str], under: str = "groups") -> str:
        return self.add(
            f"cn={escaped(name)},ou={under},{BASE}", objectClass="groupOfNames", cn=name,
            entryUUID=uuid(number), member=list(members) or [""],
        )  # fmt: skip

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def company(**more: Mapping[str, str]) -> str:
    made = Ldif()
    made.add(BASE, objectClass=["dcObject", "organization"], dc="example", o="Example")
    made.add(
        ADMIN, objectClass=["organizationalRole", "simpleSecurityObject"], cn="reader",
        userPassword=PASSWORD,
    )  # fmt: skip
    for unit in ("people", "groups", "more", "hidden"):
        made.add(f"ou={unit},{BASE}", objectClass="organizationalUnit", ou=unit)
    everyone = [made.person(f"p{number}", number) for number in range(MANY)]
    ana, ben, cleo = (
        made.person(name, 5000 + n) for n, name in enumerate(("ana", "ben", "Cleo"))
    )  # fmt: skip
    bare = made.person("bare", 5010, mail="")
    hidden = made.add(
        f"uid=secret,ou=hidden,{BASE}", objectClass="inetOrgPerson", uid="secret", cn="s", sn="s",
        mail="secret@example.com",
    )  # fmt: skip
    made.group("Everyone", 6000, everyone)
    # As somebody may write them: other case, spaces, another escape of the same letter.
    made.group("Finance", 6001, [ana, f"UID=Ben, OU=People, {BASE.upper()}"])
    made.group("finance", 6002, [cleo], under="more")
    made.group("Nobody", 6003, [])
    circle = [f"cn=Circle {n},ou=groups,{BASE}" for n in range(3)]
    made.group("Circle 0", 6010, [circle[1], ana])
    made.group("Circle 1", 6011, [circle[2], ben])
    made.group("Circle 2", 6012, [circle[0], circle[2], cleo])
    deep = [f"cn=Deep {n},ou=groups,{BASE}" for n in range(8)]
    for n, inner in enumerate([*deep[1:], ana]):
        made.group(f"Deep {n}", 6020 + n, [inner])
    made.group("With a stranger", 6030, [ana, f"uid=gone,ou=people,{BASE}"])
    made.group("With the hidden", 6031, [ana, hidden])
    made.group("With the nameless", 6032, [ana, bare])
    made.group("Around a stranger", 6033, [ben, f"cn=With a stranger,ou=groups,{BASE}"])
    for n, name in enumerate(HOSTILE):
        made.group(name, 6040 + n, [ana])
    made.group("Around the hostile", 6060, [
        *(f"cn={escaped(name)},ou=groups,{BASE}" for name in HOSTILE), ben,
    ])  # fmt: skip
    made.add(
        f"cn=Unix,ou=groups,{BASE}", objectClass="posixGroup", cn="Unix", gidNumber="77",
        memberUid=["ana", "p7"], entryUUID=uuid(6070),
    )  # fmt: skip
    made.add(
        f"cn=Unix lost,ou=groups,{BASE}", objectClass="posixGroup", cn="Unix lost", gidNumber="78",
        memberUid=["ana", "*)(uid=*"], entryUUID=uuid(6071),
    )  # fmt: skip
    made.add(
        f"cn=Unique,ou=groups,{BASE}", objectClass="groupOfUniqueNames", cn="Unique",
        uniqueMember=[f"{ana}#'0101'B", ben], entryUUID=uuid(6072),
    )  # fmt: skip
    _like_ad(made)
    return made.text


def _like_ad(made: Ldif) -> None:
    common = {"nTSecurityDescriptor": "x", "instanceType": "4", "groupType": "-2147483646"}
    aliases = made.account("Alma Álvarez", 9001, mail="alma@example.com", proxyAddresses=[
        "smtp:a.alvarez@example.com", "SMTP:Alma@Example.com", "X400:c=de;s=x", "sip:x@y.example",
    ], userPrincipalName="aalvarez@corp.example")  # fmt: skip
    off = made.account("Olaf Off", 9002, mail="olaf@example.com", userAccountControl="514")
    locked = made.account("Nils Nameless, off", 9003, userAccountControl="66050")
    made.account("Petra Primary", 9004, mail="petra@example.com", primaryGroupID="7001")
    made.add(
        f"cn=Sales,ou=groups,{BASE}", objectClass=["group", "extensibleObject"], cn="Sales",
        objectCategory=f"cn=group,{BASE}", objectGUID=UUID(int=6080).bytes_le, objectSid=sid(7001),
        member=[aliases, off, locked], entryUUID=uuid(6080), **common,
    )  # fmt: skip


def _line(name: str, value: str | bytes) -> str:
    if not value:
        return f"{name}:"
    octets = value if isinstance(value, bytes) else value.encode()
    return f"{name}:: {base64.b64encode(octets).decode()}"
