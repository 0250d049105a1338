"""A plugin of pytest: machine code reads the constants it would hold from memory, once for all.

With `DIALS` naming the names, every module-level number (or tuple or array of numbers) so called
is read by compiled code at a fixed address that its module and name say.  All of the code is then
compiled once, and a constant is changed by starting Python with another value in its module, and
what is derived from it with it: before the tests start, all values are written where the code
reads them.  Such code lies in a cache of its own (`XDG_CACHE_HOME`), never in the user's.
"""

from __future__ import annotations

import ctypes
import importlib
import mmap
import os
import sys
import zlib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from llvmlite import ir as llvm
from numba.core import base, cgutils, ir, lowering, typeinfer, types

BEGIN = 0x5EED_0000_0000
SLOT, SLOTS = 1 << 14, 1 << 24
PACKAGE = "sandbox.services"
_NORESERVE = 0x4000  # of Linux's mmap; and to stand at the address, or to fail
_FIXED = 0x100000

_names = frozenset(filter(None, os.environ.get("DIALS", "").split("|")))


def _values(value: Any) -> list[Any] | None:
    """The numbers of a constant in a row; None if it is no such thing."""
    if isinstance(value, (tuple, list)):
        parts = [_values(one) for one in value]
        known = [part for part in parts if part is not None]
        return [x for part in known for x in part] if known and len(known) == len(parts) else None
    if isinstance(value, np.ndarray):
        fits = value.dtype.kind in "if" and value.itemsize == 8 and value.nbytes <= SLOT
        return list(value.ravel()) if fits and value.flags.c_contiguous else None
    if isinstance(value, bool) or not isinstance(value, (int, float, np.int64, np.float64)):
        return [None] if isinstance(value, bool) else None
    return [value]


def _dialled(module: str, name: str, value: Any) -> bool:
    return name in _names and module.startswith(PACKAGE) and any(_values(value) or [])


def address(module: str, name: str) -> int:
    """Where a constant lies, whatever else there is."""
    return BEGIN + SLOT * (zlib.crc32(f"{module}.{name}".encode()) % SLOTS)


def _load(context: Any, builder: Any, at: int, value: Any, kind: Any) -> Any:
    """The constant as LLVM reads it, and where the next one lies."""
    if isinstance(value, tuple):
        parts = []
        for one, part in zip(value, kind, strict=True):
            loaded, at = _load(context, builder, at, one, part)
            parts.append(loaded)
        return context.make_tuple(builder, kind, parts), at
    if isinstance(value, bool):
        return context.get_constant_generic(builder, kind, value), at + 8
    whole = isinstance(value, (int, np.integer))
    here = types.int64 if whole else types.float64
    word = llvm.IntType(64) if whole else llvm.DoubleType()
    place = builder.inttoptr(llvm.Constant(llvm.IntType(64), at), word.as_pointer())
    return context.cast(builder, builder.load(place), here, types.unliteral(kind)), at + 8


def _array(context: Any, builder: Any, at: int, value: Any, kind: Any) -> Any:
    word = context.get_value_type(types.intp)
    made = context.make_array(kind)(context, builder)
    pointer = llvm.Constant(llvm.IntType(64), at).inttoptr(made.data.type)
    shape = [llvm.Constant(word, n) for n in value.shape]
    strides = [llvm.Constant(word, n) for n in value.strides]
    context.populate_array(
        made,
        data=pointer,
        shape=cgutils.pack_array(builder, shape),
        strides=cgutils.pack_array(builder, strides),
        itemsize=llvm.Constant(word, value.itemsize),
        meminfo=None,
    )
    return made._getvalue()


def _read(context: Any, builder: Any, module: str, name: str, value: Any, kind: Any) -> Any:
    at = address(module, name)
    if isinstance(value, np.ndarray):
        return _array(context, builder, at, value, kind)
    return _load(context, builder, at, value, kind)[0]


