"""The metrics that a group publishes of itself, each minute, for its policies to look at.

CPU and network come every minute with detailed monitoring, else every five; requests a target as
the balancer counts them.  Nothing here is looked at live: a datapoint arrives late.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

from sandbox.kernels.alarm import AVERAGE, BUCKET, settled, value_of
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services._alarms import ratio
from sandbox.services.law import ERA_2020
from sandbox.services.params import Parameters, param
from sandbox.services.references import MetricReference

TRACKING = (
    "EC2 Auto Scaling user guide: Target tracking scaling policies for Amazon EC2 Auto Scaling"
)
QUEUES = "EC2 Auto Scaling user guide: Scaling based on Amazon SQS"
MINUTES = 384  # datapoints kept
BASIC = 5  # EC2 user guide: minutes of a datapoint without detailed monitoring
KB = 1024.0

CPU, REQUESTS, NETWORK_IN, NETWORK_OUT, CUSTOM = range(5)
OWN = 4  # metrics of the group itself


class ScalingMetric(Parameters):
    """What a policy looks at."""

    metric: Literal[
        "asg_average_cpu_utilization",
        "alb_request_count_per_target",
        "asg_average_network_in",
        "asg_average_network_out",
        "custom",
    ] = param(
        "asg_average_cpu_utilization",
        "Mean CPU (%), the balancer's requests a target in a minute, bytes in or out of an "
        "instance in a minute, or a custom metric.",
        source=TRACKING,
        confidence="H",
        basic=True,
    )
    custom_metric: MetricReference | None = param(
        None,
        "With custom: any node's metric, such as a queue's length.",
        source=TRACKING,
        confidence="H",
    )
    divide_by: MetricReference | None = param(
        None,
        "With custom: the metric is divided by this one (metric math), such as the instances in "
        "service for a backlog per instance. Divided by 0 it is missing.",
        source=QUEUES,
        confidence="H",
    )


class Published:
    """What the state of a group keeps of its own metrics."""

    minute: int  # buckets closed so far
    cpu_utilization: float
    requests_per_target: float
    network_in: float
    network_out: float
    cpu_now: float  # in this tick; nan with no instance
    requests_now: float
    network_in_now: float
    network_out_now: float
    busy_s: float  # sums of the open buckets: CPU time used and had,
    had_s: float
    bytes_in: float
    bytes_out: float
    ran_s: float
    requests: float  # requests, and time of instances in service
    served_s: float
    own: Annotated[object, (BUCKET, (OWN, MINUTES))]
    loads: Annotated[object, ("f8", (OWN,))]  # of the whole group in this tick, see `tally`


@compiled
def tally(s, io, dt, arrived, done, n, vcpus, cpu_s):
    """Count what one tick adds to the open buckets: `n` instances of `vcpus` each, that took on
    `arrived` requests/s and completed `done`. Requests that write bring their payload in, those
    that read take it out."""
    s.requests += arrived * dt
    s.cpu_now = s.requests_now = s.network_in_now = s.network_out_now = math.nan
    share = done / (io.reads + io.writes) if io.reads + io.writes > 0.0 else 0.0
    came = 60.0 * io.writes * io.kb * KB  # bytes a minute
    went = 60.0 * io.reads * share * io.kb * KB
    s.loads[:] = 0.0
    if n <= 0.0 or vcpus <= 0.0:
        return
    s.busy_s += done * cpu_s * dt
    s.had_s += n * vcpus * dt
    s.bytes_in += came / 60.0 * dt
    s.bytes_out += went / 60.0 * dt
    s.ran_s += n * dt
    s.served_s += n * dt
    s.cpu_now = 100.0 * done * cpu_s / (n * vcpus)
    s.requests_now = 60.0 * arrived / n
    s.network_in_now = came / n
    s.network_out_now = went / n
    s.loads[CPU] = 100.0 * done * cpu_s / vcpus
    s.loads[REQUESTS] = 60.0 * arrived
    s.loads[NETWORK_IN] = came
    s.loads[NETWORK_OUT] = went


@compiled
def close_minute(p, s, tick):
    """Close the minute's buckets, which stay empty where there is no datapoint."""
    at = s.minute % MINUTES
    for m in range(OWN):
        s.own[m, at].samples = 0.0
    if p.detailed_monitoring or (s.minute + 1) % BASIC == 0:
        if s.had_s > 0.0:
            _publish(s.own[CPU, at], 100.0 * s.busy_s / s.had_s)
            _publish(s.own[NETWORK_IN, at], s.bytes_in / (s.ran_s / 60.0))
            _publish(s.own[NETWORK_OUT, at], s.bytes_out / (s.ran_s / 60.0))
        s.busy_s = s.had_s = s.bytes_in = s.bytes_out = s.ran_s = 0.0
    # with no request there is no datapoint (in 2020 there was a zero)
    if p.behind_elb and s.served_s > 0.0 and (s.requests > 0.0 or tick.era == ERA_2020):
        _publish(s.own[REQUESTS, at], s.requests / (s.served_s / 60.0))
    s.requests = s.served_s = 0.0
    s.minute += 1
    s.cpu_utilization = _shown(p, s, CPU, s.cpu_utilization)
    s.requests_per_target = _shown(p, s, REQUESTS, s.requests_per_target)
    s.network_in = _shown(p, s, NETWORK_IN, s.network_in)
    s.network_out = _shown(p, s, NETWORK_OUT, s.network_out)


@compiled
def _publish(bucket, value):
    bucket.amount = bucket.lowest = bucket.highest = settled(value)
    bucket.samples = 1.0


@inlined
def _shown(p, s, metric, before):
    value = own_point(p, s, metric, 0, 1, AVERAGE)
    return value if value == value else before


@compiled
def own_point(p, s, metric, back, span, statistic):
    """A datapoint of the group's own that has arrived, `back` periods of `span` minutes ago."""
    late = p.delay_minutes
    if s.minute - late - back * span <= 0:
        return math.nan
    return value_of(s.own[metric], (s.minute - 1 - late) % MINUTES, back, span, statistic)


@compiled
def point(p, s, policy, back, span, statistic):
    """A datapoint of what a policy looks at."""
    if policy.metric == CUSTOM:
        return ratio(policy.custom_metric, policy.divide_by, back, p.metric_delay_s)
    return own_point(p, s, policy.metric, back, span, statistic)


@compiled
def gather(p, s, policy, count, span, statistic):
    """The newest `count` datapoints of a policy's metric, the newest first, in ``s.points``."""
    for back in range(count):
        s.points[back] = point(p, s, policy, back, span, statistic)
