"""Records of a stream that a function can never process, and what they hold up.

A batch with such a record fails as often as it is tried, and what is behind it in its shard (in its
lane, with a parallelization factor) waits. It ends when it has been tried too often, when its
records are too old, or when the stream drops them; by bisecting, only the record itself is lost.
"""

from __future__ import annotations

import math

from sandbox.kernels.compiled import inlined

STAGES = 8  # through which a batch goes while it is held, so that most are held for about as long
RETENTION_S = 86_400.0  # Kinesis Data Streams developer guide: the default retention of records


@inlined
def held_up(m, batch):
    """Share of the batches that hold a record which cannot be processed."""
    if m.stream_poison_share <= 0.0:
        return 0.0
    return 1.0 - (1.0 - m.stream_poison_share) ** batch


@inlined
def tried(m, fails):
    """Of the attempts that fail by chance, the share after which there is no further one.

    A batch is tried up to r + 1 times, and each try fails with probability e: of the attempts e are
    failures, and (1 - e) e^(r + 1) / (1 - e^(r + 1)) the last of r + 1 failures.
    """
    if m.maximum_retry_attempts < 0 or fails <= 0.0:
        return 0.0
    tries = m.maximum_retry_attempts + 1.0
    if fails >= 1.0:
        return 1.0 / tries
    never = fails**tries
    return (1.0 - fails) * never / (1.0 - never) / fails


@inlined
def block(s, k, items, busy, share):
    """Batches that are going to be tried in vain: they stay, each in a lane of its own while there
    are free ones, and behind others in a tick that is longer than a batch."""
    lanes = min(busy * share, s.pollers[k])
    s.pollers[k] -= lanes
    s.stuck[k] += lanes
    s.stuck_items[k] += items * share
    s.stuck_lanes_at[k, 0] += lanes
    s.stuck_items_at[k, 0] += items * share


@inlined
def stuck_for(m, batch, batch_s):
    """How long such a batch holds its lane (s)."""
    longest = RETENTION_S
    if m.maximum_record_age_s > 0.0:
        longest = min(longest, m.maximum_record_age_s)
    if m.maximum_retry_attempts < 0:
        return longest
    tries = m.maximum_retry_attempts + 1.0
    if m.bisect_batch_on_function_error:
        # the whole, then halves, of which one succeeds; the record alone is tried as often as any
        halvings = math.ceil(math.log2(max(batch, 1.0)))
        whole = 2.0 * batch_s * (1.0 - 0.5**halvings) + batch_s * (1.0 - 0.5**halvings)
        return min(longest, whole + tries * batch_s / max(batch, 1.0))
    return min(longest, tries * batch_s)


@inlined
def let_go(p, s, m, k, batch_s, dt):
    """End what has been held for long enough: (records processed after all, records discarded)."""
    held = max(stuck_for(m, s.batch[k], batch_s), dt)
    part = -math.expm1(-STAGES * dt / held)
    lanes = items = 0.0
    for stage in range(STAGES):
        s.stuck_lanes_at[k, stage] += lanes
        s.stuck_items_at[k, stage] += items
        lanes = s.stuck_lanes_at[k, stage] * part
        items = s.stuck_items_at[k, stage] * part
        s.stuck_lanes_at[k, stage] -= lanes
        s.stuck_items_at[k, stage] -= items
    s.stuck[k] = max(0.0, s.stuck[k] - lanes)
    s.stuck_items[k] = max(0.0, s.stuck_items[k] - items)
    left = 0.0
    for stage in range(STAGES):
        left += s.stuck_items_at[k, stage]
    if left < 1e-9:  # where rounding ends
        items += s.stuck_items[k]
        s.stuck[k] = s.stuck_items[k] = 0.0
        for stage in range(STAGES):
            s.stuck_lanes_at[k, stage] = s.stuck_items_at[k, stage] = 0.0
    if m.bisect_batch_on_function_error:
        lost = min(items, lanes)
        return items - lost, lost
    return 0.0, items
