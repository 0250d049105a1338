"""CloudWatch alarm: a metric of any node against a threshold, for several policies or for none."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import model_validator

from sandbox.kernels.alarm import IGNORE, INSUFFICIENT_DATA, MORE
from sandbox.kernels.compiled import compiled
from sandbox.services._alarms import MOST, STATE, Judgement, judge, ratio, too_long, upward
from sandbox.services.contract import EventKind, Metric, Service, Setup
from sandbox.services.law import boundary, emit
from sandbox.services.params import param
from sandbox.services.references import ALARMS, FINE_S, KEPT, MetricReference, watch_at

PRICING = "https://aws.amazon.com/cloudwatch/pricing/"
STANDARD_USD_MONTH = 0.10  # PRICING: an alarm on a metric of standard resolution
HIGH_USD_MONTH = 0.30  # PRICING: an alarm of high resolution
MONTH_H = 730.0


class Params(Judgement):
    metric: MetricReference | None = param(
        None, "What is watched.", source=ALARMS, confidence="H", basic=True
    )
    divide_by: MetricReference | None = param(
        None,
        "The metric is divided by this one (metric math). Divided by 0 it is missing.",
        source="Amazon CloudWatch User Guide: Using metric math",
        confidence="H",
    )
    metric_delay_s: float = param(
        60.0, "Until a datapoint arrives, rounded up to whole buckets.", unit="s", ge=0, le=900
    )

    @model_validator(mode="after")
    def _fits(self) -> Params:
        if self.metric is not None:
            too_long(self.metric.period_s, self.evaluation_periods)
            if self.metric.period_s * self.evaluation_periods > KEPT * self.metric.base_s:
                raise ValueError(
                    f"evaluation_periods {self.evaluation_periods} of {self.metric.period_s} s are "
                    f"more than the {KEPT * FINE_S / 3600:.1f} h that are kept of such datapoints"
                )
        return self


class Derived:
    fine: bool
    usd_per_hour: float


class State:
    alarm_state: float  # these five first: what policies read, see `_alarms.SHARED`
    alarm_value: float
    alarm_threshold: float
    alarm_above: float
    alarm_evaluated: float
    shown: float
    breaching: float
    alarm: Annotated[object, STATE]
    points: Annotated[object, ("f8", (MOST + MORE,))]


@compiled
def step(p, s, io, cells, tick):
    """An alarm takes no requests; it costs what it costs."""
    io.done = io.reads + io.writes
    io.cost_per_hour = p.usd_per_hour


@compiled
def control(p, s, io, cells, tick):
    """Evaluate once a minute; every ten seconds where the period is less than a minute."""
    if not (boundary(tick, 60.0) or (p.fine and boundary(tick, FINE_S))):
        return
    n = p.evaluation_periods
    m = p.datapoints_to_alarm if p.datapoints_to_alarm > 0 else n
    for back in range(n + MORE):
        s.points[back] = ratio(p.metric, p.divide_by, back, p.metric_delay_s)
    treatment = p.treat_missing_data
    if p.metric.watch != 0 and watch_at(p.metric.watch).ignores_missing != 0:
        treatment = IGNORE
    before = s.alarm_state
    alarm = s.alarm
    changed = judge(alarm, s.points, p.comparison, p.threshold, m, n, treatment, tick.t + tick.dt)
    s.alarm_state = float(alarm.state)
    s.alarm_value = alarm.value
    s.alarm_threshold = p.threshold
    s.alarm_above = 1.0 if upward(p.comparison) else 0.0
    s.alarm_evaluated += 1.0
    s.breaching = alarm.breaching
    if alarm.value == alarm.value:
        s.shown = alarm.value
    if changed:
        emit(tick, alarm.state, s.breaching, float(n), s.alarm_value, p.threshold, float(m), before)


def prepare(params: Params, record: Any, setup: Setup) -> None:
    watched = [x for x in (params.metric, params.divide_by) if x is not None and x.given]
    fine = params.metric is not None and params.metric.period_s < 60
    record["fine"] = fine
    # each metric of a calculation is an alarm metric of its own on the bill
    price = HIGH_USD_MONTH if fine else STANDARD_USD_MONTH
    record["usd_per_hour"] = len(watched) * price / MONTH_H


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    state["alarm_state"] = state["alarm"]["state"] = INSUFFICIENT_DATA


def foretell(params: Params, setup: Setup) -> list[tuple[float, str, str]]:
    if params.metric is None or not params.metric.given:
        text = "The alarm watches nothing: choose a node and a metric in metric"
        return [(0.0, "alarm_without_metric", text)]
    return []


_NUMBERS = (
    "{0:.0f} of {1:.0f} datapoints breach (newest {2:,.4g}, threshold {3:,.4g}, {4:.0f} needed)"
)

SERVICE = Service(
    id="alarm",
    title="CloudWatch alarm",
    category="management",
    summary="Watches a metric of any node against a threshold, by M of N datapoints.",
    params=Params,
    derived=Derived,
    state=State,
    ports=(),
    step=step,
    control=control,
    prepare=prepare,
    init=init,
    foretell=foretell,
    metrics=(
        Metric("alarm_state", "", "State (0 OK, 1 ALARM, 2 insufficient data)", "alarm_state"),
        Metric("value", "", "Newest datapoint", "shown"),
        Metric("breaching_datapoints", "", "Datapoints that breach", "breaching"),
    ),
    events=(
        EventKind("alarm_ok", f"OK: {_NUMBERS}"),
        EventKind("alarm", f"ALARM: {_NUMBERS}", "warning"),
        EventKind(
            "insufficient_data",
            "INSUFFICIENT_DATA: no datapoint has arrived (threshold {3:,.4g})",
        ),
    ),
    headline="alarm_state",
)
