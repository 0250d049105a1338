"""The fidelity page as Markdown."""

from __future__ import annotations

from . import wording
from .cases import sections
from .report import Report
from .scope import modelled, not_modelled


def markdown(report: Report) -> str:
    """The whole page; the same report gives the same text."""
    lines = [
        f"# {wording.TITLE}",
        "",
        (
            "What Architecture Sandbox computes, beside what is known exactly. Written by "
            "`sandbox fidelity`; the tests assert the same cases."
        ),
        "",
        f"**{wording.summary(report)}** {wording.PROMISE}",
        "",
    ]
    for section in sections():
        lines += [f"## {section.title}", "", section.source, ""]
        lines += [wording.spread(report, section.title), ""]
        lines += [
            "| " + " | ".join((*wording.HEADINGS, "")) + " |",
            "|---|---|---:|---:|---:|---:|---|",
        ]
        for case in section.cases:
            name = case.name
            for figure in report.outcome(section, case).figures:
                cells = (
                    name,
                    figure.name,
                    wording.expected(figure),
                    wording.got(figure),
                    wording.error(figure),
                    wording.within(figure),
                    wording.verdict(figure),
                )
                lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
                name = ""
        lines.append("")
        lines += [f"- **{case.name}**: {case.workload}." for case in section.cases if case.workload]
        lines.append("")
        for names, remark in wording.remarks(section):
            lines += [f"**{names}:** {remark}", ""]
    lines += ["## What is modelled", "", *(f"- {text}" for text in modelled()), ""]
    lines += ["## What is not", "", *(f"- {text}" for text in not_modelled())]
    return "\n".join(lines) + "\n"
