"""The one decorator of all kernels.

`error_model="numpy"`: a division by zero gives inf or nan as in numpy, without a branch each time.
`nogil`: a run in a worker thread leaves the window responsive. Nothing is cached here; the engine
caches the entry points that these functions are compiled into.
"""

from numba import njit

compiled = njit(error_model="numpy", nogil=True)
