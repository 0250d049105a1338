"""Response percentiles of M/M/c against the exact distribution."""

import numpy as np
import pytest

from sandbox.experiments.fidelity.closed_forms import m_m_c_percentile
from sandbox.kernels import latency, mixture, quantile
from tests.theory.test_simulation import response
from tests.theory.test_station import settle

SERVICE_S = 0.05


@pytest.mark.parametrize("servers", [1, 2, 4, 8, 32, 128, 1000])
@pytest.mark.parametrize("rho", [0.1, 0.5, 0.8, 0.9, 0.95, 0.98])
def test_response_percentiles_of_m_m_c_are_within_three_percent(servers, rho):
    result = settle(rho * servers / SERVICE_S, servers, SERVICE_S, ticks=4000)
    service = latency.service_cumulants(latency.EXPONENTIAL, SERVICE_S, 1.0)
    mix = np.zeros(1, mixture.MIXTURE).view(np.recarray)[0]
    response(mix, service, *result[3:6])
    for p in (0.5, 0.95, 0.99):
        exact = m_m_c_percentile(servers, rho, SERVICE_S, p)
        assert quantile.quantile(mix, p) == pytest.approx(exact, rel=0.03 if p == 0.5 else 0.015)
