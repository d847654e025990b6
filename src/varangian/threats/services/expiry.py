"""What time itself ends: approvals of threat sources, and signatures under risks."""

from django.db import transaction

from varangian.kernel.clock import now
from varangian.platform.access.scope import SYSTEM, system_read
from varangian.platform.thread.services import changed

from ..models import RiskLine, ThreatSource
from ..queries import threats as queries
from .common import tell


@transaction.atomic
def expire_due() -> int:
    """Write down what has run out, and tell everything right of it; returns how many."""
    sources = _sources_due()
    for source in sources:
        source.state = ThreatSource.State.EXPIRED
        source.save(update_fields=["state"])
        reason = f"Threat {source.label} changed: current to expired"
        changed(node=("threat", source.pk), reason=reason)
        tell(source, "threats", "expired", f"Threat source {source.label} has expired", SYSTEM)
    lapsed = [row.risk for row in map(queries.risk_row, _accepted()) if row.lapsed]
    for risk in lapsed:
        risk.state = RiskLine.State.OPEN
        risk.updated_at = now()
        risk.save(update_fields=["state", "updated_at"])
        tell(risk, "risks", "lapsed", f"The acceptance of risk {risk.label} has lapsed", SYSTEM)
    return len(sources) + len(lapsed)


@system_read("time runs out for everybody; the job acts for nobody")
def _sources_due() -> list[ThreatSource]:
    due = ThreatSource.objects.filter(valid_until__lte=now())
    return list(due.exclude(state=ThreatSource.State.EXPIRED).select_related("operation"))


@system_read("time runs out for everybody; the job acts for nobody")
def _accepted() -> list[RiskLine]:
    return list(queries.risks(SYSTEM).filter(state=RiskLine.State.ACCEPTED))
