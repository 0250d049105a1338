"""How the program ends: wanted, asked about, or by force, and what is left of it then."""

from __future__ import annotations

import json
import os
import signal

import pytest

from tests.window.person import middle

pytestmark = [
    pytest.mark.real_window,
    pytest.mark.timeout(300),
    pytest.mark.usefixtures("warm"),
]


def test_closing_a_running_simulation_leaves_no_process_and_no_complaint(start, shop):
    person = start(shop)
    person.come()
    person.until_running()
    person.keys("bracketright", "bracketright", "bracketright")
    person.until("a fast run", lambda seen: "k×" in seen.one("Real speed")["about"])
    assert person.quit(10.0) == 0
    assert person.said() == ""
    with pytest.raises(ProcessLookupError):
        os.killpg(person.process.pid, 0)


def test_unsaved_changes_are_asked_about_before_the_window_closes(start, shop):
    untouched = shop.read_bytes()
    person = start(shop)
    seen = person.come()
    person.click(middle(seen.nodes["elb"]))
    person.keys("Delete")
    person.until("the balancer gone", lambda seen: set(seen.nodes) == {"clients", "shop"})

    person.keys("ctrl+q")
    seen = person.until("a question", lambda seen: seen.all("Save changes?"))
    person.picture("close-1-asked")
    person.keys("Escape")
    seen = person.until("the question gone", lambda seen: not seen.all("Save changes?"))
    assert set(seen.nodes) == {"clients", "shop"}
    assert shop.read_bytes() == untouched

    person.come()
    person.keys("ctrl+q")
    seen = person.until("the question again", lambda seen: seen.all("Save changes?"))
    person.click(middle(seen.one("Save", "Button")))
    assert person.ended() == 0
    assert [node["id"] for node in json.loads(shop.read_text())["nodes"]] == ["clients", "shop"]
    assert shop.with_name("shop.json.bak").read_bytes() == untouched


def test_a_program_that_is_killed_leaves_the_file_whole_and_offers_the_edits_next_time(start, shop):
    untouched = shop.read_bytes()
    person = start(shop)
    person.come()
    seen = person.until_running()
    person.click(middle(seen.nodes["elb"]))
    person.keys("Delete")
    person.until("the balancer gone", lambda seen: set(seen.nodes) == {"clients", "shop"})
    person.process.send_signal(signal.SIGKILL)
    assert person.ended() == -signal.SIGKILL
    assert shop.read_bytes() == untouched
    assert sorted(path.name for path in shop.parent.glob("*shop.json*")) == ["shop.json"]

    again = start(shop)
    again.come()
    again.until_running()  # then no remark about what is prepared lies over the offer
    seen = again.until("an offer", lambda seen: "can be restored" in seen.message)
    assert len(seen.nodes) == 3
    again.picture("killed-1-offered")
    again.click(middle(seen.one("Restore", "Button")))
    again.until("the edit restored", lambda seen: set(seen.nodes) == {"clients", "shop"})
    again.picture("killed-2-restored")
