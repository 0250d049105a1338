"""Request classes: each with its share, writes, payload and deadline."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sandbox.document.records import RequestClass
from sandbox.engine import Run
from tests.simulation import simulate


def served(*classes: RequestClass, **server: Any) -> Run:
    return simulate(
        {
            "c": ("clients", {"rate_per_s": 8, "payload_kb": 4}),
            "f": ("external", {"servers": 1, "service_time_s": 0.1, **server}),
        },
        ["c.out > f.in"],
        seconds=1200,
        classes=classes,
    )


def test_an_answer_after_the_deadline_of_its_class_is_served_but_is_no_goodput() -> None:
    now = served(RequestClass("fast", deadline_s=1.0), RequestClass("slow")).now("c")
    assert now["served"] == pytest.approx(8)
    # half of all have a deadline; the response of M/M/1 is exponential with rate 10 - 8 = 2/s
    assert now["goodput"] == pytest.approx(8 * (1 - 0.5 * np.exp(-2.0)), rel=0.01)


def test_the_payload_is_the_mean_of_the_classes() -> None:
    run = served(RequestClass("page", 3, payload_kb=20), RequestClass("ping", 1))
    # three pages of 20 KB and one ping of the clients' own 4 KB
    assert float(run.program.links[0]["kb"]) == pytest.approx(16)
