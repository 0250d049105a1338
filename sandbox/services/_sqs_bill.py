"""What a queue bills: requests, empty ones too, calls of KMS, and large messages in S3."""

from __future__ import annotations

import math

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.services._sqs_params import Params
from sandbox.services.contract import Setup

REQUEST_KB = 64.0  # each 64 KB of a call is billed as a request; SQS pricing; H
STANDARD_USD = 0.40e-6  # a request, us-east-1; SQS pricing; H
FIFO_USD = 0.50e-6  # SQS pricing; H
KMS_USD = 0.03e-4  # a call, us-east-1; AWS KMS pricing: assumption
PUT_USD, GET_USD = 0.005e-3, 0.0004e-3  # S3 pricing, us-east-1; H
LAMBDA_WAIT_S = 20.0  # AWS Lambda Developer Guide: Using Lambda with Amazon SQS; long polling
LAMBDA_POLLERS = 5.0  # AWS Lambda Developer Guide: Scaling behavior for SQS; to begin with
POINTER_KB = 1.0  # what the extended client leaves in the queue: assumption
WAIT, INTERVAL, POLLERS, COLUMNS = range(4)


def polls(params: Params, setup: Setup) -> np.ndarray:
    """The table: of each outgoing link how long a receive waits, the pause without, and pollers."""
    rows = []
    for link in setup.outs:
        function = link.service == "lambda_function"
        pollers = link.params.get("pollers") or (LAMBDA_POLLERS if function else 0.0)
        wait = LAMBDA_WAIT_S if function else params.receive_wait_s
        rows.append((wait, float(link.params.get("poll_interval_s") or 1.0), float(pollers)))
    return np.array(rows or [(0.0, 1.0, 0.0)]).ravel()


@compiled
def billed(kb):
    """Requests that a call with so many KB counts as."""
    return max(1.0, math.ceil(kb / REQUEST_KB))


@compiled
def empty_receives(wait_s, interval_s, pollers, calls, idle):
    """Receives/s that find nothing, where `calls`/s find something: arrivals are Poisson.

    A receive that waits is empty when nothing has come in time; one that does not, when nothing
    has come since the last. Pollers ask for the share of their time in which they are `idle`.
    """
    if wait_s > 0.0:
        due = calls * wait_s / pollers
        if due > 50.0:
            return 0.0
        return idle * (calls / math.expm1(due) if due > 1e-9 else pollers / wait_s)
    return idle * pollers / interval_s * math.exp(-min(700.0, calls * interval_s / pollers))
