"""Machine code of the laws: one C entry point a service, compiled once and cached for the user.

numba's cache does not notice a change in a callee, so the cache folder is named by a hash of the
sources it was compiled from (the module, all of ours that it imports, and the versions of numba,
numpy and Python): no stale machine code survives an edit or an upgrade, a read-only installation
works, a copy in another folder finds what there is, and an edit of one service compiles that one
again.  Wrappers are compiled from a generated source whose file name is the service's module, which
is what numba needs to find its cache again.
"""

from __future__ import annotations

import hashlib
import re
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import carray, cfunc, types
from numba.core.caching import UserProvidedCacheLocator
from numba.extending import intrinsic
from platformdirs import user_cache_path

from sandbox.services.contract import Service
from sandbox.services.law import EVENT, LINK, NODE, WORLD, Tick, pointer

_lock = threading.RLock()

ENTRY = """
def {name}(w, i):
    world = carray(pointer(w), 1, WORLD)
    one = world[0]
    io = carray(pointer(one.nodes), one.nodes_n, NODE)[i]
    links = carray(pointer(one.links), one.links_n, LINK)
    k = one.classes
    tick = Tick(
        one.n, one.t, one.dt, one.epoch, one.era, one.load, one.seed, io.key, i,
        carray(pointer(one.ins + 8 * io.ins), io.ins_n, INT),
        links,
        links[io.out : io.out + io.out_n],
        carray(pointer(io.table), io.table_n, FLOAT),
        carray(pointer(one.node_mix + 16 * k * i), (2, k), FLOAT),
        carray(pointer(one.route + 8 * k * io.out), (io.out_n, k), FLOAT),
        world,
        carray(pointer(one.events), one.events_max, EVENT),
    )
    p = carray(pointer(io.p), 1, PARAMS)[0]
    s = carray(pointer(io.s), 1, STATE)[0]
    cells = carray(pointer(io.cells), io.cells_n, CELL)
    law(p, s, io, cells, tick)
"""


@intrinsic
def invoke(typing_context, function, world, index):  # type: ignore[no-untyped-def]
    """Call an entry point by its address."""
    signature = types.void(types.int64, types.int64, types.int64)

    def generate(context, builder, signature, args):  # type: ignore[no-untyped-def]
        word = ir.IntType(64)
        kind = ir.FunctionType(ir.VoidType(), [word, word])
        builder.call(builder.inttoptr(args[0], kind.as_pointer()), [args[1], args[2]])
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def borrowed(typing_context, value):  # type: ignore[no-untyped-def]
    """An array, or a tuple of arrays, whose references are not counted: the caller holds them.

    Counting is atomic, and costs as much as what the loop does with a node.
    """

    def strip(context: Any, builder: Any, kind: Any, part: Any) -> Any:
        if isinstance(kind, types.Array):
            array = context.make_array(kind)(context, builder, part)
            array.meminfo = array.meminfo.type(None)
            return array._getvalue()
        for i, item in enumerate(kind):
            stripped = strip(context, builder, item, builder.extract_value(part, i))
            part = builder.insert_value(part, stripped, i)
        return part

    def generate(context, builder, signature, args):  # type: ignore[no-untyped-def]
        return strip(context, builder, signature.args[0], args[0])

    return value(value), generate


# Read when this module is imported, so that a process never files the code it has imported under
# the name of sources that were changed meanwhile.
_ROOT = Path(__file__).parent.parent
_SOURCES = {
    f"sandbox.{folder}.{path.stem}": path.read_bytes()
    for folder in ("kernels", "engine", "services")
    for path in (_ROOT / folder).glob("*.py")
}
_IMPORT = re.compile(
    rb"^\s*from (sandbox[\w.]*) import (\([^)]*\)|.*)|^\s*import (sandbox[\w.]*)", re.M
)


def _imported(source: bytes) -> set[str]:
    """The modules of ours that a source names, `from package import module` included."""
    names = set()
    for package, what, module in _IMPORT.findall(source):
        names.add((package or module).decode())
        names.update(f"{package.decode()}.{name.decode()}" for name in re.findall(rb"\w+", what))
    return names & _SOURCES.keys()


