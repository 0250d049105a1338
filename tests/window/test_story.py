"""The whole story in one sitting: draw, connect, run, load, watch it scale, undo, save, reopen."""

from __future__ import annotations

import json

import networkx
import pytest

from tests.window.person import middle

pytestmark = [pytest.mark.real_window, pytest.mark.timeout(300)]

SPOTS = {"clients": 0.2, "elb": 0.5, "auto_scaling_group": 0.8}
TITLES = {
    "clients": "Clients",
    "elb": "Elastic Load Balancing",
    "auto_scaling_group": "EC2 Auto Scaling group",
}


def palette_row(seen, title):
    """The row of a service; a category may have the same name and stands above it."""
    return middle(seen.all(title, "TreeItem")[-1])


def link_rows(seen):
    return [t for t in seen.things if t["role"] == "TreeItem" and t["name"].startswith("Link to ")]


@pytest.mark.usefixtures("warm")
def test_a_person_draws_a_shop_loads_it_and_saves_it(start, shop, tmp_path):
    person = start(shop)
    person.come()
    person.keys("ctrl+n")
    seen = person.until("an empty canvas", lambda seen: not seen.nodes)

    for service, along in SPOTS.items():
        x, y, width, height = seen.one("Canvas")["rect"]
        spot = round(x + width * along), y + height // 2
        person.drag(palette_row(seen, TITLES[service]), spot, f"story-1-drag-{service}")
        seen = person.until(f"the {service} on the canvas", lambda seen, s=service: s in seen.nodes)
        card = seen.nodes[service]["rect"]
        assert card[0] <= spot[0] <= card[0] + card[2]
        assert card[1] <= spot[1] <= card[1] + card[3]

    person.drag(seen.ports["clients.out"], seen.ports["elb.in"], "story-2-link")
    person.drag(seen.ports["elb.targets"], seen.ports["auto_scaling_group.in"])
    person.click(middle(seen.one("Outline", "PageTab")))
    seen = person.until("two links in the outline", lambda seen: len(link_rows(seen)) == 2)
    person.picture("story-3-outline")

    if seen.one("Real speed")["about"] == "paused":
        person.click(middle(seen.one("Play")))
    seen = person.until_running()
    assert seen.headline("clients") == 50
    before = seen.headline("auto_scaling_group")
    assert before >= 1
    person.picture("story-4-running")

    x, y, width, height = seen.one("Load", "Slider")["rect"]
    person.drag((x + 14 + (width - 32) * 53 // 100, y + 12), (x + width - 40, y + 12))
    seen = person.until("the load on the clients", lambda seen: seen.headline("clients") > 500)
    load = float(seen.one("Load factor")["value"])
    assert 10 < load <= 100
    # What a group takes minutes for should not take a test as long.
    person.keys("bracketright", "bracketright")
    seen = person.until(
        "more instances", lambda seen: seen.headline("auto_scaling_group") > before, 60.0
    )
    person.picture("story-5-scaled")

    person.click((seen.one("Canvas")["rect"][0] + 30, seen.one("Canvas")["rect"][1] + 30))
    person.keys("ctrl+z")
    person.until("one link after undo", lambda seen: len(link_rows(seen)) == 1)
    person.keys("ctrl+shift+z")
    person.until("two links after redo", lambda seen: len(link_rows(seen)) == 2)
    person.keys("ctrl+z")
    person.until("one link after undo", lambda seen: len(link_rows(seen)) == 1)
    person.picture("story-6-undone")

    file = tmp_path / "drawn by hand.json"
    person.keys("ctrl+s")
    person.until("a file dialog", lambda seen: seen.all("Save diagram"))
    person.keys("ctrl+a")
    person.type(str(file))
    person.picture("story-7-save")
    person.keys("Return")
    seen = person.until("the file", lambda seen: file.is_file() and "Saved" in seen.message)
    person.picture("story-8-saved")
    assert person.quit() == 0
    assert person.said() == ""

    drawn = networkx.node_link_graph(json.loads(file.read_text()), edges="edges")
    assert isinstance(drawn, networkx.MultiDiGraph)
    assert set(drawn.nodes) == set(SPOTS)
    assert list(drawn.edges(keys=True)) == [("clients", "elb", "out>in")]

    again = start(file)
    again.come()
    seen = again.until_running()
    again.picture("story-9-reopened")
    assert set(seen.nodes) == set(SPOTS)
    again.click(middle(seen.one("Outline", "PageTab")))
    again.until("the one link that was saved", lambda seen: len(link_rows(seen)) == 1)
    assert again.quit() == 0
