"""What a database says of its bill."""

from __future__ import annotations

from sandbox.services._rds_classes import AURORA_PRICING, PRICING
from sandbox.services.explain import CostLine, Input

_BILLED = Input("p.billed", "Instances, standbys and replicas included")
_USD = Input("p.usd", "An instance-hour", "USD", PRICING)
_VCPUS = Input("p.vcpus", "vCPUs of an instance")

COST_LINES = (
    CostLine(
        "Instances",
        "Instances that are paid for, standbys and replicas too, × price of an instance-hour.",
        (_BILLED, _USD),
        lambda n, usd: n * usd,
        PRICING,
    ),
    CostLine(
        "Proxy",
        "vCPUs behind the proxy × price of a vCPU-hour.",
        (Input("p.proxy", "A proxy (1 is on)"), _BILLED, _VCPUS,
         Input("PROXY_VCPU_USD", "A vCPU-hour of a proxy", "USD")),
        lambda on, n, vcpus, usd: on * n * vcpus * usd,
    ),
    CostLine(
        "Storage",
        "Allocated GB and provisioned operations of every copy by the month; of Aurora the GB "
        "that are used.",
        (Input("p.aurora", "Aurora (1) or not (0)"),
         Input("p.storage_usd", "An hour of the storage (of Aurora: of a GB)", "USD", PRICING),
         Input("s.used_gb", "Used", "GB")),
        lambda aurora, usd, gb: usd * gb if aurora else usd,
        PRICING,
    ),
    CostLine(
        "Operations",
        "Aurora: reads and writes of storage × price of a million.",
        (Input("p.aurora", "Aurora (1) or not (0)"), Input("s.read_iops", "Reads", "1/s"),
         Input("s.write_iops", "Writes", "1/s"),
         Input("AURORA_MILLION_USD", "A million operations", "USD", AURORA_PRICING)),
        lambda aurora, reads, writes, usd: aurora * (reads + writes) * 3600.0 / 1e6 * usd,
        AURORA_PRICING,
    ),
)  # fmt: skip
