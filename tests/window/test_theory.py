"""The check against theory, in a real window with a real pointer."""

from __future__ import annotations

import pytest

from tests.window.person import middle

pytestmark = [
    pytest.mark.real_window,
    pytest.mark.timeout(300),
    pytest.mark.usefixtures("warm"),
]


def test_a_running_diagram_is_checked_when_somebody_looks(start, shop):
    person = start(shop)
    person.come()
    seen = person.until_running()
    person.click(middle(seen.one("Plots", "PageTab")))
    person.click(middle(seen.one("Check against theory", "PageTab")))
    seen = person.until(
        "a verdict",
        lambda seen: any(thing["about"] for thing in seen.all("Verdict")),
        120.0,  # the first check on a machine is compiled
    )
    person.picture("theory-1-checked")
    assert seen.all("Figures")
    assert seen.all("Waterfall")
    assert person.quit() == 0
