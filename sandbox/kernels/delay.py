"""A delay line: amounts that come back after a given time, as retries, boots and deliveries do.

The line is a ring of amounts (1-D f8 array). The slot at `head` holds what is due in the tick that
begins now, the next one what is due a tick later, and so on. The caller keeps `head` and moves it
on by one slot (`following`) at each tick, after `pop`.
"""

from sandbox.kernels.compiled import compiled

_NOISE = 1e-9  # part of a slot below which a delay counts as a whole number of ticks


@compiled
def push(slots, head, amount, delay_s, dt):
    """Send `amount`, which enters evenly over the tick at `head`, to come out `delay_s` later.

    It is due evenly over [t + delay, t + delay + dt], so that two slots share it. A delay below
    zero counts as none. What would fall beyond the end of the ring comes out of its last slot: make
    the ring longer than the longest delay, `ceil(delay_s / dt) + 2` slots. Nothing is lost.

    A caller that pops before it pushes has moved `head` on already, and gives `delay_s - dt`.
    """
    last = slots.size - 1
    ticks = delay_s / dt
    if not ticks > 0.0:  # nor if it is not a number: no slot is beyond the ring
        ticks = 0.0
    ticks = min(ticks, float(last))
    whole = int(ticks + _NOISE)
    part = ticks - whole
    late = amount * part if part > _NOISE else 0.0
    # no slot is a whole turn away, and a division costs as much as all the rest
    first = head + whole
    slots[first if first <= last else first - slots.size] += amount - late
    if late != 0.0:
        second = head + min(whole + 1, last)
        slots[second if second <= last else second - slots.size] += late


@compiled
def pop(slots, head):
    """Take out the amount due in the tick that begins now."""
    due = slots[head]
    slots[head] = 0.0
    return due


@compiled
def following(slots, head):
    """The head of the next tick."""
    return head + 1 if head + 1 < slots.size else 0


@compiled
def total(slots):
    """The amount on the way, summed slot by slot."""
    amount = 0.0
    for i in range(slots.size):
        amount += slots[i]
    return amount
