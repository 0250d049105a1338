"""The decorators of all kernels and laws.

`error_model="numpy"`: a division by zero gives inf or nan as in numpy, without a branch each time.
`nogil`: a run in a worker thread leaves the window responsive. Nothing is cached here; the engine
caches the entry points that these functions are compiled into.

`inlined` is for what a tick calls from one place: to hand over a dozen arrays (a `Tick` has eight)
costs more than most laws do with them.

What services and the engine compile is called by compiled code only, so it is a part of that: it
has no wrapper for calls from Python (call its `py_func` there), and is optimized and turned into
machine code with its caller, not once by itself as well: a third less time to compile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler

_PARTS = ("sandbox.services.", "sandbox.engine.", "sandbox_services_")


class _PartLibrary(JITCodeLibrary):
    """LLVM code that waits to be linked into what calls it."""

    @property
    def codegen(self) -> Any:
        return self

    def set_env(self, name: str, env: Any) -> None:
        """Only calls from Python need an environment."""

    def get_pointer_to_function(self, name: str) -> int:
        return 0

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalized = True


class _PartCompiler(Compiler):
    """numba's own compiler, but for where the code is put."""

    def __init__(self, typing: Any, target: Any, library: Any, *rest: Any) -> None:
        super().__init__(typing, target, library, *rest)
        if library is None:
            self.state.library = _PartLibrary(target.codegen(), "part")
            self.state.library.enable_object_caching()


def compiled(function: Callable[..., Any]) -> Any:
    """Compile a kernel or a law."""
    return _njit(function)(function)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile what becomes a part of its caller."""
    return _njit(function, forceinline=True)(function)


def _njit(function: Callable[..., Any], **options: Any) -> Any:
    if function.__module__.startswith(_PARTS):
        options |= {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        options["pipeline_class"] = _PartCompiler
    return njit(error_model="numpy", nogil=True, **options)
