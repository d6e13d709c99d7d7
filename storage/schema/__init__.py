"""Every table, by floor of meaning: the inventory, what is decided, what is done."""

from storage.schema.columns import Moment, from_ms, metadata, to_ms
from storage.schema.ending import deletion_request, tombstone
from storage.schema.inventory import (
    NONE,
    ad_group,
    classification,
    crawl,
    crawl_part,
    crawl_seat,
    domain,
    former_membership,
    group_email,
    group_member,
    membership,
    org,
    person,
    space,
    space_alias,
    space_domain,
    space_group,
    space_name,
    space_tag,
    tag,
    team,
)
from storage.schema.record import (
    audit,
    inbox,
    intent,
    lease,
    nonce,
    run,
    sent_card,
    setting,
)
from storage.schema.retention import (
    answer,
    approval,
    block_record,
    certificate,
    decision,
    hold,
    hold_target,
    manual_keep,
    not_before,
    notice,
    policy,
    policy_version,
    retention_case,
    simulation,
    simulation_target,
)

__all__ = [
    "NONE", "Moment", "ad_group", "answer", "approval", "audit", "block_record", "certificate",
    "classification", "crawl", "crawl_part", "crawl_seat", "decision", "deletion_request", "domain",
    "former_membership", "from_ms", "group_email",
    "group_member", "hold", "hold_target", "inbox", "intent", "lease", "manual_keep",
    "membership", "metadata", "nonce", "not_before", "notice", "org", "person", "policy",
    "policy_version", "retention_case", "run", "sent_card", "setting", "simulation",
    "simulation_target", "space", "space_alias", "space_domain", "space_group", "space_name",
    "space_tag", "tag", "team", "to_ms", "tombstone",
]  # fmt: skip
