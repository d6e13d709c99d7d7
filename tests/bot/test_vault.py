"""Renewed tokens outlive the process, and nobody reads them from the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.settings import load_settings
from bot.vault import Unreadable, Vault
from bot.wiring import build_house
from domain.clock import SystemClock
from sandbox.handle import Control
from spaces.spec import House
from storage.engine import open_engine
from storage.store import Store
from webex.gateway import Lane
from webex.sdk import SdkWebex

KEY = Fernet.generate_key().decode()


@contextmanager
def house(control: Control, tmp_path: Path, **more: str) -> Iterator[House]:
    ready = control.ready
    oauth = ready["oauth"]
    given = {
        "BOT_TOKEN": ready["tokens"]["bot"], "WEBEX_URL": ready["rest"], "CA_FILE": ready["ca"],
        "DATABASE_URL": f"sqlite:///{tmp_path / 'space.db'}", "ENCRYPTION_KEY": KEY,
        "CO_CLIENT_ID": oauth["client_id"], "CO_CLIENT_SECRET": oauth["client_secret"],
        "CO_REFRESH_TOKEN": oauth["refresh_token"],
    }  # fmt: skip
    made = build_house(
        load_settings({f"SPACEKEEPER_{name}": value for name, value in (given | more).items()})
    )
    yield made
    assert isinstance(made.webex, SdkWebex)
    made.webex.close()
    made.store.close()


def renewals(control: Control) -> int:
    return len([r for r in control.log(what="request") if r.get("path") == "/access_token"])


def asks(house: House) -> str:
    return house.webex.compliance(Lane.CHAT).classifications()[0].title


def test_a_renewed_token_is_taken_up_at_the_next_start(control: Control, tmp_path: Path) -> None:
    with house(control, tmp_path) as first:
        assert asks(first)
    assert renewals(control) == 1
    with house(control, tmp_path) as second:
        assert asks(second)
    assert renewals(control) == 1


def test_without_a_key_each_start_renews(control: Control, tmp_path: Path) -> None:
    for count in (1, 2):
        with house(control, tmp_path, ENCRYPTION_KEY="") as made:
            assert asks(made)
        assert renewals(control) == count


def test_no_token_stands_in_the_database_in_the_clear(control: Control, tmp_path: Path) -> None:
    with house(control, tmp_path) as made:
        assert asks(made)
        with made.store.read() as tx:
            assert tx.settings.get("token/compliance") is not None
    kept = vault(tmp_path, control.ready["oauth"]["refresh_token"]).kept()
    assert kept is not None
    secrets = [kept.access, kept.refresh, KEY, control.ready["oauth"]["client_secret"]]
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    assert files
    for path in files:
        held = path.read_bytes()
        assert not [secret for secret in secrets if secret.encode() in held], path


def test_an_expired_token_is_renewed_and_kept_anew(control: Control, tmp_path: Path) -> None:
    root = control.ready["oauth"]["refresh_token"]
    with house(control, tmp_path) as made:
        assert asks(made)
        before = vault(tmp_path, root).kept()
        assert before is not None
        control.call("POST", "expire")
        assert asks(made)
    after = vault(tmp_path, root).kept()
    assert after is not None
    assert after.access != before.access
    assert renewals(control) == 2


def vault(tmp_path: Path, root: str, key: str = KEY) -> Vault:
    store = Store(open_engine(f"sqlite:///{tmp_path / 'space.db'}"), SystemClock())
    return Vault(store, name="compliance", root=root, key=key)


def test_a_new_refresh_token_in_the_settings_counts(control: Control, tmp_path: Path) -> None:
    with house(control, tmp_path) as made:
        assert asks(made)
    assert vault(tmp_path, "another").kept() is None


def test_with_another_key_what_is_kept_is_as_if_it_were_not(
    control: Control, tmp_path: Path
) -> None:
    with house(control, tmp_path) as made:
        assert asks(made)
    other = Fernet.generate_key().decode()
    with pytest.raises(Unreadable):
        vault(tmp_path, control.ready["oauth"]["refresh_token"], other).kept()
    with house(control, tmp_path, ENCRYPTION_KEY=other) as made:
        assert asks(made)
    assert renewals(control) == 2
