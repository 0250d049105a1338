"""What the help page of `rds` says beside what is declared."""

from sandbox.services.contract import Note

NOTES = (
    Note(
        "changed",
        "A Multi-AZ deployment had one standby that nobody could read from, and a failover "
        "took one to two minutes. A Multi-AZ cluster has two readable ones and takes less "
        "than 35 s.",
        "Amazon RDS User Guide: Configuring and managing a Multi-AZ deployment",
    ),
    Note(
        "changed",
        "An RDS instance could have five read replicas; with MySQL, MariaDB and PostgreSQL it "
        "is fifteen now, as with Aurora.",
        "Amazon RDS User Guide: Working with DB instance read replicas",
    ),
    Note(
        "mistake",
        "Connections run out before CPU does: each costs memory, and the maximum follows from "
        "the instance's memory. Functions that open one each reach it in seconds; put a proxy "
        "or a pool in between.",
        "Amazon RDS User Guide: Quotas and constraints for Amazon RDS",
    ),
    Note(
        "mistake",
        "The standby of a Multi-AZ instance serves no reads. It is there to fail over to, and "
        "makes each write a little slower because it must have it, too.",
        "Amazon RDS User Guide: Configuring and managing a Multi-AZ deployment",
    ),
    Note(
        "mistake",
        "A read replica of RDS is behind, and further behind the more is written. Reading "
        "there what was just written elsewhere finds the old value.",
        "Amazon RDS User Guide: Working with DB instance read replicas",
    ),
    Note(
        "mistake",
        "A small gp2 volume lives on its burst: it has 3 IOPS a GiB and 3,000 only until its "
        "credits are spent. It is fast in the test and slow in the afternoon.",
        "Amazon RDS User Guide: Amazon RDS DB instance storage",
    ),
    Note(
        "mistake",
        "A failover changes what the endpoint's name resolves to. Clients that keep addresses "
        "or connections for longer stay with the instance that failed.",
        "Amazon Aurora User Guide: High availability for Amazon Aurora",
    ),
)