def _fingerprint(source: bytes) -> str:
    """A hash of a source, of all it imports, and of what every entry point is made with."""
    found: set[str] = set()
    todo = _imported(source) | {__name__}
    while todo:
        found |= todo
        todo = set().union(*(_imported(_SOURCES[name]) for name in todo)) - found
    digest = hashlib.sha256(f"{numba.__version__} {np.__version__} {sys.version}".encode())
    for name in sorted(found):
        digest.update(name.encode() + _SOURCES[name])
    digest.update(source)
    return digest.hexdigest()[:16]


def _folder(name: str, source: bytes) -> Path:
    """The per-user folder of code compiled from exactly this source."""
    folder = user_cache_path("architecture-sandbox", appauthor=False) / "compiled"
    return folder / f"{name}-{_fingerprint(source)}"


class Locator(UserProvidedCacheLocator):
    """Files code without the path of its source, so that it is found wherever we are installed."""

    @classmethod
    def get_suitable_cache_subpath(cls, py_file: str) -> str:
        return Path(py_file).parent.name


def use_cache(name: str, source: bytes) -> None:
    """Point numba's cache at the folder of a source."""
    folder = _folder(name, source)
    folder.mkdir(parents=True, exist_ok=True)
    numba.config.CACHE_DIR = str(folder)
    numba.config.CACHE_LOCATOR_CLASSES = f"{__name__}.{Locator.__name__}"


def has_code(service: Service, law: str) -> bool:
    """Whether a law's entry point is in the cache, or there is no such law."""
    if getattr(service, law) is None:
        return True
    return any(_folder(service.id, service.code).rglob(f"*{_name(service, law)}-*.nbi"))


def has_loop() -> bool:
    """Whether the loop over nodes and ticks is in the cache."""
    return any(_folder("engine", _SOURCES["sandbox.engine.tick"]).rglob("*.nbi"))


def _name(service: Service, law: str) -> str:
    return f"{service.id}_{law}_entry"


_entries: dict[tuple[str, str, str], Any] = {}


def entry(service: Service, law: str) -> int:
    """The address of a service's compiled ``step`` or ``control``; 0 if it has none."""
    function = getattr(service, law)
    if function is None:
        return 0
    with _lock:
        # a plug-in edited and loaded again is another function: its source is part of the key
        key = (service.module, law, str(id(function)))
        if key not in _entries:
            _entries[key] = _compile(service, law, function)
        return int(_entries[key].address)


def _compile(service: Service, law: str, function: Callable[..., None]) -> Any:
    module = sys.modules[service.module]
    path = Path(str(module.__file__))
    use_cache(service.id, service.code)
    # inlined, so that what a law does not use of its Tick is never made
    source = getattr(function, "py_func", function)
    compiled = numba.njit(error_model="numpy", nogil=True, forceinline=True)(source)
    name = _name(service, law)
    space: dict[str, Any] = {
        "__name__": service.module,
        "carray": carray,
        "pointer": pointer,
        "Tick": Tick,
        "WORLD": WORLD,
        "NODE": NODE,
        "LINK": LINK,
        "EVENT": EVENT,
        "INT": np.dtype("i8"),
        "FLOAT": np.dtype("f8"),
        "PARAMS": service.params_record,
        "STATE": service.state_record,
        "CELL": service.cell_record,
        "law": compiled,
    }
    exec(compile(ENTRY.format(name=name), str(path), "exec"), space)
    made = cfunc("void(int64, int64)", cache=True, nopython=True, error_model="numpy")
    return made(space[name])


def compile_all(services: Iterable[Service], progress: Callable[[int, int, str], None]) -> None:
    """Compile the entry points of these services, telling ``progress(done, of, title)``."""
    wanted = list(services)
    for i, service in enumerate(wanted):
        progress(i, len(wanted), service.title)
        entry(service, "step")
        entry(service, "control")
    progress(len(wanted), len(wanted), "")
