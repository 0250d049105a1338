"""Maps and Parallels, within each other, over lists and over objects."""

# fmt: off
from __future__ import annotations

from typing import Any

from tests.services.definitions.shapes import (
    DISTRIBUTED,
    ORDERS,
    last,
    states,
    task,
)

CASES: dict[str, tuple[dict[str, Any], Any, dict[str, Any], Any, float]] = {
    "a parallel in a map": (
        states("Each", Each=last("Map", ItemsPath="$.orders", MaxConcurrency=1, Iterator=states(
            "Both", Both=last("Parallel", ResultSelector={"got.$": "$[*].id"}, Branches=[
                states("Charge", Charge=task(Parameters={"id.$": "$.id"})),
                states("Pack", Pause=last("Wait", Seconds=4),
                       Pack=task(Next="Pause", Parameters={"id.$": "$.id"})),
            ])))),
        ORDERS, {}, [{"got": [1, 1]}, {"got": [2, 2]}], 10.0,
    ),
    "a map in a parallel in a map": (
        states("Outer", Outer=last("Map", ItemProcessor=states(
            "Split", Split=last("Parallel", Branches=[
                states("Inner", Inner=last("Map", ItemSelector={"n.$": "$$.Map.Item.Value"},
                                           ItemProcessor=states("Work", Work=task()))),
            ])))),
        [[1, 2], [3]], {}, [[[{"n": 1}, {"n": 2}]], [[{"n": 3}]]], 1.0,
    ),
    "the old iterator with parameters": (
        states("Each", Each=last(
            "Map", ItemsPath="$.orders", Parameters={"id.$": "$$.Map.Item.Value.id",
                                                     "at.$": "$$.Map.Item.Index"},
            Iterator=states("Give", Give=last("Pass")), ResultPath="$.seen", OutputPath="$.seen")),
        ORDERS, {}, [{"id": 1, "at": 0}, {"id": 2, "at": 1}], 0.0,
    ),
    "a distributed map over objects of a bucket": (
        states("Files", Files=last(
            "Map", Label="files", MaxConcurrency=2, ToleratedFailurePercentage=50,
            ItemReader={"Resource": "arn:aws:states:::s3:listObjectsV2",
                        "Parameters": {"Bucket": "raw", "Prefix.$": "$.day"}},
            ItemProcessor={**states("Read", Read=task()), "ProcessorConfig": DISTRIBUTED})),
        {"day": "2026-01-05"}, {"Files": [{"Key": "a"}, {"Key": "b"}, {"Key": "c"}]},
        [{"Key": "a"}, {"Key": "b"}, {"Key": "c"}], 2.0,
    ),
    "a distributed map of batches of a CSV file": (
        states("Rows", Rows=last(
            "Map", ItemReader={
                "Resource": "arn:aws:states:::s3:getObject",
                "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW",
                                 "MaxItems": 3},
                "Parameters": {"Bucket": "raw", "Key": "rows.csv"}},
            ItemSelector={"n.$": "$$.Map.Item.Value.n"},
            ItemBatcher={"MaxItemsPerBatch": 2, "BatchInput": {"day.$": "$.day"}},
            ItemProcessor={**states("Read", Read=task()), "ProcessorConfig": DISTRIBUTED})),
        {"day": "Monday"}, {"Rows": [{"n": str(n), "x": ""} for n in range(9)]},
        [{"BatchInput": {"day": "Monday"}, "Items": [{"n": "0"}, {"n": "1"}]},
         {"BatchInput": {"day": "Monday"}, "Items": [{"n": "2"}]}], 1.0,
    ),
    "a distributed map that writes its results to a bucket": (
        states("Rows", Rows=last(
            "Map", ItemsPath="$.rows", ResultWriter={
                "Resource": "arn:aws:states:::s3:putObject",
                "Parameters": {"Bucket": "done", "Prefix": "out"}},
            ItemProcessor={**states("Read", Read=task()),
                           "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}},
            ResultSelector={"bucket.$": "$.ResultWriterDetails.Bucket"})),
        {"rows": [1, 2]}, {}, {"bucket": "done"}, 1.0,
    ),
}
