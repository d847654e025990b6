"""What one library file asks of another."""

from varangian.operations.library import kinds, posts
from varangian.places.library import forms
from varangian.threats.library import risks

from . import (
    actions_on,
    exercise_scripts,
    measures,
    order_structure,
    readiness_policy,
    survey_lines,
)


def broken_references() -> list[str]:
    """What one library file asks of another and does not find; empty when all holds together."""
    return [
        *_risk_references(),
        *_measure_references(),
        *_card_references(),
        *_kind_references(),
        *_survey_references(),
        *_script_references(),
    ]


def _risk_references() -> list[str]:
    known = {measure.id for measure in measures().measures}
    return [
        f"risks.yaml: risk '{risk.id}' names measure '{measure}', unknown to measures.yaml"
        for risk in risks().risks
        for measure in risk.measures
        if measure not in known
    ]


def _measure_references() -> list[str]:
    places = {(p.id, h.id): h.editions for p in order_structure().paragraphs for h in p.headings}
    known = {measure.id for measure in measures().measures}
    found = []
    for measure in measures().measures:
        editions = places.get((measure.order_paragraph, measure.order_heading))
        said = f"measures.yaml: measure '{measure.id}'"
        strangers = {*measure.needs, *measure.excludes} - known
        found += [f"{said} names measure '{one}', which is not listed" for one in strangers]
        if measure.role not in posts().roles():
            found.append(f"{said} is owned by '{measure.role}', unknown to posts.yaml")
        elif editions is None:
            place = f"{measure.order_paragraph}/{measure.order_heading}"
            found.append(f"{said} stands in {place}, unknown to order.yaml")
        elif not posts().editions_of(measure.role) <= set(editions):
            found.append(f"{said} stands where its owner '{measure.role}' cannot read it")
    return found


def _card_references() -> list[str]:
    words = {word.id for word in actions_on().code_words}
    found = []
    for card in actions_on().cards:
        said = f"actions_on.yaml: card '{card.id}'"
        if card.code_word not in words:
            found.append(f"{said} uses code word '{card.code_word}', which is not listed")
        strangers = {drill.role for drill in card.drill} - posts().roles()
        found += [f"{said} has a drill for '{role}', unknown to posts.yaml" for role in strangers]
    return found


def _kind_references() -> list[str]:
    known_posts = {post.id for post in posts().posts}
    known_kinds = {kind.id for kind in kinds().kinds} | {"any"}
    found = [
        f"kinds.yaml: kind '{kind.id}' names post '{post}', unknown to posts.yaml"
        for kind in kinds().kinds
        for post in kind.posts
        if post not in known_posts
    ]
    for artefact in readiness_policy().artefacts:
        said = f"readiness.yaml: artefact '{artefact.id}'"
        strangers = set(artefact.kinds) - known_kinds
        found += [f"{said} names kind '{kind}', unknown to kinds.yaml" for kind in strangers]
        if artefact.owner not in posts().roles():
            found.append(f"{said} is owned by '{artefact.owner}', unknown to posts.yaml")
    return found


def _survey_references() -> list[str]:
    headings = {heading.id for heading in order_structure().headings()}
    found = []
    for line in survey_lines().lines:
        if line.heading not in headings:
            found.append(f"survey_lines.yaml: heading '{line.heading}', unknown to order.yaml")
        for form, items in line.answers.items():
            known = {fact.id for fact in forms()[form].facts()} if form in forms() else set()
            strangers = [item for item in items if item not in known]
            found += [f"survey_lines.yaml: no question '{item}' in '{form}'" for item in strangers]
    return found


def _script_references() -> list[str]:
    cards = {card.id for card in actions_on().cards}
    found = []
    for script in exercise_scripts().scripts:
        said = f"exercises.yaml: script '{script.id}'"
        for inject in script.injects:
            strangers = set(inject.roles) - posts().roles()
            found += [f"{said} tells '{role}', unknown to posts.yaml" for role in sorted(strangers)]
            if inject.card is not None and inject.card not in cards:
                found.append(f"{said} names card '{inject.card}', unknown to actions_on.yaml")
    return found
