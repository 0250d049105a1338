"""What states take in and give out: paths, intrinsic functions, choices, waits."""

# fmt: off
from __future__ import annotations

from typing import Any

from tests.services.definitions.shapes import (
    last,
    states,
    task,
)

CASES: dict[str, tuple[dict[str, Any], Any, dict[str, Any], Any, float]] = {
    "a result that is selected, put and trimmed": (
        states("Get", Get=task(
            "arn:aws:states:::dynamodb:getItem", InputPath="$.key",
            Parameters={"TableName": "t", "Key": {"id": {"S.$": "$.id"}}},
            ResultSelector={"name.$": "$.Item.name.S"}, ResultPath="$.found",
            OutputPath="$.found.name")),
        {"key": {"id": "7"}}, {"Get": {"Item": {"name": {"S": "Ada"}}}}, "Ada", 1.0,
    ),
    "an input that is kept, and a result that is dropped": (
        states("Tell", Tell=task("arn:aws:states:::sns:publish", ResultPath=None, Parameters={
            "TopicArn": "arn:aws:sns:us-east-1:123456789012:t",
            "Message.$": "States.Format('order {} of {}', $.id, $.who)"})),
        {"id": 3, "who": "Ada"}, {"Tell": {"MessageId": "m"}}, {"id": 3, "who": "Ada"}, 1.0,
    ),
    "intrinsic functions within each other": (
        states("Sum", Sum=last("Pass", Parameters={
            "n.$": "States.MathAdd(States.ArrayLength($.list), 10)",
            "last.$": "States.ArrayGetItem($.list, States.MathAdd(States.ArrayLength($.list), -1))",
            "pairs.$": "States.ArrayPartition($.list, 2)",
            "back.$": "States.Base64Decode(States.Base64Encode('a, (b)'))",
            "all.$": "States.JsonMerge($.a, States.StringToJson('{\"y\":2}'), false)",
            "words.$": "States.StringSplit($.csv, ',')",
            "hash.$": "States.Hash('x', 'MD5')", "said.$": "States.Format('it\\'s \\{{}\\}', 1)",
        })),
        {"list": [5, 6, 7], "a": {"x": 1}, "csv": "p,q"}, {},
        {"n": 13, "last": 7, "pairs": [[5, 6], [7]], "back": "a, (b)", "all": {"x": 1, "y": 2},
         "words": ["p", "q"], "hash": "9dd4e461268c8034f5c8564e155c67a6", "said": "it's {1}"}, 0.0,
    ),
    "a choice with and, or, not": (
        states(
            "Sort", Sort={"Type": "Choice", "Choices": [
                {"And": [{"Variable": "$.vip", "IsPresent": True},
                         {"Variable": "$.vip", "BooleanEquals": True},
                         {"Or": [{"Variable": "$.cents", "NumericGreaterThan": 1000},
                                 {"Variable": "$.code", "StringMatches": "VIP-*"}]}],
                 "Next": "Gift"},
                {"Not": {"Variable": "$.country", "StringEquals": "DE"}, "Next": "Abroad"}],
                "Default": "Home"},
            Gift=last("Pass", Result="gift"), Abroad=last("Pass", Result="abroad"),
            Home=last("Pass", Result="home")),
        {"vip": True, "cents": 10, "code": "VIP-7", "country": "DE"}, {}, "gift", 0.0,
    ),
    "a choice between two values of the data": (
        states("Sort", Sort={"Type": "Choice", "Choices": [
            {"Variable": "$.due", "TimestampLessThanPath": "$$.Execution.StartTime",
             "Next": "Late"},
            {"Variable": "$.paid", "NumericLessThanPath": "$.price", "Next": "Owing"}],
            "Default": "Fine"},
            Late=last("Pass", Result="late"), Owing=last("Pass", Result="owing"),
            Fine={"Type": "Succeed"}),
        {"due": "2027-01-01T00:00:00Z", "paid": 1, "price": 2}, {}, "owing", 0.0,
    ),
    "a wait for as long as the data say": (
        states("Rest", Rest=last("Wait", InputPath="$.pause", SecondsPath="$.seconds")),
        {"pause": {"seconds": 90}}, {}, {"seconds": 90}, 90.0,
    ),
    "a wait until the data say": (
        states("Rest", Rest=last("Wait", TimestampPath="$.at")),
        {"at": "2026-01-05T08:10:00Z"}, {}, {"at": "2026-01-05T08:10:00Z"}, 600.0,
    ),
    "a wait until a time that has passed": (
        states("Rest", Rest=last("Wait", Timestamp="2020-01-05T08:10:00+01:00")), {}, {}, {}, 0.0,
    ),
}
