"""What proves what was ended, looked up again: certificates, by number and in order."""

from __future__ import annotations

from collections.abc import Mapping

from domain.errors import Refusal
from domain.views import CertificateRow
from spaces.spec import House
from storage.certificates import Certificate


def list_certificates(
    house: House, *, page: int, per_page: int
) -> tuple[tuple[CertificateRow, ...], int]:
    """A page, the latest first, and how many there are in all."""
    with house.store.read() as tx:
        found = tx.certificates.latest(count=per_page, skip=(page - 1) * per_page)
        return tuple(map(_row, found)), tx.certificates.count()


def find_certificate(house: House, number: str) -> tuple[CertificateRow, Mapping[str, object], str]:
    """A certificate, what it says, and its JSON as it was sealed. Raises Refusal: none."""
    with house.store.read() as tx:
        try:
            made = tx.certificates.by_number(number.strip().upper())
        except LookupError:
            raise Refusal(
                "There is no certificate of that number.", "`certificates` lists them."
            ) from None
    return _row(made), made.body, made.text


def _row(made: Certificate) -> CertificateRow:
    space, erasure = made.body.get("space"), made.body.get("erasure")
    said = space if isinstance(space, Mapping) else {}
    title = str(said.get("title") or "Untitled")
    if isinstance(erasure, Mapping):
        title = f"A person: {erasure.get('person')}"
    return CertificateRow(
        number=made.number, made_at=made.made_at, title=title,
        space_id=str(said.get("id", "")), why=_why(made.body), sha256=made.sha256,
        is_whole=made.is_whole,
    )  # fmt: skip


def _why(body: Mapping[str, object]) -> str:
    policy, request, erasure = body.get("policy"), body.get("request"), body.get("erasure")
    if isinstance(erasure, Mapping):
        return f"the request {erasure.get('number')}"
    if isinstance(policy, Mapping):
        return f"the policy “{policy.get('name')}”, version {policy.get('version')}"
    if isinstance(request, Mapping):
        return f"{request.get('by')} asked for it"
    return "not known"
