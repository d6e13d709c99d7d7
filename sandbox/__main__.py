"""``python -m sandbox``: a Webex on this machine, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sandbox.server import Sandbox
from sandbox.tenants import PRESETS, TenantSpec, build


def main(argv: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="sandbox-") as folder:
        return asyncio.run(_serve(asked, Path(folder)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="on loopback; 0 takes any that is free")
    parser.add_argument("--ready", type=Path, help="file to write, as JSON, when it listens")
    parser.add_argument("--tenant", choices=["none", *PRESETS], default="none")
    parser.add_argument("--people", type=int)
    parser.add_argument("--spaces", type=int)
    parser.add_argument("--seed", type=int, default=1)
    return parser


async def _serve(asked: argparse.Namespace, folder: Path) -> int:
    sandbox = Sandbox(folder)
    if asked.tenant != "none" or asked.people or asked.spaces:
        tenant = asked.tenant if asked.tenant != "none" else "small"
        spec = TenantSpec.named(tenant, people=asked.people, spaces=asked.spaces, seed=asked.seed)
        report = build(sandbox.world, spec).report()
        print(" ".join(f"{name}={n}" for name, n in report.items()), file=sys.stderr)  # noqa: T201
    await sandbox.start(asked.port)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stopped.set)
    text = json.dumps(sandbox.ready(), indent=1)
    if asked.ready is not None:
        part = asked.ready.with_name(asked.ready.name + ".part")
        part.touch(mode=0o600)  # it holds tokens
        part.write_text(text)
        os.replace(part, asked.ready)
    else:
        print(text, flush=True)  # noqa: T201
    await stopped.wait()
    await sandbox.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
