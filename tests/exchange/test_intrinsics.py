"""Intrinsic functions, each worked out as CloudFormation does."""

from __future__ import annotations

import pytest

from sandbox.exchange.intrinsics import Resolver
from sandbox.exchange.loops import unrolled
from sandbox.exchange.marks import attributes, marked, without_marks

TEMPLATE = {
    "Parameters": {
        "Size": {"Type": "Number", "Default": 3},
        "Stage": {"Type": "String", "Default": "dev"},
        "Zones": {"Type": "CommaDelimitedList", "Default": "a, b"},
        "Name": {"Type": "String"},
    },
    "Mappings": {"M": {"dev": {"n": 1}, "prod": {"n": 9}}},
    "Conditions": {
        "Prod": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
        "Dev": {"Fn::Not": [{"Condition": "Prod"}]},
        "Both": {"Fn::And": [{"Condition": "Prod"}, {"Condition": "Dev"}]},
        "Either": {"Fn::Or": [{"Condition": "Prod"}, {"Condition": "Dev"}]},
        "Loop": {"Fn::Not": [{"Condition": "Loop"}]},
    },
    "Resources": {"Q": {"Type": "AWS::SQS::Queue"}},
}


@pytest.mark.parametrize(
    ("function", "value"),
    [
        ({"Ref": "Size"}, 3),
        ({"Ref": "Zones"}, ["a", "b"]),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Fn::Sub": "${Stage}-${AWS::Region}-${!Kept}"}, "dev-us-east-1-${Kept}"),
        ({"Fn::Sub": ["${X}!", {"X": {"Ref": "Stage"}}]}, "dev!"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Stage"}]]}, "a-dev"),
        ({"Fn::Join": ["/", {"Ref": "Zones"}]}, "a/b"),
        ({"Fn::Select": ["1", {"Ref": "Zones"}]}, "b"),
        ({"Fn::Split": ["|", "a|b"]}, ["a", "b"]),
        ({"Fn::FindInMap": ["M", {"Ref": "Stage"}, "n"]}, 1),
        ({"Fn::FindInMap": ["M", "no", "n", {"DefaultValue": 7}]}, 7),
        ({"Fn::If": ["Prod", 1, 2]}, 2),
        ({"a": {"Fn::If": ["Dev", {"Ref": "AWS::NoValue"}, 2]}, "b": 1}, {"b": 1}),
        ([{"Ref": "AWS::NoValue"}, 1], [1]),
        ({"Fn::GetAZs": ""}, ["us-east-1a", "us-east-1b", "us-east-1c"]),
        ({"Fn::Length": {"Ref": "Zones"}}, 2),
        ({"Fn::Base64": {"Ref": "Stage"}}, "dev"),
        ({"Fn::ToJsonString": {"a": {"Ref": "Size"}}}, '{"a": 3}'),
        ({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}, ["10.0.0.0/16#0", "10.0.0.0/16#1"]),
        ({"Fn::ImportValue": "x"}, "⟨import x⟩"),
    ],
)
def test_a_function_gives_what_cloudformation_gives(function, value):
    assert Resolver(TEMPLATE, "s").resolve(function) == value


def test_conditions_follow_one_another_and_a_circle_ends():
    resolver = Resolver(TEMPLATE, "s")
    names = ("Prod", "Dev", "Both", "Either", "Loop", "Nowhere")
    assert [resolver.holds(name) for name in names] == [False, True, False, True, True, False]


def test_a_reference_survives_joining_and_says_which_resource_is_meant():
    resolver = Resolver(TEMPLATE, "s")
    value = resolver.resolve({"Fn::Join": [":", ["arn", {"Fn::GetAtt": ["Q", "QueueName"]}]]})
    assert marked([value]) == ["Q"]
    assert attributes(value) == [("Q", "QueueName")]
    assert without_marks(value) == "arn:Q.QueueName"


def test_a_parameter_without_a_default_is_told():
    resolver = Resolver(TEMPLATE, "s")
    assert resolver.resolve({"Ref": "Name"}) == "⟨Name⟩"
    assert resolver.notes == ["parameter Name has no default; taken as ⟨Name⟩"]


def test_for_each_writes_out_its_copies():
    value = {"Fn::ForEach::Q": ["N", ["A", "B"], {"Queue${N}": {"Type": {"Ref": "N"}}}]}
    assert unrolled(value, lambda items: items) == {
        "QueueA": {"Type": "A"},
        "QueueB": {"Type": "B"},
    }
