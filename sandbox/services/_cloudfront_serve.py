"""What a distribution does with a tick's requests: refuse, answer from a cache, ask an origin."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled, inlined
from sandbox.services import _cloudfront_invalidation as fresh
from sandbox.services import _cloudfront_keys as keys
from sandbox.services._cloudfront_origins import spare_time, watch
from sandbox.services._cloudfront_prices import GB_KB, TIERS_GB

KBIT_PER_GBIT = 1e9 / 8192.0
GEO_BLOCKED, REQUEST_RATE, DATA_RATE, ERROR_CACHED, NO_BEHAVIOR, TOO_LARGE, ENDED = range(7)


@inlined
def refuse(p, s, io, tick):
    """The share of requests, of those that countries and behaviours leave, within the quotas."""
    rate = io.reads + io.writes
    if p.rtmp and tick.epoch >= p.rtmp_ends:
        io.loss[ENDED] = rate
        return 0.0
    if io.kb > p.body_kb:
        io.loss[TOO_LARGE] = rate
        return 0.0
    asked = kb = 0.0
    for k in range(tick.mix.shape[1]):
        row = tick.table[keys.ROW * k : keys.ROW * (k + 1)]
        mine = tick.mix[0, k] + tick.mix[1, k]
        io.loss[GEO_BLOCKED] += mine * row[keys.REFUSED]
        mine *= 1.0 - row[keys.REFUSED]
        if row[keys.LINK] == keys.TOO_LONG:
            io.loss[TOO_LARGE] += mine
            continue
        if row[keys.LINK] < 0.0:
            io.loss[NO_BEHAVIOR] += mine
            continue
        asked += mine
        kb += mine * row[keys.KB]
    if asked <= 0.0:
        return 1.0
    kept = min(1.0, p.most_per_s / asked)
    io.loss[REQUEST_RATE] = asked * (1.0 - kept)
    gbit = kb * kept / KBIT_PER_GBIT
    fits = min(1.0, p.most_gbit / gbit) if gbit > 0.0 else 1.0
    io.loss[DATA_RATE] = asked * kept * (1.0 - fits)
    io.utilization = min(1.0, max(asked / p.most_per_s, gbit / p.most_gbit))
    return kept * fits


@inlined
def _usd(s, row):
    """USD of a GB in the tier that this month has come to."""
    sent = s.month_kb / GB_KB
    tier = 0 if sent < TIERS_GB[0] else (1 if sent < TIERS_GB[1] else 2)
    return row[keys.GB_USD + tier]


@compiled
def serve(p, s, io, cells, tick, kept):
    """Steps 3 to 5; leaves the composition of what goes to the origins."""
    reads = writes = hits_edge = hits = cacheable = 0.0
    sent = failing = uncovered = 0.0
    sent_reads = sent_writes = 0.0
    wait_p = wait_m = wait_v = svc = out_of_date = 0.0
    for k in range(tick.mix.shape[1]):
        c = cells[k]
        row = tick.table[keys.ROW * k : keys.ROW * (k + 1)]
        let_in = kept * (1.0 - row[keys.REFUSED]) if row[keys.LINK] >= 0.0 else 0.0
        r, w = tick.mix[0, k] * let_in, tick.mix[1, k] * let_in
        c.requests = r + w
        bad, lasts = 0.0, 0.0
        if row[keys.LINK] >= 0.0:
            bad, lasts = watch(p, tick, row)
        c.bad = bad
        edge_hit = regional_hit = expired = again = 0.0
        if row[keys.TTL_S] > 0.0 and row[keys.LINK] >= 0.0:
            if r > 0.0:
                _look_up(p, c, row, tick, r, _reads_all(tick, kept))
            edge_hit, regional_hit = r * c.edge_hits, r * c.regional_hits
            cacheable += r
            expired, again = c.expired, c.again
            s.collapsed += min(r * c.concurrent_s * lasts, edge_hit + regional_hit)
            out_of_date += edge_hit + regional_hit
        c.hit_ratio = (edge_hit + regional_hit) / r if r > 0.0 else c.hit_ratio
        missed = r - edge_hit - regional_hit
        # 4: errors of keys that were asked for a moment ago
        spared = missed * bad * again
        s.stale_on_error += spared * expired
        s.error_cached += spared * (1.0 - expired)
        asks = missed - spared
        reads += r
        writes += w
        hits_edge += edge_hit
        hits += edge_hit + regional_hit
        sent_reads += asks
        sent_writes += w
        sent += asks + w
        failing += (asks + w) * bad
        uncovered += asks * bad * (1.0 - expired) + w * bad
        s.stale_on_error += asks * bad * expired
        # what each has to wait for beside the edge: the regional cache, the origin
        svc += (r + w) * row[keys.EDGE_S]
        near, far = p.regional_ms * 1e-3, (p.regional_ms + p.origin_ms) * 1e-3
        if p.regional_caches == 0:
            far = p.origin_ms * 1e-3
        straight = p.origin_ms * 1e-3  # dynamic requests pass the regional caches by
        through = asks if row[keys.TTL_S] > 0.0 else 0.0
        direct = asks + w - through
        lost = spare_time(tick, row)
        for x in range(3):
            amount = (regional_hit, through, direct)[x]
            delay = (near, far, straight)[x] + (lost * _bad_first(tick, row) if x > 0 else 0.0)
            wait_p += amount
            wait_m += amount * delay
            wait_v += amount * delay * delay
        tick.mix[0, k], tick.mix[1, k] = asks, w
        _bill(s, row, r + w, w * io.kb)
    total = reads + writes
    io.loss[ERROR_CACHED] = s.error_cached
    io.done = total - s.error_cached
    io.out_reads, io.out_writes = sent_reads, sent_writes
    io.out_ca2 = io.ca2
    _scale(io, tick, sent_reads, sent_writes)
    s.hit_ratio = hits / cacheable if cacheable > 0.0 else s.hit_ratio
    s.edge_ratio = hits_edge / cacheable if cacheable > 0.0 else s.edge_ratio
    s.regional_ratio = s.hit_ratio - s.edge_ratio
    s.to_origin = sent
    s.month_kb += s.bytes_kb * tick.dt
    s.gbit = s.bytes_kb / KBIT_PER_GBIT
    s.upload_usd = s.uploads_kb * p.to_origin_usd * 3600.0
    fresh.age(p, s, tick, out_of_date / total if total > 0.0 else 0.0, _longest(tick))
    if total <= 0.0:
        return
    io.svc_m = svc / total
    # of what fails at the origins, expired copies make good a part
    asked = sent / io.done if io.done > 0.0 else 0.0
    if failing > 0.01 * sent:
        asked *= uncovered / failing
        rest = (sent / io.done - asked) * (1.0 - failing / sent)
        late = io.answer_m / max(asked, 1e-9) if io.answer_m > 0.0 else 0.0
        wait_p += rest * total
        wait_m += rest * total * late
        wait_v += rest * total * late * late
    io.absorbed = min(max(1.0 - asked, 0.0), 1.0)
    if wait_p > 0.0:
        m = wait_m / wait_p
        io.wait_p = min(wait_p / total, 1.0)
        io.wait_m = m
        io.wait_v = max(0.0, wait_v / wait_p - m * m)


@inlined
def _bad_first(tick, row):
    """The share of what is sent to an origin that it fails, and that is tried elsewhere."""
    if row[keys.STANDBY] < 0.0:
        return 0.0
    return 1.0 - tick.out[int(row[keys.LINK])].ok


@inlined
def _reads_all(tick, kept):
    """Reads/s of all classes that are cached, among which the caches' room is divided."""
    found = 0.0
    for k in range(tick.mix.shape[1]):
        if tick.table[keys.ROW * k + keys.TTL_S] > 0.0:
            found += tick.mix[0, k]
    return found * kept


