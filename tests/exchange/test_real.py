"""Templates that other people wrote: all open, run, and have the links that a person sees."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sandbox.document.file import dump, loads
from sandbox.engine import Run
from sandbox.exchange import TemplateError, import_template

from .templates import known

INPUTS = Path(os.environ.get("SANDBOX_REAL_INPUTS", ""))
NOT_JSON = "sfn-iot-data-analytics-dataset.asl.json"
FILES = (
    sorted(
        path
        for folder in ("sam", "cloudformation", "asl")
        for path in (INPUTS / folder).glob("*")
        if path.name != NOT_JSON
    )
    if os.environ.get("SANDBOX_REAL_INPUTS")
    else []
)
LABELS = json.loads(Path(__file__).with_name("labels.json").read_text(encoding="utf-8"))
FAILED = {"on_failure>in", "dead_letter>in"}
"""Nothing fails in these runs, so what takes failures gets nothing; that is right."""
CAUGHT = {
    "common-error-handling.asl.json": {"CommonErrorOption2FunctionArn"},
    "idempotent-workflow-sam.asl.json": {"DDBGetItem"},
    "saga-pattern-sam.asl.json": {
        "refundPaymentFunction",
        "cancelCarRentalFunction",
        "cancelFlightFunction",
    },
}
"""What Tasks call only after another has failed."""
LONG_S = 330
"""Firehose fills a buffer for 300 s at most, and a person is taken to answer within a minute."""
needs_inputs = pytest.mark.skipif(not FILES, reason="SANDBOX_REAL_INPUTS is not set")


@needs_inputs
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_opens_accounts_for_each_resource_and_runs(path):
    made = import_template(path, known())
    document, report = made.document, made.report
    entries = [entry.resource for entry in report.resources]
    assert len(entries) == len(set(entries))
    if report.kind != "asl":
        assert set(made.expanded["Resources"]) == set(entries)
    assert all(entry.why for entry in report.resources)
    data = dump(document, known())
    assert dump(loads(data, path.name, known()), known()) == data
    run = Run(document, known())
    run.advance(LONG_S)
    assert run.balance_error < 1e-9
    for id in document.nodes:
        into = {key for _, target, key in document.links if target == id}
        if into and not into <= FAILED and id not in CAUGHT.get(path.name, ()):
            assert run.history.summary(id, "arrivals")["total"] > 0, id


@needs_inputs
def test_certain_links_are_right_and_most_others_too():
    found = missed = wrong = found_all = missed_all = wrong_all = 0
    for name, labels in LABELS.items():
        links = import_template(INPUTS / name, known()).report.links
        certain = {(link.source, link.target) for link in links if link.certainty == "certain"}
        every = {(link.source, link.target) for link in links}
        wanted = set(map(tuple, labels["certain"]))
        wanted_all = wanted | set(map(tuple, labels["other"]))
        found += len(certain & wanted)
        wrong += len(certain - wanted)
        missed += len(wanted - certain)
        found_all += len(every & wanted_all)
        wrong_all += len(every - wanted_all)
        missed_all += len(wanted_all - every)
    assert found / (found + wrong) >= 0.95
    assert found / (found + missed) >= 0.95
    assert 2 * found_all / (2 * found_all + wrong_all + missed_all) >= 0.9


@needs_inputs
def test_what_is_not_json_is_refused_with_its_place():
    with pytest.raises(TemplateError, match="line 10, column 33"):
        import_template(INPUTS / "asl" / NOT_JSON, known())


@needs_inputs
def test_both_notations_of_one_template_give_the_same_diagram():
    both = [
        import_template(
            INPUTS / "cloudformation" / f"AutoScalingMultiAZWithNotifications.{ending}", known()
        ).document
        for ending in ("json", "yaml")
    ]
    assert dict(both[0].nodes) == dict(both[1].nodes)
    assert dict(both[0].links) == dict(both[1].links)


@needs_inputs
def test_the_auto_scaling_sample_scales_by_its_alarms():
    path = INPUTS / "cloudformation" / "AutoScalingMultiAZWithNotifications.yaml"
    document = import_template(path, known()).document
    policies = document.nodes["WebServerGroup"].params["simple_policies"]
    wanted = [
        (90.0, "greater_than_threshold", 2, 300, 1.0, 60),
        (70.0, "less_than_threshold", 2, 300, -1.0, 60),
    ]
    keys = ("threshold", "comparison", "evaluation_periods", "period_s", "adjustment", "cooldown_s")
    assert [tuple(policy[key] for key in keys) for policy in policies] == wanted