def _hook() -> None:
    """Let numba neither know the values while it finds types, nor write them into its code."""
    lower, infer = lowering.Lower.lower_assign, typeinfer.TypeInferer.typeof_global
    attribute = base.BaseContext.get_getattr

    def typeof_global(self: Any, inst: Any, target: Any, given: Any) -> None:
        name = getattr(given, "name", "")
        if _dialled(self.func_id.modname, name, given.value):
            kind = self.resolve_value_type(inst, given.value)
            if isinstance(kind, types.Array):
                kind = kind.copy(readonly=True)
            self.lock_type(target.name, types.unliteral(kind), loc=inst.loc)
            self.assumed_immutables.add(inst)
        else:
            infer(self, inst, target, given)

    def lower_assign(self: Any, kind: Any, inst: Any) -> Any:
        value, module = inst.value, self.func_ir.func_id.modname
        if isinstance(value, (ir.Global, ir.FreeVar)) and _dialled(module, value.name, value.value):
            return _read(self.context, self.builder, module, value.name, value.value, kind)
        return lower(self, kind, inst)

    def get_getattr(self: Any, kind: Any, name: str) -> Any:
        if isinstance(kind, types.Module):
            module, value = kind.pymod.__name__, getattr(kind.pymod, name)
            if _dialled(module, name, value):
                found = self.typing_context.resolve_module_constants(kind, name)
                return lambda context, builder, *_: _read(
                    context, builder, module, name, value, found
                )
        return attribute(self, kind, name)

    lowering.Lower.lower_assign = lower_assign
    typeinfer.TypeInferer.typeof_global = typeof_global
    base.BaseContext.get_getattr = get_getattr


def _file_by_layout() -> None:
    """Keep code that was compiled for records of another layout in a folder of its own."""
    from sandbox.engine import native

    folder = native._folder

    def layouts(source: bytes, module: Any = None) -> set[str]:
        found, todo = set[str](), native._imported(source)
        while todo:
            found |= todo
            todo = set().union(*(native._imported(native._SOURCES[name]) for name in todo)) - found
        kept = [vars(importlib.import_module(name)) for name in sorted(found)]
        kinds = {f"{n} {v}" for names in kept for n, v in names.items() if isinstance(v, np.dtype)}
        for service in (module, *(names.get("SERVICE") for names in kept)):
            if service is not None:
                records = service.params_record, service.state_record, service.cell_record
                kinds.add(f"{service.id} {records}")
        return kinds

    def place(name: str, source: bytes) -> Path:
        own = sys.modules.get(f"{PACKAGE}.{name}")
        text = "\n".join(sorted(layouts(source, getattr(own, "SERVICE", None))))
        path = folder(name, source)
        return path.with_name(f"{path.name}-{zlib.crc32(text.encode()):08x}")

    native._folder = place


def _reserve() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | _NORESERVE | _FIXED
    access = mmap.PROT_READ | mmap.PROT_WRITE
    size = ctypes.c_size_t(SLOT * SLOTS)
    at = libc.mmap(ctypes.c_void_p(BEGIN), size, access, flags, -1, ctypes.c_long(0))
    assert at == BEGIN, "the addresses of constants are taken"


def _read_by_code() -> set[tuple[str, str]]:
    """The modules and names of all constants that compiled functions read."""
    import sandbox.services

    folder = Path(sandbox.services.__file__).parent
    found = set()
    for path in sorted(folder.glob("*.py")):
        for function in vars(importlib.import_module(f"{PACKAGE}.{path.stem}")).values():
            if source := getattr(function, "py_func", None):
                read = source.__globals__
                for name in source.__code__.co_names:
                    found.add((source.__module__, name))
                    if isinstance(module := read.get(name), ModuleType):
                        found |= {(module.__name__, one) for one in source.__code__.co_names}
    return {(module, name) for module, name in found if module.startswith(PACKAGE)}


def write() -> None:
    """Put all values where compiled code reads them."""
    taken: dict[int, str] = {}
    for module, name in sorted(_read_by_code()):
        value = getattr(sys.modules[module], name, None)
        if _dialled(module, name, value):
            at = address(module, name)
            other = taken.setdefault(at, f"{module}.{name}")
            assert other == f"{module}.{name}", f"{other}, {module}.{name}: one address"
            for k, one in enumerate(_values(value) or []):
                whole = isinstance(one, (int, np.integer))
                kind = ctypes.c_int64 if whole else ctypes.c_double
                if one is not None:
                    kind.from_address(at + 8 * k).value = one


if _names:
    assert sys.platform == "linux", "constants are read at a fixed address on Linux only"
    _reserve()
    _hook()


def pytest_collection_finish() -> None:
    if _names:
        _file_by_layout()
        write()
