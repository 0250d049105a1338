"""What the help page of `auto_scaling_group` says beside what is declared."""

from sandbox.services.contract import Note

NOTES = (
    Note(
        "changed",
        "Warm-up was a setting of each policy, and where it was missing the cooldown stood "
        "in. Now the group has a default instance warm-up that holds for all of its policies.",
        "Amazon EC2 Auto Scaling User Guide: Set the default instance warmup",
    ),
    Note(
        "changed",
        "Unhealthy instances were all replaced at once. Today a tenth of the group goes at a "
        "time, terminated first and replaced then, and the next when those are in service.",
        "Amazon EC2 Auto Scaling User Guide: Health checks for instances in an Auto Scaling group",
    ),
    Note(
        "changed",
        "Predictive scaling existed in AWS Auto Scaling plans only, refreshed once a day. "
        "Since May 2021 it is a policy of the group, with a new forecast every six hours.",
        "Amazon EC2 Auto Scaling User Guide: Predictive scaling",
    ),
    Note(
        "changed",
        "Launch configurations were normal in 2020; they can no longer be created in new "
        "accounts. Use launch templates.",
        "Amazon EC2 Auto Scaling User Guide: Launch configurations",
    ),
    Note(
        "mistake",
        "Three times are mixed up: the grace period keeps a starting instance from being "
        "called unhealthy, the cooldown keeps a simple policy from acting again, the warm-up "
        "keeps a starting instance out of the metrics and the sums.",
        "Amazon EC2 Auto Scaling User Guide: Scaling cooldowns",
    ),
    Note(
        "changed",
        "Capacity rebalancing came in November 2020, warm pools in April 2021, the price-capacity-"
        "optimized strategy in November 2022, balanced-only zones in 2024.",
        "Amazon EC2 Auto Scaling User Guide: Document history",
    ),
    Note(
        "mistake",
        "A drain of 300 s is longer than the two minutes' notice of a spot instance: what takes "
        "longer is cut off. And without rebalancing, or a handler of your own, nothing drains.",
        "Amazon EC2 User Guide: Spot Instance interruption notices",
    ),
    Note(
        "mistake",
        "A queue's length is a poor target: twice the instances need not halve it. Track the "
        "backlog for each instance, which is the length divided by the instances in service.",
        "Amazon EC2 Auto Scaling User Guide: Scaling policy based on Amazon SQS",
    ),
    Note(
        "mistake",
        "With basic monitoring an instance reports every five minutes: an alarm of three "
        "periods needs a quarter of an hour before anything happens. Turn detailed monitoring "
        "on where scaling matters.",
        "Amazon EC2 User Guide: Enable or turn off detailed monitoring for your instances",
    ),
    Note(
        "mistake",
        "A burstable instance at its baseline cannot reach the CPU target at all: T types out "
        "of credits show little use while their users wait.",
        "Amazon EC2 User Guide: Burstable performance instances",
    ),
    Note(
        "mistake",
        "Predictive scaling only scales out. Without a dynamic policy beside it, nothing "
        "takes the instances away again.",
        "Amazon EC2 Auto Scaling User Guide: Predictive scaling",
    ),
)
