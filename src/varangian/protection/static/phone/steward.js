/** The card of my post in the crowd plan in force: task, triggers, the words that stop the show. */

import { clock } from "./clock.js";
import { badge, el, icon } from "./dom.js";
import { sheet } from "./sheet.js";

/** @param {any} shown */
export function steward(shown) {
  const zone = shown.operation?.zone, cards = shown.steward;
  sheet(cards.length === 1 ? cards[0].title : "My posts", cards.map((card) => article(card, cards.length > 1)),
    el("p", { class: "ph-dim" }, `As the house had it at ${clock(shown.made_at, zone)}`));
}

const fold = (title, ...content) => el("details", { class: "ph-fold" }, el("summary", {}, title), ...content);

function article(card, named) {
  return el("article", { class: "bo-card", dataset: { steward: card.key } },
    named ? el("h3", {}, card.title) : null,
    el("p", { class: "bo-line" }, card.call_sign ? badge("blue", "radio", card.call_sign) : null,
      badge("green", "check", `plan version ${card.version} in force`), el("small", {}, [card.place, card.venue].filter(Boolean).join(", "))),
    el("p", {}, card.tasks || "No task is written. Ask control."),
    el("p", { class: "ph-call" }, icon("radio"), el("span", {}, "Call ", el("strong", {}, card.call || "control"))),
    card.zones.map(trigger),
    el("section", { class: "bo-drill" }, el("h4", {}, "Stop the show"), el("p", {}, el("strong", {}, card.stop || "No words are written.")),
      card.stop_how ? el("p", {}, card.stop_how) : null, el("p", { class: "ph-dim" }, [card.stop_who, card.stop_reach].filter(Boolean).join(", "))),
    el("section", { class: "bo-drill" }, el("h4", {}, "Leave"), el("p", {}, card.evacuation || "No way is written."),
      card.assembly ? el("p", {}, `Gather: ${card.assembly}`) : null, el("p", { class: "ph-dim" }, `Ordered by ${card.who_orders || "nobody named"}`)),
    card.messages.map((one) => fold(one.title, one.when ? el("p", { class: "ph-dim" }, one.when) : null,
      one.texts.map(([name, words, code]) => el("p", { lang: code }, el("small", { class: "ph-dim" }, name), el("br"), words)))));
}

function trigger(zone) {
  const level = (tone, sign, from, act) => [el("p", {}, badge(tone, sign, `${tone}: ${from}`)), el("p", {}, act)];
  return el("section", { class: "bo-drill" }, el("h4", {}, zone.name),
    level("amber", "alert-triangle", zone.amber, zone.amber_do), level("red", "alert-octagon", zone.red, zone.red_do));
}
