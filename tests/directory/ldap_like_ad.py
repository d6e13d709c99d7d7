"""A server of its own process that does as Active Directory does, over ldaptor's.

``python -m tests.directory.ldap_like_ad HOME PLAIN-PORT TLS-PORT [--range N] [--limit N]
[--no-starttls] [--breaks-after N] [--references]``. ldaptor keeps the entries, reads filters
and speaks the protocol; here are what it lacks: pages (RFC 2696), StartTLS, ranges of values,
limits, references, and breaking off in the middle.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from ldaptor import inmemory, interfaces
from ldaptor.protocols import pureber, pureldap
from ldaptor.protocols.ldap import distinguishedname, ldaperrors, ldapserver
from twisted.internet import defer, protocol, reactor, ssl
from twisted.python import components

PAGED = b"1.2.840.113556.1.4.319"
STARTTLS = b"1.3.6.1.4.1.1466.20037"
READER = b"cn=reader,dc=example,dc=com"
HIDDEN = "ou=hidden,"


class Server(ldapserver.LDAPServer):  # type: ignore[misc]
    def checkControls(self, controls: Any) -> None:
        known = [c for c in controls or () if c[0] != PAGED]
        super().checkControls(known)

    def handle_LDAPExtendedRequest(self, request: Any, controls: Any, reply: Any) -> Any:
        options = self.factory.options
        if request.requestName != STARTTLS or options.no_starttls:
            raise ldaperrors.LDAPProtocolError(b"Unknown extended request")
        reply(pureldap.LDAPExtendedResponse(resultCode=0, responseName=STARTTLS))
        self.transport.startTLS(self.factory.certificate)

    fail_LDAPExtendedRequest = pureldap.LDAPExtendedResponse

    def handle_LDAPSearchRequest(self, request: Any, controls: Any, reply: Any) -> Any:
        if self.boundUser is None or self.boundUser.dn.getText().lower() != READER.decode():
            return pureldap.LDAPSearchResultDone(resultCode=50)
        paged = next((c[2] for c in controls or () if c[0] == PAGED), None)
        root = interfaces.IConnectedLDAPEntry(self.factory)
        found: list[Any] = []

        def searched(base: Any) -> Any:
            return base.search(
                filterObject=request.filter, scope=request.scope, sizeLimit=0,
                derefAliases=request.derefAliases, callback=found.append,
            )  # fmt: skip

        def told(_: Any) -> None:
            shown = [one for one in found if HIDDEN not in one.dn.getText().lower()]
            self._answer(request, shown, paged, reply)

        done = root.lookup(distinguishedname.DistinguishedName(request.baseObject))
        done.addCallbacks(lambda base: searched(base).addCallback(told), _no_such(reply))
        return done

    def _answer(self, request: Any, found: list[Any], paged: Any, reply: Any) -> None:
        options = self.factory.options
        start, size = _page(paged)
        some = found[start : start + size] if size else found
        code = 0
        if options.limit and start + len(some) > options.limit:
            some, code = some[: max(0, options.limit - start)], 4
        for entry in some:
            self.factory.sent += 1
            if options.breaks_after and self.factory.sent > options.breaks_after:
                self.transport.abortConnection()
                return
            self._send(request, entry, reply)
        if options.references and not start:
            reply(
                pureldap.LDAPSearchResultReference(
                    uris=[pureldap.LDAPString("ldap://DomainDnsZones.example.com/")]
                )
            )
        done = pureldap.LDAPSearchResultDone(resultCode=code)
        after = start + len(some)
        cookie = str(after).encode() if size and after < len(found) and not code else b""
        if paged is None:
            reply(done)
        else:
            value = pureber.BERSequence(
                [pureber.BERInteger(0), pureber.BEROctetString(cookie)]
            ).toWire()
            self._queue(done, [(PAGED, None, value)])

    def _send(self, request: Any, entry: Any, reply: Any) -> None:
        wanted = {name.lower() for name in request.attributes}
        step = self.factory.options.range
        attributes = []
        for name, values in entry.items():
            plain = name.lower() if isinstance(name, bytes) else name.encode().lower()
            asked = next((w for w in wanted if w.partition(b";")[0] == plain), None)
            if wanted and asked is None:
                continue
            all_of_them = sorted(values)
            start = 0
            if asked is not None and b";range=" in asked:
                start = int(asked.partition(b"range=")[2].partition(b"-")[0])
            if step and plain == b"member" and (start or len(all_of_them) > step):
                some = all_of_them[start : start + step]
                last = b"*" if start + step >= len(all_of_them) else b"%d" % (start + step - 1)
                if not start:
                    attributes.append((name, []))
                attributes.append((plain + b";range=%d-" % start + last, some))
            else:
                attributes.append((name, all_of_them))
        reply(
            pureldap.LDAPSearchResultEntry(
                objectName=entry.dn.getText(), attributes=attributes
            )
        )  # fmt: skip

    def handle(self, msg: Any) -> None:
        self._id = msg.id
        super().handle(msg)

    def _queue(self, op: Any, controls: Any) -> None:
        message = pureldap.LDAPMessage(op, controls=controls, id=self._id)
        self.transport.write(message.toWire())


def _no_such(reply: Any) -> Any:
    def said(failure: Any) -> None:
        failure.trap(ldaperrors.LDAPNoSuchObject)
        reply(pureldap.LDAPSearchResultDone(resultCode=32))

    return said


def _page(control: Any) -> tuple[int, int]:
    if control is None:
        return 0, 0
    decoded, _ = pureber.berDecodeObject(pureber.BERDecoderContext(), control)
    size, cookie = decoded[0].value, decoded[1].value
    return int(cookie or b"0"), size


class Factory(protocol.ServerFactory):  # type: ignore[misc]
    protocol = Server

    def __init__(self, root: Any, certificate: Any, options: Any) -> None:
        self.root, self.certificate, self.options = root, certificate, options
        self.sent = 0


def main(arguments: list[str]) -> None:
    read = argparse.ArgumentParser()
    read.add_argument("home", type=Path)
    read.add_argument("plain", type=int)
    read.add_argument("tls", type=int)
    for name in ("range", "limit", "breaks-after"):
        read.add_argument(f"--{name}", type=int, default=0)
    for name in ("no-starttls", "references"):
        read.add_argument(f"--{name}", action="store_true")
    options = read.parse_args(arguments)
    certificate = ssl.DefaultOpenSSLContextFactory(
        str(options.home / "server.key"), str(options.home / "server.pem")
    )
    with (options.home / "data.ldif").open("rb") as file:
        loaded = inmemory.fromLDIFFile(file)

    @defer.inlineCallbacks  # type: ignore[untyped-decorator]
    def serve() -> Any:
        root = yield loaded
        components.registerAdapter(lambda f: f.root, Factory, interfaces.IConnectedLDAPEntry)
        factory = Factory(root, certificate, options)
        reactor.listenTCP(options.plain, factory, interface="127.0.0.1")
        reactor.listenSSL(options.tls, factory, certificate, interface="127.0.0.1")

    serve().addErrback(_fatal)
    reactor.run()


def _fatal(failure: Any) -> None:
    failure.printTraceback()
    reactor.callWhenRunning(reactor.stop)


if __name__ == "__main__":
    main(sys.argv[1:])
