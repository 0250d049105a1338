"""From an empty canvas to a diagram that runs and is saved, and not one touch of the mouse."""

from __future__ import annotations

import json

import networkx
import pytest

pytestmark = [pytest.mark.real_window, pytest.mark.timeout(300)]


@pytest.mark.usefixtures("warm")
def test_a_shop_is_drawn_run_grouped_and_saved_by_keyboard_alone(start, shop, tmp_path):
    person = start(shop)
    person.come()
    person.keys("ctrl+n")
    person.until("an empty canvas", lambda seen: not seen.nodes)

    def add(key, words, node):
        person.keys(key)
        person.until("the search", lambda seen: seen.all("Quick add"))
        person.type(words)
        person.keys("Return")
        return person.until(f"the {node}", lambda seen: node in seen.nodes)

    add("Insert", "clients", "clients")
    add("shift+a", "load bal", "elb")
    seen = add("shift+a", "auto scal", "auto_scaling_group")
    person.picture("keyboard-1-drawn")
    # Back to the balancer, take it along to the fleet, and put a zone round both.
    person.keys("ctrl+Left", "alt+shift+Right", "ctrl+g")
    person.until("the name of the zone", lambda seen: seen.all("Label"))
    person.type("east")
    person.keys("Return")
    person.keys("n")
    person.until("a note", lambda seen: seen.all("Note"))
    person.type("By hand")
    person.keys("ctrl+Return")
    if seen.one("Real speed")["about"] == "paused":
        person.keys("space")
    seen = person.until_running()
    person.picture("keyboard-2-running")
    assert seen.headline("clients") == 50

    file = tmp_path / "by keys.json"
    person.keys("ctrl+s")
    person.until("a file dialog", lambda seen: seen.all("Save diagram"))
    person.keys("ctrl+a")
    person.type(str(file))
    person.keys("Return")
    person.until("the file", lambda seen: file.is_file() and "Saved" in seen.message)
    assert person.quit() == 0  # a click first: nobody but a window manager gives the keys back
    assert person.said() == ""

    saved = json.loads(file.read_text())
    drawn = networkx.node_link_graph(saved, edges="edges")
    assert set(drawn.edges(keys=True)) == {
        ("clients", "elb", "out>in"),
        ("elb", "auto_scaling_group", "targets>in"),
    }
    (zone,) = saved["graph"]["groups"]
    assert (zone["label"], zone["kind"]) == ("east", "availability_zone")
    assert set(zone["members"]) == {"elb", "auto_scaling_group"}
    assert [note["text"] for note in saved["graph"]["annotations"]] == ["By hand"]
