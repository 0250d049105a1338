"""Makes forecasts beside the run, on a thread of their own: the latest wish counts. Knows no Qt."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from sandbox.experiments.forecast import Forecaster, Pair, Start


class Prophet:
    """Answers through `tell`, on its own thread, unless something newer was asked meanwhile."""

    def __init__(self, catalogue: Any, tell: Callable[[Any], None]) -> None:
        self._forecaster = Forecaster(catalogue)
        self._tell = tell
        self._news = threading.Condition()
        self._wish: tuple[Start, tuple[Pair, ...], float] | None = None
        self._stale = self._stopped = self._busy = False
        self._thread = threading.Thread(target=self._work, name="forecast", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether a forecast is being made or waits to be."""
        return self._busy

    def ask(self, start: Start, pairs: Iterable[Pair], horizon_s: float) -> None:
        """Forecast from here; what is being made is dropped."""
        with self._news:
            self._wish = (start, tuple(pairs), horizon_s)
            self._stale = self._busy = True
            self._news.notify()

    def drop(self) -> None:
        """Nothing of what was asked is wanted any more."""
        with self._news:
            self._wish, self._stale = None, True

    def stop(self) -> None:
        with self._news:
            self._stopped = self._stale = True
            self._news.notify()
        # `join` would enter the calling thread, which is Qt's, among Python's for good
        while self._thread.is_alive():
            time.sleep(0.001)

    def _work(self) -> None:
        while True:
            with self._news:
                while self._wish is None and not self._stopped:
                    self._busy = False
                    self._news.wait()
                if self._stopped:
                    return
                assert self._wish is not None
                (start, pairs, horizon_s), self._wish = self._wish, None
                self._stale = False
            try:
                made = self._forecaster.forecast(start, pairs, horizon_s, lambda: self._stale)
            except Exception as error:  # the run itself says what is wrong with its document
                made = None
                if self._stopped:
                    return
                self._tell(error)
            if made is not None and not self._stale:
                self._tell(made)
