"""Tables of threats."""

from .bolo import BoloCard, BoloPicture, BoloReview, BoloSighting
from .communications import (
    Communication,
    ImportLine,
    LetterImport,
    Triage,
    Writer,
    WriterTie,
    WriterTrait,
)
from .judgement import (
    CaseStrategy,
    InstrumentResult,
    Judgement,
    JudgementAnswer,
    StrategyTask,
)
from .persons import (
    CourtOrder,
    Person,
    PersonFact,
    PersonImage,
    PersonMerge,
    PersonStep,
    PersonTie,
)
from .threats import Assessment, RiskAcceptance, RiskLine, ThreatSource
from .tvra import Tvra, TvraAnswer, TvraLine, TvraTreatment

__all__ = [
    "Assessment",
    "BoloCard",
    "BoloPicture",
    "BoloReview",
    "BoloSighting",
    "CaseStrategy",
    "Communication",
    "CourtOrder",
    "ImportLine",
    "InstrumentResult",
    "Judgement",
    "JudgementAnswer",
    "LetterImport",
    "Person",
    "PersonFact",
    "PersonImage",
    "PersonMerge",
    "PersonStep",
    "PersonTie",
    "RiskAcceptance",
    "RiskLine",
    "StrategyTask",
    "ThreatSource",
    "Triage",
    "Tvra",
    "TvraAnswer",
    "TvraLine",
    "TvraTreatment",
    "Writer",
    "WriterTie",
    "WriterTrait",
]
