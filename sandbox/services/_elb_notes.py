"""What the help page of `elb` says beside what is declared."""

from sandbox.services.contract import Note

NOTES = (
    Note(
        "changed",
        "The Application Load Balancer's only algorithms were round robin and, from November "
        "2019, least outstanding requests. Weighted random with anomaly mitigation and "
        "reserved capacity came later.",
        "User Guide for Application Load Balancers: Target groups",
    ),
    Note(
        "changed",
        "A Network Load Balancer checked health every 10 or 30 s, with three checks either "
        "way. Now 5 to 300 s can be set, and five checks make a target healthy, two "
        "unhealthy.",
        "User Guide for Network Load Balancers: Health checks for target groups",
    ),
    Note(
        "mistake",
        "The balancer's health check only decides who gets requests. An Auto Scaling group "
        "replaces an instance for it only when the group's health check type is ELB; by "
        "default it looks at EC2's own checks.",
        "Amazon EC2 Auto Scaling User Guide: Health checks for instances in an Auto Scaling group",
    ),
    Note(
        "mistake",
        "A server whose keep-alive is shorter than the balancer's idle timeout of 60 s closes "
        "connections that the balancer is about to use: now and then a 502 without any load.",
        "User Guide for Application Load Balancers: Troubleshoot your Application Load Balancers",
    ),
    Note(
        "mistake",
        "Scaling in looks stuck for five minutes because a target that leaves drains for 300 "
        "s by default. The requests under way finish; new ones do not come.",
        "User Guide for Application Load Balancers: Edit target group attributes",
    ),
    Note(
        "mistake",
        "Sticky sessions and long-lived connections stay where they are: new instances take "
        "only new clients, so scaling out relieves nobody at first.",
        "User Guide for Application Load Balancers: Sticky sessions",
    ),
    Note(
        "mistake",
        "Network and classic balancers divide requests by zone first. A zone with one of five "
        "targets gets half of them, unless cross-zone balancing is on.",
        "Elastic Load Balancing User Guide: How Elastic Load Balancing works",
    ),
    Note(
        "mistake",
        "Targets that are too busy to answer a health check get no requests, and the others get "
        "theirs. When all have failed, application and network balancers send to all again.",
        "User Guide for Application Load Balancers: Health checks for your target groups",
    ),
)
