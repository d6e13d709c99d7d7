"""The words of the record, as ``thing:what``: one list, so that none is misspelt.

The record is what a regulator reads: words are added, never renamed.
"""

from __future__ import annotations

from enum import StrEnum


class Word(StrEnum):
    SPACE_CREATE = "space:create"
    SPACE_BLOCK = "space:block"
    SPACE_UNBLOCK = "space:unblock"
    SPACE_DELETE = "space:delete"
    SPACE_PURGE = "space:purge"
    SPACE_LOST = "space:lost"
    SPACE_SEEN_GONE = "space:seen-gone"
    SPACE_TAG_ADD = "space:tag:add"
    SPACE_TAG_REMOVE = "space:tag:remove"
    MEMBER_ADD = "member:add"
    MEMBER_REMOVE = "member:remove"
    MEMBER_MODERATOR = "member:moderator"
    KEEP_SET = "keep:set"
    KEEP_CLEAR = "keep:clear"
    HOLD_PLACE = "hold:place"
    HOLD_RELEASE = "hold:release"
    POLICY_WRITE = "policy:write"
    POLICY_SIMULATE = "policy:simulate"
    POLICY_APPROVE = "policy:approve"
    POLICY_IN_FORCE = "policy:in-force"
    POLICY_PAUSE = "policy:pause"
    POLICY_RESUME = "policy:resume"
    POLICY_RETIRE = "policy:retire"
    CASE_MOVE = "case:move"
    CASE_ANSWER = "case:answer"
    NOTICE_SEND = "notice:send"
    ALERT_SEND = "alert:send"
    MESSAGE_SEND = "message:send"
    CERTIFICATE = "certificate:make"
    INTENT_MAKE = "intent:make"
    INTENT_SETTLE = "intent:settle"
    PRESS_REFUSED = "press:refused"
    COMMAND_REFUSED = "command:refused"
    PAUSE = "house:pause"
    RESUME = "house:resume"
    RUN_START = "run:start"
    RUN_END = "run:end"
    CRAWL_END = "crawl:end"
    GROUP_ACCEPT = "group:accept"
    BRAKE = "brake:pull"
