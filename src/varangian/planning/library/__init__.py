"""Standard measures, the shape of the operation order, readiness policy and contingency cards."""

from functools import cache

from varangian.kernel.library import load_yaml

from .briefs import BriefLibrary
from .drills import ActionsOn, Card
from .duties import Duties
from .policy import Artefact, ReadinessPolicy
from .scripts import Script, Scripts
from .standards import MeasureLibrary, StandardMeasure
from .structure import Heading, OrderStructure
from .survey_lines import SurveyLines

__all__ = [
    "Artefact",
    "Card",
    "Heading",
    "Script",
    "StandardMeasure",
    "actions_on",
    "brief_library",
    "duties",
    "exercise_scripts",
    "measures",
    "order_structure",
    "readiness_policy",
    "survey_lines",
]


@cache
def measures() -> MeasureLibrary:
    return load_yaml(__name__, "measures.yaml", MeasureLibrary)


@cache
def order_structure() -> OrderStructure:
    return load_yaml(__name__, "order.yaml", OrderStructure)


@cache
def readiness_policy() -> ReadinessPolicy:
    return load_yaml(__name__, "readiness.yaml", ReadinessPolicy)


@cache
def exercise_scripts() -> Scripts:
    return load_yaml(__name__, "exercises.yaml", Scripts)


@cache
def survey_lines() -> SurveyLines:
    return load_yaml(__name__, "survey_lines.yaml", SurveyLines)


@cache
def actions_on() -> ActionsOn:
    return load_yaml(__name__, "actions_on.yaml", ActionsOn)


@cache
def duties() -> Duties:
    return load_yaml(__name__, "roster.yaml", Duties)


@cache
def brief_library() -> BriefLibrary:
    return load_yaml(__name__, "brief.yaml", BriefLibrary)
