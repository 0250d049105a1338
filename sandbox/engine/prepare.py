"""Machine code made by several processes at once, on a machine that has none yet.

`python -m sandbox.engine.prepare sqs step` compiles one entry point, `… loop` the loop over nodes
and ticks, and without a name all that there is; what they compile is left in the cache of the user,
where `native` finds it.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from sandbox.engine.native import has_code, has_loop
from sandbox.services.contract import Service

LOOP = "loop"
_POLL_S = 0.1


def beforehand(services: Sequence[Service], progress: Callable[[int, int, str], None]) -> None:
    """Have what is missing compiled, by as many processes as there are CPUs.

    ``progress(done, of, title)`` is told what is being compiled.  What fails here is left to be
    compiled, and to fail with its words, where it is needed.
    """
    tasks = [] if has_loop() else [(LOOP, "", "the run")]
    tasks += [
        (service.id, law, service.title)
        for service in services
        for law in ("step", "control")
        # a plug-in is known by its folder only to the program that was told of it
        if service.module.startswith("sandbox.services.") and not has_code(service, law)
    ]
    workers = os.cpu_count() or 1
    if workers < 2 or len(tasks) < 2:
        return
    waiting, done = list(tasks), 0
    running: list[tuple[subprocess.Popen[bytes], str]] = []

    def stop() -> None:
        for process, _ in running:
            process.terminate()

    atexit.register(stop)
    try:
        while waiting or running:
            while waiting and len(running) < workers:
                name, law, title = waiting.pop(0)
                running.append((_start(name, law), title))
            progress(done, len(tasks), running[0][1])
            time.sleep(_POLL_S)
            over = [one for one in running if one[0].poll() is not None]
            done += len(over)
            running = [one for one in running if one not in over]
    finally:
        stop()
        atexit.unregister(stop)


def _start(name: str, law: str) -> subprocess.Popen[bytes]:
    """This Python in a process of its own, with the modules that this one would find."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return subprocess.Popen(
        [sys.executable, "-m", "sandbox.engine.prepare", name, *([law] if law else [])],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def main(name: str = "", law: str = "") -> None:
    """Compile one thing here, or everything in processes of their own."""
    from sandbox.document import Document, Node
    from sandbox.engine import Run
    from sandbox.engine.native import entry
    from sandbox.services import catalogue

    services = catalogue()
    if not name:
        beforehand(list(services.values()), lambda *_: None)
        return
    if name != LOOP:
        entry(services[name], law)
        return
    run = Run(Document(nodes=[Node("clients", "clients")]), services, window=True)
    run.advance(1)
    run.series("clients", "latency_p95")


if __name__ == "__main__":
    main(*sys.argv[1:])
