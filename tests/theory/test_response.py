"""Response percentiles of M/M/c against the exact distribution."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from sandbox.kernels import latency, mixture, quantile
from tests.theory.test_erlang import exact_c
from tests.theory.test_simulation import response
from tests.theory.test_station import settle

SERVICE_S = 0.05


def exact_percentile(servers, rho, p):
    """Of service plus, with probability C, an exponential wait."""
    mu = 1 / SERVICE_S
    theta = servers * mu * (1 - rho)
    c = exact_c(servers, rho)

    def later(t):
        if abs(theta - mu) < 1e-9 * mu:
            both = (1 + mu * t) * math.exp(-mu * t)
        else:
            both = (theta * math.exp(-mu * t) - mu * math.exp(-theta * t)) / (theta - mu)
        return (1 - c) * math.exp(-mu * t) + c * both - (1 - p)

    return brentq(later, 0, 1000)


@pytest.mark.parametrize("servers", [1, 2, 4, 8, 32, 128, 1000])
@pytest.mark.parametrize("rho", [0.1, 0.5, 0.8, 0.9, 0.95, 0.98])
def test_response_percentiles_of_m_m_c_are_within_three_percent(servers, rho):
    result = settle(rho * servers / SERVICE_S, servers, SERVICE_S, ticks=4000)
    service = latency.service_cumulants(latency.EXPONENTIAL, SERVICE_S, 1.0)
    mix = np.zeros(1, mixture.MIXTURE).view(np.recarray)[0]
    response(mix, service, *result[3:6])
    for p in (0.5, 0.95, 0.99):
        exact = exact_percentile(servers, rho, p)
        assert quantile.quantile(mix, p) == pytest.approx(exact, rel=0.03 if p == 0.5 else 0.015)
