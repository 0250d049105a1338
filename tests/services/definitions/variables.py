"""Variables, JSONata, and what is seldom written."""

# fmt: off
from __future__ import annotations

from typing import Any

from tests.services.definitions.shapes import (
    INVOKE,
    JSONATA,
    SORRY,
    failing,
    last,
    states,
    task,
)

CASES: dict[str, tuple[dict[str, Any], Any, dict[str, Any], Any, float]] = {
    "variables in JSONPath": (
        states("Keep", Keep=last("Pass", Assign={"limit.$": "$.limit", "seen": 0}, Next="Sort"),
               Sort={"Type": "Choice", "Default": "Few", "Assign": {"seen": 1}, "Choices": [
                   {"Variable": "$.n", "NumericGreaterThanPath": "$limit", "Next": "Many",
                    "Assign": {"seen.$": "States.MathAdd($seen, 5)"}}]},
               Many=last("Pass", Parameters={"seen.$": "$seen"}),
               Few=last("Pass", Parameters={"seen.$": "$seen"})),
        {"n": 9, "limit": 5}, {}, {"seen": 5}, 0.0,
    ),
    "a catcher that assigns": (
        states("Work", Work=task(Next="Done", Catch=[
            {"ErrorEquals": ["States.ALL"], "Assign": {"why.$": "$.Error"}, "Next": "Done",
             "ResultPath": None}]), Done=last("Pass", Parameters={"why.$": "$why"})),
        {}, {"Work": failing("Oops")}, {"why": "Oops"}, 1.0,
    ),
    "variables of a branch that end with it": (
        states("Set", Set=last("Pass", Assign={"x": 1}, Next="Each"),
               Each=last("Map", ItemProcessor=states(
                   "Inner", Inner=last("Pass", Assign={"y.$": "States.MathAdd($x, $)"},
                                       Next="Give"),
                   Give=last("Pass", Parameters={"y.$": "$y"})), Next="Out"),
               Out={"Type": "Choice", "Choices": [
                   {"Variable": "$y", "IsPresent": True, "Next": "Leaked"}], "Default": "Fine"},
               Leaked=SORRY, Fine={"Type": "Succeed"}),
        [1, 2], {}, [{"y": 2}, {"y": 3}], 0.0,
    ),
    "JSONata with variables": (
        states("Price", JSONATA,
               Price=last("Pass", Assign={"total": "{% $sum($states.input.lines.(n * cents)) %}"},
                          Output="{% $states.input.lines[cents > 100] %}", Next="Pay"),
               Pay=task(INVOKE, Arguments={"FunctionName": "pay", "Payload": {
                   "cents": "{% $total %}", "note": "{% 'for ' & $string($total) %}"}},
                   Output={"paid": "{% $states.result.Payload.cents %}",
                           "lines": "{% $count($states.input) %}"})),
        {"lines": [{"n": 2, "cents": 150}, {"n": 1, "cents": 50}, {"n": 1, "cents": 200}]}, {},
        {"paid": 550, "lines": 2}, 1.0,
    ),
    "JSONata that chooses, waits and fails": (
        states("Sort", JSONATA, Sort={
            "Type": "Choice", "Default": "Late", "Choices": [
                {"Condition": "{% $states.input.n > 5 and $exists($states.input.who) %}",
                 "Next": "Rest", "Assign": {"who": "{% $uppercase($states.input.who) %}"},
                 "Output": {"n": "{% $states.input.n * 2 %}"}}]},
            Rest=last("Wait", Seconds="{% $states.input.n %}", Next="Late"),
            Late={"Type": "Fail", "Error": "{% $who & '.Error' %}", "Cause": "too late"}),
        {"n": 6, "who": "ada"}, {}, ("ADA.Error", "too late"), 12.0,
    ),
    "JSONata in a map, a parallel and a catcher": (
        states("Each", JSONATA, Each=last(
            "Map", Items="{% $states.input.ids %}", MaxConcurrency="{% 1 %}",
            ItemSelector={"id": "{% $states.context.Map.Item.Value %}"},
            ItemProcessor=states("Both", Both=last(
                "Parallel", Arguments={"id": "{% $states.input.id %}"},
                Output="{% $sum($states.result) %}",
                Branches=[states("One", One=last("Pass", Output="{% $states.input.id %}")),
                          states("Two", Two=task(Catch=[
                              {"ErrorEquals": ["States.ALL"], "Next": "Zero",
                               "Output": "{% $states.errorOutput.Error %}"}]),
                              Zero=last("Pass", Output="{% $length($states.input) %}"))])))),
        {"ids": [10, 20]}, {"Two": [3, failing("Four")]}, [13, 24], 2.0,
    ),
    "a state of JSONata among those of JSONPath": (
        states("New", New=task(INVOKE, QueryLanguage="JSONata", Next="Old",
                               Arguments={"FunctionName": "f", "Payload": "{% $states.input.a %}"},
                               Output="{% {'b': $states.result.Payload + 1} %}"),
               Old=last("Pass", Parameters={"c.$": "$.b"})),
        {"a": 1}, {}, {"c": 2}, 1.0,
    ),
    "an HTTP endpoint and an event": (
        states("Call", Call=task("arn:aws:states:::http:invoke", Next="Tell", Parameters={
            "ApiEndpoint": "https://example.com/v1", "Method": "POST", "Authentication": {
                "ConnectionArn": "arn:aws:events:us-east-1:123456789012:connection/c/1"},
            "RequestBody.$": "$"}, ResultPath="$.said",
            Retry=[{"ErrorEquals": ["States.Http.StatusCode.503"], "JitterStrategy": "FULL",
                    "MaxDelaySeconds": 60}]),
            Tell=task("arn:aws:states:::events:putEvents", OutputPath="$.said.ResponseBody",
                      ResultPath=None, Parameters={"Entries": [{
                          "Detail.$": "$", "DetailType": "Called", "EventBusName": "default",
                          "Source": "shop"}]})),
        {}, {"Call": {"ResponseBody": "ok", "StatusCode": 200}}, "ok", 2.0,
    ),
    "names with spaces, and paths with quotes": (
        {"Comment": "…", "Version": "1.0", "TimeoutSeconds": 300, "StartAt": "A first: step",
         "States": {"A first: step": {
             "Type": "Pass", "Parameters": {"x.$": "$['odd key'][-1]['ü']", "y.$": "$..z"},
             "Next": "Ä/ö"}, "Ä/ö": {"Type": "Succeed", "OutputPath": "$.x"}}},
        {"odd key": [{"ü": 1}, {"ü": 2, "z": 3}]}, {}, 2, 0.0,
    ),
}
