"""A plan from a file, for the commands that compute with it."""

from pathlib import Path

from varangian.engines.crowdflow.venue import Finding, Venue, check, read_venue
from varangian.kernel.results import Refused
from varangian.platform.ui import console

FATAL = {"units", "no_area", "no_floor", "no_exit"}


def looked_over(file: Path) -> tuple[Venue, list[Finding]]:
    read = read_venue(console.read_file(file))
    return read.venue, [*read.findings, *check(read.venue)]


def sound_venue(file: Path) -> tuple[Venue, list[Finding]]:
    """What makes any figure meaningless is refused; other faults go with the answer."""
    venue, findings = looked_over(file)
    for finding in findings:
        if finding.code in FATAL:
            raise Refused(finding.what, finding.where or str(file), finding.mend)
        if finding.severity == "fault":
            console.say(f"{finding.what} ({finding.where}). {finding.mend}")
    return venue, findings
