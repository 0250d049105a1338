"""Python's rubbish is collected by the window's thread alone, for as long as others run.

Python collects cycles in whichever thread happens to allocate. A widget, timer or scene in such a
cycle would be deleted there, beside the thread that paints it, and that is the end of a program.
"""

from __future__ import annotations

import gc

_holders: set[int] = set()
_was_enabled = False


def hold(holder: object) -> None:
    """From now until `release`, only `collect` collects."""
    global _was_enabled
    if not _holders:
        _was_enabled = gc.isenabled()
        gc.disable()
    _holders.add(id(holder))


def release(holder: object) -> None:
    """The thread of this holder has ended; of no effect for one that holds nothing."""
    if id(holder) in _holders:
        _holders.discard(id(holder))
        if not _holders and _was_enabled:
            gc.enable()


def collect() -> None:
    """Collect what is due by Python's own measure; to be called often, by the window's thread."""
    if not _holders:
        return
    counts, limits = gc.get_count(), gc.get_threshold()
    due = [age for age in (0, 1, 2) if limits[age] and counts[age] > limits[age]]
    if due:
        gc.collect(due[-1])
