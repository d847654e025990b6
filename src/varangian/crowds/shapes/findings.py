"""What the commands and the API say of a finding."""

from typing import Any

from varangian.engines.crowdflow.venue import Finding, Venue


def finding_shape(finding: Finding, venue: Venue) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "what": finding.what,
        "where": finding.where,
        "at": finding.at,
        "lonlat": venue.frame.lonlat(*finding.at) if finding.at else None,
        "level": finding.level,
        "mend": finding.mend,
    }
