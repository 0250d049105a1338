"""What the help page of `batch` says beside what is declared."""

from sandbox.services.contract import Note

PRACTICES = "AWS Batch User Guide: Best practices"

NOTES = (
    Note(
        "changed",
        "Jobs run on Fargate since December 2020, without instances to launch: they start in half "
        "a minute. An environment of instances needs minutes when it has none.",
        "AWS Batch User Guide: AWS Batch on AWS Fargate",
    ),
    Note(
        "changed",
        "Fair share came in November 2021. Before, a queue knew one order, that of submission, "
        "and a large array held up everybody behind it.",
        "AWS Batch API Reference: FairsharePolicy",
    ),
    Note(
        "changed",
        "An environment decided about its instances some ten minutes apart. Since 2021 it does so "
        "at once.",
        "github.com/awsdocs/aws-batch-user-guide, issue 10",
    ),
    Note(
        "mistake",
        "A job that fits no instance type, or lacks memory by a little, is RUNNABLE for ever, "
        "without an error, and in the order of submission it holds up all behind it.",
        "AWS Batch User Guide: Job states",
    ),
    Note(
        "mistake",
        "BEST_FIT is the default of the API and waits for the one best type. On Spot, where pools "
        "run short, it may wait for hours while others have room.",
        "AWS Batch API Reference: ComputeResource",
    ),
    Note(
        "mistake",
        "The timeout counts from the start of an attempt, not from submission, and a job that it "
        "ends is not tried again.",
        "AWS Batch User Guide: Job timeouts",
    ),
    Note(
        "mistake",
        "Of two queues the one with the higher number goes first; 1 is not the first.",
        "AWS Batch API Reference: CreateJobQueue",
    ),
    Note(
        "mistake",
        "Jobs of some seconds pay for the start with more than the work. Put them together until "
        "they take three to five minutes.",
        PRACTICES,
    ),
    Note(
        "mistake",
        "The default is one attempt. On Spot that loses the job with the instance: take up to "
        "three, and jobs of half an hour at most.",
        PRACTICES,
    ),
)
