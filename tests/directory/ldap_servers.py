"""Real LDAP servers for tests, on a loopback port, with a certificate of their own CA.

Debian's slapd where the machine has it, as a company's OpenLDAP would run it; else, and always
for what only Active Directory does (ranges of values), ldaptor's server (`ldap_like_ad.py`).
"""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import trustme

from bot.settings import Settings
from directory.ldap import LdapDirectory, LdapPlace

BASE = "dc=example,dc=com"
ADMIN, PASSWORD = f"cn=reader,{BASE}", "Sesam-öffne-dich-42"
GROUP_FILTER = Settings.model_fields["ldap_group_filter"].default
USER_FILTER = Settings.model_fields["ldap_user_filter"].default
SCHEMAS = Path("/etc/ldap/schema")
MODULES = Path("/usr/lib/ldap")
SLAPD = shutil.which("slapd", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/libexec")
HAS_SLAPD = SLAPD is not None and (SCHEMAS / "msuser.schema").exists()
HOW = "Debian: apt-get install slapd (with its nis and msuser schema); no service is started."
START_SECONDS = 30
NO_LIMIT = f'limits dn.exact="{ADMIN}" size=unlimited'

CONF = """
include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/inetorgperson.schema
include {schemas}/nis.schema
include {schemas}/msuser.schema
modulepath {modules}
moduleload back_mdb
moduleload memberof
pidfile {home}/slapd.pid
TLSCertificateFile {home}/server.pem
TLSCertificateKeyFile {home}/server.key
{more}
database mdb
maxsize 268435456
suffix "{base}"
directory {home}/db
rootdn "cn=root,{base}"
rootpw {password}
{limits}
overlay memberof
index objectClass eq
index entryUUID,uid,cn,member eq
access to attrs=userPassword by anonymous auth by * none
access to dn.subtree="ou=hidden,{base}" by * none
access to * by dn.exact="{admin}" read by * none
"""


@dataclass(slots=True)
class LdapServer:
    """A server that runs. `kind` says which."""

    kind: str
    home: Path
    plain: int
    tls: int
    process: subprocess.Popen[bytes] | None = None
    command: list[str] = field(default_factory=list)

    @property
    def ca(self) -> Path:
        return self.home / "ca.pem"

    def start(self) -> None:
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log)
        until = time.monotonic() + START_SECONDS
        while not (_listens(self.plain) and _listens(self.tls)):
            if self.process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"{self.kind} did not start: {self.log()[-2000:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)

    def log(self) -> str:
        return (self.home / "log").read_text(errors="replace")

    def place(self, **more: object) -> LdapPlace:
        usual: dict[str, object] = {
            "url": f"ldaps://127.0.0.1:{self.tls}", "bind_dn": ADMIN, "password": PASSWORD,
            "base": BASE, "ca": self.ca, "group_filter": GROUP_FILTER, "user_filter": USER_FILTER,
            "page": 100, "seconds": 20,
        }  # fmt: skip
        return LdapPlace(**(usual | more))  # type: ignore[arg-type]

    def directory(self, **more: object) -> LdapDirectory:
        return LdapDirectory(self.place(**more))

    def starttls(self) -> str:
        return f"ldap://127.0.0.1:{self.plain}"


@contextlib.contextmanager
def slapd(home: Path, ldif: str, *, more: str = "", limits: str = NO_LIMIT) -> Iterator[LdapServer]:
    """The system's slapd with `ldif` in it. `more` are further lines of its configuration;
    slapd's own `limits` are 500 entries, however they are paged."""
    assert SLAPD is not None, HOW
    (home / "db").mkdir(parents=True)
    _certificate(home)
    conf = home / "slapd.conf"
    conf.write_text(
        CONF.format(
            schemas=SCHEMAS, modules=MODULES, home=home, base=BASE, password="root-only",
            admin=ADMIN, more=more, limits=limits,
        )
    )  # fmt: skip
    (home / "data.ldif").write_text(ldif)
    added = subprocess.run(
        [SLAPD, "-T", "add", "-q", "-f", str(conf), "-l", str(home / "data.ldif")],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert added.returncode == 0, added.stderr[-2000:]
    plain, tls = _port(), _port()
    made = LdapServer(
        kind="slapd", home=home, plain=plain, tls=tls,
        command=[SLAPD, "-d", "0", "-f", str(conf), "-h",
                 f"ldap://127.0.0.1:{plain} ldaps://127.0.0.1:{tls}"],
    )  # fmt: skip
    with _running(made):
        yield made


@contextlib.contextmanager
def like_ad(home: Path, ldif: str, *options: str) -> Iterator[LdapServer]:
    """ldaptor's server with `ldif` in it, and Active Directory's ways (`ldap_like_ad.py`)."""
    home.mkdir(parents=True, exist_ok=True)
    _certificate(home)
    (home / "data.ldif").write_text(ldif)
    plain, tls = _port(), _port()
    made = LdapServer(
        kind="ldaptor", home=home, plain=plain, tls=tls,
        command=[sys.executable, "-W", "ignore", "-m", "tests.directory.ldap_like_ad", str(home),
                 str(plain), str(tls), *options],
    )  # fmt: skip
    with _running(made):
        yield made


@contextlib.contextmanager
def _running(made: LdapServer) -> Iterator[None]:
    try:
        made.start()
        yield
    finally:
        made.stop()


def _certificate(home: Path) -> None:
    ca = trustme.CA()
    ca.cert_pem.write_to_path(home / "ca.pem")
    own = ca.issue_cert("127.0.0.1", "ldap.example.com")
    own.private_key_pem.write_to_path(home / "server.key")
    for place, blob in enumerate(own.cert_chain_pems):
        blob.write_to_path(home / "server.pem", append=place > 0)
    trustme.CA().cert_pem.write_to_path(home / "other-ca.pem")
    elsewhere = ca.issue_cert("ldap.elsewhere.example")
    elsewhere.private_key_pem.write_to_path(home / "elsewhere.key")
    elsewhere.cert_chain_pems[0].write_to_path(home / "elsewhere.pem")


def _port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex(("127.0.0.1", port)) == 0