@inlined
def _look_up(p, c, row, tick, r, everything):
    at, bins = int(row[keys.AT]), int(row[keys.BINS])
    part = min(1.0, r / everything) if everything > 0.0 else 1.0
    edge_room = math.floor(p.edge_kb * part / row[keys.KB]) if p.edge_kb < math.inf else math.inf
    regional_room = math.inf
    if p.regional_kb < math.inf:
        regional_room = math.floor(p.regional_kb * part / row[keys.KB])
    table = tick.table
    keys.look_up(
        p,
        c,
        row,
        table[at : at + bins],
        table[at + bins : at + 2 * bins],
        table[at + 2 * bins : at + 3 * bins],
        r,
        edge_room,
        regional_room,
        tick.dt,
    )


@inlined
def _bill(s, row, rate, uploads):
    kb = rate * row[keys.KB]
    s.bytes_kb += kb
    s.uploads_kb += uploads
    s.request_usd += rate * row[keys.REQUEST_USD] * 3600.0
    s.transfer_usd += kb / GB_KB * _usd(s, row) * 3600.0


@inlined
def _scale(io, tick, sent_reads, sent_writes):
    """The composition of what goes on, in the sums of what came."""
    for k in range(tick.mix.shape[1]):
        if sent_reads > 0.0:
            tick.mix[0, k] *= io.reads / sent_reads
        if sent_writes > 0.0:
            tick.mix[1, k] *= io.writes / sent_writes


@inlined
def _longest(tick):
    found = 0.0
    for k in range(tick.mix.shape[1]):
        found = max(found, tick.table[keys.ROW * k + keys.TTL_S])
    return found
