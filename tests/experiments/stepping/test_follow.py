"""A sample event, hop by hop: envelopes, filters, rules, choices, and what does not take it."""

from __future__ import annotations

import json

import pytest

from sandbox.document import Document, Link, Node
from sandbox.experiments.stepping import checked, entries, follow, sample_of
from sandbox.experiments.stepping.filters import differences
from sandbox.services import catalogue

KNOWN = catalogue()
PAID = '{"detail": {"state": ["paid"]}}'


def diagram(nodes, *links) -> Document:
    made = [Node(id, service, params=params) for id, (service, params) in nodes.items()]
    ends = []
    for text, *more in links:
        out, _, into = text.partition(" > ")
        (source, port), (target, at) = out.split("."), into.split(".")
        ends.append(Link(source, target, port, at, *more))
    return Document(nodes=made, links=ends)


def hops(document, node, event=None):
    given = sample_of(document.nodes[node].service, node) if event is None else event
    return follow(document, KNOWN, node, given)


def arrivals(document, node, event=None):
    return [hop.node for hop in hops(document, node, event) if hop.taken]


def test_a_message_travels_from_topic_to_queue_to_function_in_its_envelopes():
    document = diagram(
        {"t": ("sns", {}), "q": ("sqs", {}), "f": ("lambda_function", {}), "d": ("dynamodb", {})},
        ("t.subscriptions > q.in",),
        ("q.messages > f.in", {"batch_size": 25, "maximum_batching_window_s": 3}),
        ("f.out > d.in",),
    )
    topic, queue, function, table = hops(document, "t")
    envelope = queue.payload["body"]
    assert envelope["Type"] == "Notification"
    assert json.loads(envelope["Message"]) == topic.payload["Message"]
    record = function.payload["Records"][0]
    assert record["eventSource"] == "aws:sqs"
    assert json.loads(record["body"]) == envelope
    assert "batches of up to 25, gathered for up to 3 s" in function.told[0]
    assert table.payload["NewImage"] == topic.payload["Message"]
    assert [hop.depth for hop in (topic, queue, function, table)] == [0, 1, 2, 3]


def test_raw_messages_come_without_the_envelope():
    document = diagram(
        {"t": ("sns", {}), "q": ("sqs", {})},
        ("t.subscriptions > q.in", {}, {"filter": {"raw": True}}),
    )
    topic, queue = hops(document, "t")
    assert queue.payload["body"] == topic.payload["Message"]
    assert queue.payload["messageAttributes"] == topic.payload["MessageAttributes"]


def test_a_rule_takes_what_its_pattern_wants_and_says_what_does_not_fit():
    document = diagram(
        {"b": ("eventbridge", {}), "yes": ("lambda_function", {}), "no": ("sqs", {})},
        ("b.targets > yes.in", {"rule": "paid", "event_pattern": PAID}),
        ("b.targets > no.in", {"rule": "open", "event_pattern": PAID.replace("paid", "open")}),
    )
    bus, refused, taken = sorted(hops(document, "b"), key=lambda hop: hop.node)
    assert bus.node == "b"
    assert (refused.node, refused.taken) == ("no", False)
    why = "detail.state is 'paid', and detail.state would have to be 'open'"
    assert refused.told == (f"The pattern of open does not take it: {why}.",)
    assert (taken.node, taken.taken) == ("yes", True)
    assert taken.told[0] == "the pattern of paid takes it"
    assert taken.payload == bus.payload


@pytest.mark.parametrize(("kind", "taken"), [("order", True), ("refund", False)])
def test_a_filter_policy_is_held_against_the_attributes_of_the_message(kind, taken):
    document = diagram(
        {"t": ("sns", {}), "q": ("sqs", {})},
        ("t.subscriptions > q.in", {"filter_policy": '{"type": ["order"]}'}),
    )
    event = sample_of("sns", "t")
    event["MessageAttributes"]["type"]["Value"] = kind
    assert hops(document, "t", event)[1].taken is taken


@pytest.mark.parametrize(("amount", "taken"), [(42.5, True), (10, False)])
def test_the_filter_of_an_event_source_mapping_sees_the_body(amount, taken):
    kept = {"filter": {"any": [{"body": {"amount": [{"numeric": [">", 40]}]}}]}}
    document = diagram(
        {"q": ("sqs", {}), "f": ("lambda_function", {})}, ("q.messages > f.in", {}, kept)
    )
    event = {"body": {"amount": amount}}
    found = hops(document, "q", event)[1]
    assert found.taken is taken
    assert taken or "body.amount is 10" in found.told[0]
    assert taken or "The queue deletes it" in found.told[0]


