"""Names in LDAP: which are the same one, and how they are written into a filter."""

from __future__ import annotations

import warnings
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.names import dn_key, for_filter, guid, sid, without_uid
from tests.directory.ldap_company import escaped

with warnings.catch_warnings():  # as in directory/ldap.py
    warnings.simplefilter("ignore", DeprecationWarning)
    from ldap3.operation.search import MATCH_EQUAL, parse_filter
    from ldap3.protocol.convert import prepare_filter_for_sending


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cn=Ana,dc=example", "CN=ana,DC=Example"),
        ("cn=Ana,dc=example", " cn = Ana , dc = example "),
        (r"cn=a\,b,dc=x", r"cn=a\2cb,dc=x"),
        (r"cn=a\,b,dc=x", 'cn="a,b",dc=x'),
        (r"cn=Zo\c3\ab,dc=x", "cn=zoë,dc=x"),
        ("cn=a+uid=b,dc=x", "UID=b+CN=a,dc=x"),
        ("cn=a;dc=x", "cn=a,dc=x"),
        (r"cn=a\ ,dc=x", r"cn=a\20,dc=x"),
        ("cn=É,dc=x", "cn=é,dc=x"),
    ],
)
def test_two_ways_to_write_one_name(one: str, other: str) -> None:
    assert dn_key(one) == dn_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cn=a,dc=x", "cn=b,dc=x"), ("cn=a,dc=x", "cn=a,dc=x,dc=x"), ("cn=a,dc=x", "uid=a,dc=x"),
        (r"cn=a\,dc=x", "cn=a,dc=x"), (r"cn=a\+b=c,dc=x", "cn=a+b=c,dc=x"),
        (r"cn=a\ ,dc=x", "cn=a,dc=x"), ("nonsense", "other nonsense"), ("", "cn=a"),
        ('cn="a', 'cn="b'), ("cn=a\\", "cn=b\\"), ("cn=#04", "cn=4"),
    ],
)  # fmt: skip
def test_two_names(one: str, other: str) -> None:
    assert dn_key(one) != dn_key(other)


@given(st.text(min_size=1, max_size=40).filter(lambda t: "\0" not in t), st.text(max_size=20))
def test_a_value_is_one_value_whatever_is_in_it(value: str, other: str) -> None:
    written = dn_key(f"cn={escaped(value)},ou=x")
    assert len(written) == 2
    assert len(written[0]) == 1
    if other.casefold().strip() != value.casefold().strip() and "\0" not in other:
        hexed = "".join(f"\\{octet:02x}" for octet in value.encode())
        assert dn_key(f"cn={hexed},ou=x")[1] == written[1]


@given(st.text(max_size=60))
def test_a_value_in_a_filter_is_read_as_that_value(value: str) -> None:
    written = for_filter(value)
    assert written.isascii()
    assert written.isprintable()
    read = parse_filter(f"(cn={written or '*'})", None, False, None, None, False)
    if value:
        (leaf,) = read.elements
        assert leaf.tag == MATCH_EQUAL, "and nothing more"
        sent = prepare_filter_for_sending(leaf.assertion["value"])
        assert sent == value.encode(errors="surrogateescape")


def test_what_a_uid_is_appended_to() -> None:
    assert without_uid("cn=a,dc=x#'0101'B") == "cn=a,dc=x"
    assert without_uid("cn=a#b,dc=x") == "cn=a#b,dc=x"


def test_ids_of_active_directory() -> None:
    one = UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff")
    assert guid(one.bytes_le) == str(one)
    assert guid(b"\x01\x02") == "0102"
    assert sid(b"") is None
    assert sid(b"\x01\x05" + b"\x00" * 10) is None
    domain, number = sid(b"\x01\x02" + b"\x00" * 5 + b"\x05" + b"\x15\0\0\0" + b"\x01\x02\0\0") or (
        b"", 0
    )  # fmt: skip
    assert number == 513
    assert domain
