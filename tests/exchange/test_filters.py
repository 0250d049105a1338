"""Filters that an import keeps act in a run, and never leave a part without load."""

from __future__ import annotations

import pytest

from sandbox.document.edits import set_scenario
from sandbox.engine import Run
from sandbox.exchange import export
from sandbox.exchange.reading import read_text

from .judges import back, plain
from .templates import bring, known
from .test_export import _without_source
from .test_families import att


def ref(id: str) -> dict:
    return {"Ref": id}


pytestmark = pytest.mark.filterwarnings("ignore")


def _subscribed(**policies: dict) -> dict:
    resources: dict = {"Topic": {"Type": "AWS::SNS::Topic"}}
    for name, policy in policies.items():
        about = {"TopicArn": ref("Topic"), "Protocol": "sqs", "Endpoint": att(name)}
        filtered = {"FilterPolicy": policy} if policy else {}
        resources[name] = {"Type": "AWS::SQS::Queue"}
        resources[f"{name}Of"] = {"Type": "AWS::SNS::Subscription", "Properties": about | filtered}
    return {"Resources": resources}


def _arrivals(document, *nodes: str) -> list[float]:
    run = Run(document, known())
    run.advance(30)
    return [run.now(node)["arrivals"] for node in nodes]


def test_two_kinds_of_events_go_each_to_the_queue_whose_policy_takes_it(tmp_path):
    template = _subscribed(Orders={"type": ["order"]}, Bills={"type": ["bill"]}, All={})
    document = bring(tmp_path, template).document
    assert [c.attributes["type"] for c in document.scenario.classes] == ["order", "bill"]
    orders, bills, everything = _arrivals(document, "Orders", "Bills", "All")
    assert orders == pytest.approx(bills, rel=0.01)
    assert everything == pytest.approx(orders + bills, rel=0.01)
    one, _ = document.scenario.classes
    document.apply(set_scenario(document, classes=(one,)))
    assert _arrivals(document, "Bills") == [0.0]


def test_filters_that_take_the_same_event_share_a_class_and_all_arrives(tmp_path):
    template = _subscribed(Big={"size": [{"numeric": [">", 9]}]}, Red={"colour": ["red"]})
    document = bring(tmp_path, template).document
    (only,) = document.scenario.classes
    assert dict(only.attributes) == {"size": 10, "colour": "red"}
    big, red = _arrivals(document, "Big", "Red")
    assert big == pytest.approx(red)
    assert big > 5.0


def test_what_a_filter_would_starve_is_fed_for_a_function_may_send_other_events(tmp_path):
    template = _subscribed(Orders={"type": ["order"]})
    resources = template["Resources"]
    resources["Next"] = {"Type": "AWS::SNS::Topic"}
    resources["Function"] = {"Type": "AWS::Lambda::Function", "Properties": {
        "Environment": {"Variables": {"NEXT": ref("Next")}}}}  # fmt: skip
    mapping = {"EventSourceArn": att("Orders"), "FunctionName": ref("Function")}
    resources["Mapping"] = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping}
    resources["Last"] = {"Type": "AWS::SQS::Queue"}
    about = {"TopicArn": ref("Next"), "Protocol": "sqs", "Endpoint": att("Last")}
    about["FilterPolicy"] = {"type": ["bill"]}
    resources["LastOf"] = {"Type": "AWS::SNS::Subscription", "Properties": about}
    document = bring(tmp_path, template).document
    assert min(_arrivals(document, "Orders", "Last")) > 1.0


@pytest.mark.parametrize("to", ["cloudformation", "sam"])
def test_a_filter_goes_out_as_it_came_in(tmp_path, to):
    document = _without_source(bring(tmp_path, _subscribed(Orders={"type": ["order"]})).document)
    data = export(document, known(), to)
    resources = read_text(data, "t.yaml").value["Resources"]
    said = [about["Properties"].get("FilterPolicy") for about in resources.values()
            if about["Type"] == "AWS::SNS::Subscription"]  # fmt: skip
    assert said == [{"type": ["order"]}]
    assert plain(back(data).document) == plain(document)