def test_a_notification_wants_its_prefix_and_suffix():
    kept = {"filter": {"prefix": "incoming/", "suffix": ".png"}}
    document = diagram(
        {"s": ("s3", {}), "f": ("lambda_function", {})}, ("s.notifications > f.in", {}, kept)
    )
    assert hops(document, "s")[1].told == (
        "The notification wants keys that end with '.png'; this is 'incoming/photo.jpg'.",
    )


def test_an_object_becomes_an_event_on_the_bus():
    document = diagram({"s": ("s3", {}), "b": ("eventbridge", {})}, ("s.notifications > b.in",))
    event = hops(document, "s")[1].payload
    assert (event["source"], event["detail-type"]) == ("aws.s3", "Object Created")
    assert event["detail"]["bucket"]["name"] == "s"


MACHINE = {
    "StartAt": "Big?",
    "States": {
        "Big?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.amount", "NumericGreaterThan": 40, "Next": "Check"}],
            "Default": "Ship",
        },
        "Check": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Ship"},
        "Ship": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True},
    },
}


@pytest.mark.parametrize(("amount", "called"), [(41, ["m", "f", "q"]), (40, ["m", "q"])])
def test_a_choice_decides_whom_a_state_machine_calls(amount, called):
    document = diagram(
        {
            "m": ("step_functions", {"definition": json.dumps(MACHINE)}),
            "f": ("lambda_function", {}),
            "q": ("sqs", {}),
        },
        ("m.tasks > f.in",),
        ("m.tasks > q.in",),
    )
    assert arrivals(document, "m", {"amount": amount}) == called
    first = hops(document, "m", {"amount": amount})[0].told
    chosen = "Check – rule 1 holds" if amount > 40 else "Ship – no rule holds: Default"
    assert first[0] == f"Big? (Choice) → {chosen}"


def test_failures_standbys_and_other_targets_are_no_ways():
    document = diagram(
        {
            "lb": ("elb", {}),
            "a": ("external", {}),
            "b": ("external", {}),
            "q": ("sqs", {}),
            "dead": ("sqs", {}),
        },
        ("lb.targets > a.in", {"share": 1.0}),
        ("lb.targets > b.in", {"share": 3.0}),
        ("b.out > q.in",),
        ("q.dead_letter > dead.in",),
    )
    found = {hop.node: hop for hop in hops(document, "lb")}
    assert [id for id, hop in found.items() if hop.taken] == ["lb", "b", "q"]
    assert "another share of the requests" in found["a"].told[0]
    assert "only what cannot be delivered" in found["dead"].told[0]


def test_a_circle_ends():
    document = diagram(
        {"f": ("lambda_function", {}), "t": ("sns", {})},
        ("f.out > t.in",),
        ("t.subscriptions > f.in",),
    )
    found = hops(document, "f")
    assert [hop.node for hop in found] == ["f", "t", "f"]
    assert "It was here before" in found[-1].told[-1]


def test_every_example_can_be_entered_anywhere_and_ends():
    from sandbox.assets import assets
    from sandbox.document.file import load

    for path in sorted((assets() / "examples").glob("*.json")):
        document = load(path, KNOWN)
        for node in entries(document, KNOWN):
            found = hops(document, node)
            assert found[0].node == node
            assert len(found) <= 200
            json.dumps([hop.payload for hop in found])


def test_entries_begin_with_what_sources_call_and_leave_sources_out():
    document = diagram(
        {"q": ("sqs", {}), "u": ("clients", {}), "f": ("lambda_function", {})},
        ("u.out > f.in",),
    )
    assert entries(document, KNOWN) == ["f", "q"]


@pytest.mark.parametrize("service", sorted(KNOWN))
def test_each_sample_is_a_valid_event_for_its_service(service):
    event = sample_of(service, "n")
    assert checked(service, json.dumps(event)) == event


@pytest.mark.parametrize(
    ("service", "text", "why"),
    [
        ("sqs", "{", "line 1, column 2"),
        ("sqs", "[]", "between { and }"),
        ("sqs", '{"x": 1}', "needs body; it has x"),
        ("eventbridge", '{"source": "a"}', "needs detail-type, detail"),
        ("s3", '{"Records": []}', "object.key"),
        ("external", '{"a": NaN}', "NaN is not JSON"),
        ("external", "[" * 100_000, "nested too deeply"),
    ],
)
def test_an_event_of_the_wrong_shape_is_refused_with_what_is_missing(service, text, why):
    with pytest.raises(ValueError, match=why):
        checked(service, text)


def test_differences_name_the_place():
    pattern = {"a": {"b": [1, 2]}, "c": [{"exists": False}]}
    assert list(differences(pattern, {"a": {"b": 3}, "c": 1})) == [
        "a.b is 3",
        "a.b would have to be 1 or 2",
        "c is 1",
        "c would have to be {'exists': False}",
    ]
