"""What a delivery stream says of its numbers and its bill."""

from __future__ import annotations

import math

from sandbox.services.explain import CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/firehose/pricing/"
LIMITS = "Amazon Data Firehose Developer Guide: Quota"
_SIZE = Input("s.put_kb", "Size of a record", "KB")
_GB = Input("KB_PER_GB", "KB in a GB")

EXPLANATIONS = (
    Explanation(
        "utilization",
        "Records accepted, of what the direct puts' limits take: records, calls × records in one, "
        "or bytes ÷ their size, whichever binds.",
        ("incoming_records", Input("s.limit", "Records it takes", "1/s", LIMITS, True)),
        lambda rate, limit: min(1.0, rate / limit),
        LIMITS,
        when=lambda rate, limit: 0.0 < limit < math.inf,
    ),
    Explanation(
        "incoming_bytes",
        "Records accepted × their size.",
        ("incoming_records", _SIZE),
        lambda rate, kb: rate * kb * 1024.0,
    ),
)

COST_LINES = (
    CostLine(
        "Data taken in",
        "Records accepted × their size in full 5 KB × price of a GB.",
        ("incoming_records", _SIZE, Input("UNIT_KB", "Size counts in steps of", "KB", PRICING), _GB,
         Input("GB_USD", "A GB", "USD", PRICING)),
        lambda rate, kb, unit, gb, usd: (
            rate * unit * max(1.0, math.ceil(kb / unit - 1e-9)) / gb * 3600.0 * usd
        ),
        PRICING,
    ),
    CostLine(
        "Format conversion",
        "The same data × price of a GB converted.",
        ("incoming_records", _SIZE, Input("UNIT_KB", "Size counts in steps of", "KB", PRICING), _GB,
         Input("CONVERSION_GB_USD", "A GB", "USD", PRICING),
         Input("p.format_conversion", "Format is converted")),
        lambda rate, kb, unit, gb, usd, converts: (
            rate * unit * max(1.0, math.ceil(kb / unit - 1e-9)) / gb * 3600.0 * usd * converts
        ),
        PRICING,
    ),
)  # fmt: skip
