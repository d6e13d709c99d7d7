"""The identities of the process, each with a lane for chat and one for what runs by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from domain.errors import Refusal
from webex.asking import SdkGateway
from webex.gateway import Gateway, Lane, Look, Webex
from webex.tokens import FixedToken, RefreshingToken, TokenSource
from webex.transport import Transport
from webex.values import WebexPerson


class Kept(Protocol):
    """Tokens that outlived a process."""

    @property
    def refresh(self) -> str: ...


class SdkWebex:
    """The identities of the process: the bot, and the compliance officer's integration.

    Args:
        bot, compliance, witness: where their tokens come from. The witness is a second
            compliance identity that only looks; without it compliance looks itself.
    """

    def __init__(
        self, bot: TokenSource, compliance: TokenSource | None, *, base_url: str,
        ca: str | None = None, per_minute: float = 300, witness: TokenSource | None = None,
        sleep: Callable[[float], None] | None = None,
    ) -> None:  # fmt: skip
        more: dict[str, Any] = {"base_url": base_url, "ca": ca, "per_minute": per_minute}
        if sleep is not None:
            more["sleep"] = sleep
        self._transports = [Transport(bot, **more)]
        self._bot = _lanes(self._transports[0])
        self._compliance: dict[Lane, SdkGateway] | None = None
        if compliance is not None:
            self._transports.append(Transport(compliance, **more))
            self._compliance = _lanes(self._transports[-1])
        self._witness = self._compliance
        if witness is not None:
            self._transports.append(Transport(witness, **more))
            self._witness = _lanes(self._transports[-1])

    @property
    def has_compliance(self) -> bool:
        return self._compliance is not None

    def bot(self, lane: Lane) -> Gateway:
        return self._bot[lane]

    def compliance(self, lane: Lane) -> Gateway:
        return _there(self._compliance)[lane]

    def witness(self, lane: Lane) -> Gateway:
        return _there(self._witness)[lane]

    def guarded(self, look: Look) -> Webex:
        return _Guarded(self, look)

    def close(self) -> None:
        for transport in self._transports:
            transport.close()


class _Guarded:
    """The same identities, with a last look before whatever they change."""

    def __init__(self, whole: SdkWebex, look: Look) -> None:
        self._whole = whole
        self._look = look

    @property
    def has_compliance(self) -> bool:
        return self._whole.has_compliance

    def bot(self, lane: Lane) -> Gateway:
        return self._whole._bot[lane].guarded(self._look)

    def compliance(self, lane: Lane) -> Gateway:
        return _there(self._whole._compliance)[lane].guarded(self._look)

    def witness(self, lane: Lane) -> Gateway:
        return _there(self._whole._witness)[lane].guarded(self._look)

    def guarded(self, look: Look) -> Webex:
        return _Guarded(self._whole, look)


def integration(
    *, base_url: str, client_id: str, client_secret: str, refresh: str, access: str = "",
    ca: str | None = None, on_renewed: Callable[[str, str], None] = lambda access, refresh: None,
    kept: Callable[[], Kept | None] = lambda: None,
) -> RefreshingToken:  # fmt: skip
    """The token of an OAuth integration, refreshed when Webex says 401 (webex-facts 3.5).

    Args:
        on_renewed: keeps the new access and refresh token.
        kept: what was kept last, by whichever process; tried when Webex refuses ours, since
            another process may have got a new refresh token in its place.
    """
    nobody = Transport(FixedToken("none"), base_url=base_url, ca=ca)

    def exchange(token: str) -> tuple[str, str] | None:
        form = {
            "grant_type": "refresh_token", "client_id": client_id,
            "client_secret": client_secret, "refresh_token": token,
        }  # fmt: skip
        made = nobody.exchange("access_token", form)
        if made is None and (other := kept()) is not None and other.refresh != token:
            return exchange(other.refresh)
        return (made["access_token"], made.get("refresh_token", token)) if made else None

    return RefreshingToken(access=access, refresh=refresh, exchange=exchange, on_renewed=on_renewed)


def _lanes(transport: Transport) -> dict[Lane, SdkGateway]:
    me: list[WebexPerson] = []
    return {lane: SdkGateway(transport, lane, me) for lane in Lane}


def _there(lanes: dict[Lane, SdkGateway] | None) -> dict[Lane, SdkGateway]:
    if lanes is None:
        raise Refusal(
            "I run without a compliance identity, so I only reach spaces that I am in.",
            "Ask the operator to connect one; `status` says what is missing.",
        )
    return lanes
