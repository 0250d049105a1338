"""Compiled arithmetic: numbers and records in, numbers out.

Everything here is pure and small, knows no service and no document, and runs the same when numba
is switched off (`NUMBA_DISABLE_JIT=1`). Units are seconds, requests and requests per second.
"""
