"""Numbers as events tell them: besides what Python can, as a time of day."""

from __future__ import annotations

from datetime import UTC, datetime


class Figure(float):
    """A number of an event. `{0:clock}` shows it as the time of day, UTC, so many seconds after
    the start of the run."""

    epoch: float

    @classmethod
    def at(cls, value: float, epoch: float) -> Figure:
        figure = cls(value)
        figure.epoch = epoch
        return figure

    def __format__(self, spec: str) -> str:
        if spec == "clock":
            return f"{datetime.fromtimestamp(round(self.epoch + self), UTC):%H:%M:%S}"
        return super().__format__(spec)
