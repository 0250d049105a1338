"""How long the slowest of parallel branches takes, and how long the others wait for it."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled
from sandbox.services._swf_flow import attempts_of

SLICES = 64  # of an integral
_REACH = 16.0  # mean rests after which a branch has ended


@compiled
def branch(p, s, i):
    """(fixed part, mean of the random rest) of a branch's time: a shifted exponential."""
    step = p.steps[i]
    if p.outside[i] != 0 and p.by_signal[i] == 0 and p.child_at[i] < 0:
        mean, cv = step.duration_s, step.duration_cv
    else:
        mean, cv = s.work_s[i] + s.waited[i], math.sqrt(min(1.0, s.work_cv2[i]))
    mean *= attempts_of(p, s, i)
    return mean * (1.0 - cv), mean * cv


@compiled
def wait_for_all(p, s):
    """For each stage of several steps: E[max] less what its slowest step takes by itself."""
    for k in range(p.stages):
        count = 0
        slowest = end = last = 0.0
        for i in range(p.steps_n):
            if p.stage[i] == k:
                fixed, rest = branch(p, s, i)
                count += 1
                slowest = max(slowest, p.steps[i].share * (fixed + rest))
                end = max(end, fixed + _REACH * rest)
                last = max(last, fixed)
        if count < 2:
            continue
        expected = 0.0
        begin = 0.0
        # from one fixed part to the next the integrand is smooth
        while begin < end:
            until = end
            for i in range(p.steps_n):
                if p.stage[i] == k:
                    fixed, _rest = branch(p, s, i)
                    if begin < fixed < until:
                        until = fixed
            expected += _integral(p, s, k, begin, until)
            begin = until
        taken = max(1e-9, 1.0 - p.skipped[k])
        s.wait_for_all_s[k] = max(0.0, expected - slowest) / taken


@compiled
def _integral(p, s, k, begin, until):
    """Of the probability that some branch still goes on, by Simpson's rule."""
    width = (until - begin) / SLICES
    total = 0.0
    for x in range(SLICES + 1):
        # at the ends the value from within
        t = begin + width * min(max(x, 1e-9), SLICES - 1e-9)
        none = 1.0
        for i in range(p.steps_n):
            if p.stage[i] == k:
                fixed, rest = branch(p, s, i)
                goes_on = 1.0
                if t >= fixed:
                    goes_on = math.exp(-(t - fixed) / rest) if rest > 0.0 else 0.0
                none *= 1.0 - p.steps[i].share * goes_on
        weight = 1.0 if x == 0 or x == SLICES else 4.0 if x % 2 == 1 else 2.0
        total += weight * (1.0 - none)
    return total * width / 3.0
