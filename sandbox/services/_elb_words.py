"""What a balancer may lose requests by, what it measures, and what it says."""

from __future__ import annotations

from sandbox.services._elb_params import ADVICE, PORTS
from sandbox.services.contract import Cause, EventKind, Metric

TROUBLE = "Application Load Balancers user guide: Troubleshoot your Application Load Balancers"


def _count(name: str, title: str, at: str, cloudwatch: str) -> Metric:
    return Metric(name, "1/s", title, at, cloudwatch, total=True)


CAUSES = (
    Cause("rejected", "no_target", "503: no target is registered", TROUBLE),
    Cause("rejected", "over_capacity", "503: it has not grown to the load yet", ADVICE),
    Cause("rejected", "no_port", "no port to a target is left for a new connection", PORTS),
    Cause("rejected", "too_large", "413: a function takes a request of 1 MB at most", TROUBLE),
    Cause("failed", "answer_too_large", "502: a function answers 1 MB at most", TROUBLE),
)

METRICS = (
    _count("request_count", "Requests", "requests", "RequestCount"),
    Metric("healthy_host_count", "", "Healthy hosts", "healthy", "HealthyHostCount"),
    Metric("unhealthy_host_count", "", "Unhealthy hosts", "unhealthy", "UnHealthyHostCount"),
    Metric(
        "unhealthy_routing",
        "",
        "Target groups that fail open",
        "open_groups",
        "UnhealthyRoutingRequestCount",
    ),
    _count(
        "http_code_elb_5xx",
        "Errors of the balancer (502, 503, 504)",
        "elb_5xx",
        "HTTPCode_ELB_5XX_Count",
    ),
    _count("http_code_elb_502", "502: broken off", "elb_502", "HTTPCode_ELB_502_Count"),
    _count("http_code_elb_503", "503: nobody there", "elb_503", "HTTPCode_ELB_503_Count"),
    _count("http_code_elb_504", "504: no answer in time", "elb_504", "HTTPCode_ELB_504_Count"),
    _count("http_code_elb_4xx", "413: too large", "elb_4xx", "HTTPCode_ELB_4XX_Count"),
    _count("http_code_elb_460", "460: the client hung up", "elb_460", ""),
    _count(
        "http_code_target_5xx",
        "Errors of the targets",
        "target_5xx",
        "HTTPCode_Target_5XX_Count",
    ),
    _count(
        "http_code_target_4xx",
        "Throttled by the targets",
        "target_4xx",
        "HTTPCode_Target_4XX_Count",
    ),
    Metric(
        "target_response_time",
        "s",
        "Response of the targets",
        "response_s",
        "TargetResponseTime",
    ),
    _count("new_connections", "New connections", "new_connections", "NewConnectionCount"),
    Metric(
        "active_connections",
        "",
        "Active connections",
        "active_connections",
        "ActiveConnectionCount",
    ),
    Metric(
        "processed_kb",
        "KB/s",
        "Processed bytes",
        "processed_kb",
        "ProcessedBytes",
        total=True,
    ),
    Metric("consumed_lcus", "", "Consumed capacity units (LCU)", "lcus", "ConsumedLCUs"),
    Metric("capacity_lcus", "", "Capacity units it has grown to", "capacity"),
    Metric("surge_queue_length", "", "Surge queue (classic)", "surge_length", "SurgeQueueLength"),
    _count("spillover", "Spilled over (classic)", "spillover", "SpilloverCount"),
    _count(
        "port_allocation_errors",
        "Connections without a port (network)",
        "port_errors",
        "PortAllocationErrorCount",
    ),
)

EVENTS = (
    EventKind(
        "fails_open",
        "No target of {1:.0f} target group is healthy ({0:.0f} unhealthy): requests go to all "
        "of them",
        "warning",
    ),
    EventKind("healthy_again", "Targets are healthy again: {0:,.1f} of them take requests"),
)
