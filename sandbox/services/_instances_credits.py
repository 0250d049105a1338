"""CPU credits of T types: earned by the hour, spent above the baseline, throttled or paid for.

A credit is one vCPU for a minute.  Standard instances without any left fall to the rate at which
they earn; unlimited ones go on with surplus credits, which a day's earnings may repay, and which
cost money beyond that or when the instance ends.
"""

from __future__ import annotations

from sandbox.kernels.compiled import compiled
from sandbox.services._instance_types import (
    CREDIT_HOURS,
    EARNS,
    SURPLUS_USD,
    TABLE,
    VCPUS,
)
from sandbox.services._instances import IN_SERVICE, STANDBY, STARTING, WAITING, power, unlimited
from sandbox.services.law import boundary

PAID_OVER_S = 300.0  # assumption: what is owed is shown as a cost over five minutes or so


@compiled
def burn(p, s, cells, tick, busy_vcpus):
    """Settle this tick's credits, and say what the instances are able to in the next."""
    load = busy_vcpus / s.able if s.able > 0.0 else 0.0
    able = balance = surplus_all = n = 0.0
    for i in range(cells.shape[0]):
        cell = cells[i]
        serves = cell.state == IN_SERVICE
        if not serves and cell.state not in (STARTING, WAITING, STANDBY):
            continue
        earns = TABLE[cell.kind, EARNS]
        vcpus = TABLE[cell.kind, VCPUS]
        if earns == 0.0:
            able += vcpus if serves else 0.0
            continue
        free = unlimited(p, cell.kind)
        used = power(p, cell) * load if serves else 0.0
        gain = earns * tick.dt / 3600.0 - used * tick.dt / 60.0
        if gain < 0.0 and cell.launch_credits > 0.0:  # those are spent first
            gift = min(cell.launch_credits, -gain)
            cell.launch_credits -= gift
            gain += gift
        if gain > 0.0 and cell.surplus > 0.0:
            repaid = min(cell.surplus, gain)
            cell.surplus -= repaid
            gain -= repaid
        cell.credits += gain
        most = CREDIT_HOURS * earns
        if cell.credits < 0.0:
            if free:
                cell.surplus -= cell.credits
                if cell.surplus > most:
                    s.owed_usd += (cell.surplus - most) * TABLE[cell.kind, SURPLUS_USD]
                    cell.surplus = most
            cell.credits = 0.0
        cell.credits = min(cell.credits, most)
        if serves:
            able += power(p, cell)
            balance += cell.credits + cell.launch_credits
            surplus_all += cell.surplus
            n += 1.0
    if able > 0.0:
        s.able = able
    if boundary(tick, 60.0) and n > 0.0:
        s.cpu_credit_balance = balance / n
        s.cpu_surplus_credits = surplus_all / n


@compiled
def pay(s, dt):
    """USD/h of what is owed once: for surplus credits, and what a first minute still costs."""
    paid = s.owed_usd * min(1.0, dt / PAID_OVER_S)
    s.owed_usd -= paid
    if s.owed_usd < 1e-9:
        paid += s.owed_usd
        s.owed_usd = 0.0
    return paid * 3600.0 / dt
