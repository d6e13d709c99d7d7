"""What Webex says of a person, in the forms that it says it in."""

from __future__ import annotations

import pytest

from sandbox.handle import Control
from webex.gateway import Lane
from webex.sdk import SdkWebex


@pytest.mark.parametrize("as_words", [True, False])
def test_whether_somebody_may_log_in_is_understood_in_either_form(
    webex: SdkWebex, control: Control, as_words: bool
) -> None:  # fmt: skip
    control.switch(person_flags_are_words=as_words)
    control.person("ben@example.com", login=False)
    people = webex.compliance(Lane.CHAT).people().items
    found = {person.emails[0]: person.login_enabled for person in people}
    assert found["ben@example.com"] is False
    assert found["ana@example.com"] is True
