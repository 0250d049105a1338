"""How a queue takes in messages: size, quotas of a FIFO queue, deduplication, delay."""

from __future__ import annotations

import math

from sandbox.kernels.cohort import push
from sandbox.kernels.compiled import inlined
from sandbox.services._sqs_bill import POINTER_KB, PUT_USD, billed
from sandbox.services._sqs_fifo import FIFO, admit, deduplicate
from sandbox.services._sqs_messages import DELAYED, FRESH, part_of
from sandbox.services._sqs_params import Params
from sandbox.services._sqs_words import DEDUPLICATED, GROUP_THROTTLED, THROTTLED, TOO_LARGE
from sandbox.services.law import CONTROL, ERA_2020
from sandbox.services.params import code

LARGEST_KB, LARGEST_KB_2020 = 1024.0, 256.0  # API Reference, CreateQueue, 2026 and 2020; H
LARGEST_IN_S3_KB = 2.0 * 1024 * 1024  # Managing large messages with Amazon S3: 2 GB; H
IN_S3 = code(Params, "large_messages", "s3")


@inlined
def accept(p, s, io, cells, tick):
    """Take in new messages, and those moved here by a queue with the time they come with."""
    dt = tick.dt
    most_kb = LARGEST_KB_2020 if tick.era == ERA_2020 else LARGEST_KB
    largest = LARGEST_IN_S3_KB if p.large_messages == IN_S3 else most_kb
    share = 1.0
    if p.type == FIFO:
        offered = 0.0
        for x in range(tick.ins.shape[0]):
            link = tick.links[tick.ins[x]]
            if link.mode != CONTROL and link.kb <= largest and link.sent_s <= 0.0:
                offered += link.reads + link.writes
        if offered > 0.0:
            taken, io.loss[THROTTLED], io.loss[GROUP_THROTTLED] = admit(
                p, offered, p.send_batch, io.ca2
            )
            share = taken / offered
    accepted = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        flow = link.reads + link.writes
        if flow <= 0.0 or link.mode == CONTROL:
            continue
        if link.kb > largest:
            io.loss[TOO_LARGE] += flow
            continue
        amount = flow * dt
        aside = link.kb > most_kb
        body = POINTER_KB if aside else link.kb
        if link.sent_s <= 0.0:
            amount *= share
            batch = max(1.0, min(p.send_batch, math.floor(most_kb / max(body, 1e-9))))
            s.sent += amount
            s.requests += amount / batch * billed(batch * body)
            if aside:
                s.s3_usd += amount * PUT_USD
            if p.type == FIFO:
                seen = deduplicate(p, s, cells, tick.t, dt, amount)
                s.deduplicated += seen
                amount -= seen
        part = amount / (io.held + accepted + amount) if amount > 0.0 else 0.0
        s.kb += (link.kb - s.kb) * part
        s.body_kb += (body - s.body_kb) * part
        s.in_s3 += ((1.0 if aside else 0.0) - s.in_s3) * part
        accepted += amount
        if link.sent_s > 0.0:
            half = 0.5 * min(dt, link.sent_s)
            sent0, sent1 = link.sent_s - half, link.sent_s + half
            push(part_of(cells, FRESH), s.rings[FRESH], sent0, sent1, amount)
        else:
            to = DELAYED if p.delay_s > 0.0 else FRESH
            push(part_of(cells, to), s.rings[to], tick.t, tick.t + dt, amount)
    io.loss[DEDUPLICATED] = s.deduplicated / dt
