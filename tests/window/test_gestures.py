"""Gestures on the canvas whose outcome a person sees at once: the rubber band, and a refusal."""

from __future__ import annotations

import pytest

from tests.window.person import middle

pytestmark = [
    pytest.mark.real_window,
    pytest.mark.timeout(300),
    pytest.mark.usefixtures("warm"),
]


def test_what_a_rubber_band_catches_is_deleted_and_comes_back_with_its_links(start, shop):
    person = start(shop)
    seen = person.come()
    assert len(seen.nodes) == 3
    left, right = seen.nodes["elb"]["rect"], seen.nodes["shop"]["rect"]
    begin = left[0] - 20, left[1] - 60
    end = right[0] + right[2] + 30, right[1] + right[3] + 60
    person.drag(begin, end, "band-1-drawn")
    person.picture("band-2-selected")

    person.keys("Delete")
    seen = person.until("the clients alone", lambda seen: set(seen.nodes) == {"clients"})
    person.picture("band-3-deleted")
    person.keys("ctrl+z")
    seen = person.until("all three again", lambda seen: len(seen.nodes) == 3)
    assert seen.nodes["shop"]["rect"] == right
    person.click(middle(seen.one("Outline", "PageTab")))
    person.until(
        "both links again",
        lambda seen: len([t for t in seen.things if t["name"].startswith("Link to ")]) == 2,
    )
    person.picture("band-4-undone")
    assert person.quit() == 0  # an undone change is none, so nobody asks


def test_a_connection_that_cannot_be_says_why_where_it_was_tried(start, shop):
    person = start(shop)
    seen = person.come()
    person.drag(seen.ports["clients.out"], seen.ports["elb.in"], "refused-1-again")
    seen = person.until("a reason", lambda seen: "connected already" in seen.message)
    person.picture("refused-2-said")

    person.drag(seen.ports["elb.targets"], seen.ports["clients.out"], "refused-3-outputs")
    seen = person.until("another reason", lambda seen: "Both are outputs" in seen.message)
    assert len(seen.nodes) == 3
    assert person.quit() == 0  # nothing was changed
