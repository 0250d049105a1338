"""The decorators of all kernels and laws.

`error_model="numpy"`: a division by zero gives inf or nan as in numpy, without a branch each time.
`nogil`: a run in a worker thread leaves the window responsive. Nothing is cached here; the engine
caches the entry points that these functions are compiled into.

`inlined` is for what a tick calls from one place: to hand over a dozen arrays (a `Tick` has eight)
costs more than most laws do with them.
"""

from numba import njit

compiled = njit(error_model="numpy", nogil=True)
inlined = njit(error_model="numpy", nogil=True, forceinline=True)
