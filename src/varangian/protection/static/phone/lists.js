/** What a phone has taken along: the order, the cards, havens, the team, how to speak. */

import { boloList } from "./bolo.js";
import { briefs } from "./brief.js";
import { clock, day, until } from "./clock.js";
import { crowd } from "./crowd.js";
import { badge, el, icon } from "./dom.js";
import { acknowledge, checkWithPin, clip, handOver, standDown, takeAlert } from "./forms.js";
import { medical } from "./medical.js";
import { pushRow } from "./push.js";
import { shelterMap } from "./map.js";
import { sheet } from "./sheet.js";
import { state } from "./state.js";
import { steward } from "./steward.js";

const COMMS = { good: "green", weak: "amber", failed: "red" };

/** @param {string} name of a tile */
export function open(name) {
  const shown = state.shown;
  if (shown) ({ asked, order, cards, shelters, medical, team, comms, legs, more, crowd, steward, bolo: boloList, briefs })[name](shown);
}

const aged = (shown) => el("p", { class: "ph-dim" }, `As the house had it at ${clock(shown.made_at, shown.operation?.zone)}`);

export function waitingOrder(row) {
  return el("div", { class: "ph-asked", dataset: { tone: "amber" } }, icon("clipboard-check"),
    el("span", {}, el("strong", {}, row.words), el("small", {}, `To acknowledge as ${row.by}`)),
    el("button", { type: "button", class: "ph-small", onclick: () => acknowledge(row) }, "Read"));
}

export function alertCard(row) {
  return el("div", { class: "ph-asked", dataset: { tone: row.urgency === "now" ? "red" : "amber" } }, icon("bell"),
    el("span", {}, el("strong", {}, row.title), el("small", {}, row.action)),
    el("button", { type: "button", class: "ph-small", onclick: () => takeAlert(row) }, "Mine"));
}

function asked(shown) {
  const rows = [...(shown.order?.waiting ?? []).map(waitingOrder), ...(shown.alerts ?? []).filter((row) => !row.acknowledged).map(alertCard)];
  sheet("To act on", shown.made_at ? aged(shown) : null, rows, rows.length ? null : el("p", {}, "Nothing waits for you here."));
}

function order(shown) {
  const { order: found } = shown;
  sheet(`Order ${found.serial}`, aged(shown), found.waiting.map(waitingOrder), found.sections.map((part, index) =>
    el("details", { class: "ph-fold", open: index === 0 }, el("summary", {}, part.title), part.headings.map((heading) => [
      el("h3", {}, heading.title),
      el("ul", { class: "ph-lines" }, heading.lines.map((line) => el("li", {}, line.text, line.stale ? [" ", badge("amber", "history", "under review")] : null))),
    ]))));
}

function cards(shown) {
  sheet("Actions-on", aged(shown), shown.cards.map((card) => el("details", { class: "ph-fold" },
    el("summary", {}, card.title, card.word ? el("b", {}, card.word) : null),
    el("p", { class: "ph-dim" }, card.trigger), card.stale ? badge("amber", "history", "under review") : null,
    el("ol", { class: "ph-steps" }, card.steps.map((step) => el("li", { class: step.own ? "ph-own" : "" }, el("strong", {}, step.own ? `You, ${step.title}` : step.title), el("span", {}, step.do)))),
    card.do_not ? el("p", { class: "ph-donot" }, icon("alert-octagon"), el("span", {}, card.do_not.replace(/^(?!do not)/i, "Do not: "))) : null,
    card.calls.map((call) => el("p", { class: "ph-call" }, el("strong", {}, call.who), " ", call.how, dial(call.dial))),
    card.fall_back ? el("p", {}, el("strong", {}, "Fall back "), card.fall_back) : null)));
}

const dial = (number) => number ? el("a", { class: "ph-dial", href: `tel:${number.replace(/[^+\d]/g, "")}` }, icon("phone"), number) : null;

function shelters(shown) {
  sheet("Havens and hospitals", aged(shown), shelterMap(shown), shown.shelters.map((row) => el("div", { class: "ph-card" },
    el("span", { class: "ph-over" }, row.words, row.km === null ? "" : `, ${row.km} km from the next leg`), el("strong", {}, row.name),
    el("span", { class: "ph-dim" }, row.address || "no address"), dial(row.phone) ?? badge("amber", "alert-triangle", "no number"))));
}

function team(shown) {
  const zone = shown.operation?.zone;
  sheet("On duty", aged(shown), shown.team.map((row) => el("div", { class: "ph-row" },
    el("span", {}, el("strong", {}, row.call_sign || row.person), el("small", {}, `${row.person}, ${row.post ?? "in reserve"}`)),
    el("span", { class: "ph-end" }, row.status_words, el("small", {}, clock(row.status_at, zone))))));
}

function comms(shown) {
  sheet("Communications", aged(shown), shown.comms.map((row) => el("div", { class: "ph-row" },
    el("span", {}, el("small", {}, row.rank), el("strong", {}, row.means)), badge(COMMS[row.state] ?? "grey", "radio", row.state))));
}

function legs(shown) {
  const zone = shown.operation?.zone;
  sheet("Movements", aged(shown), shown.legs.map((leg) => el("div", { class: "ph-card" },
    el("span", { class: "ph-over" }, `${day(leg.starts, zone)}${leg.ends ? `–${clock(leg.ends, zone)}` : ""}, `, el("b", { dataset: { until: leg.starts } }, until(leg.starts))),
    el("strong", {}, leg.title), [leg.from, leg.to].filter(Boolean).map((place) => el("span", { class: "ph-dim" }, `${place.name}${place.address ? `, ${place.address}` : ""}`)),
    leg.with.map((words) => el("span", {}, words)))));
}

/** Off duty only what is not of the detail. */
function more(shown) {
  const themes = [["dark", "Dark", "moon"], ["light", "Light", "sun"], ["night", "Red light", "eye"]];
  const choose = (name) => {
    localStorage.setItem("vg-theme", name);
    document.documentElement.dataset.theme = name;
    document.documentElement.dataset.bsTheme = name === "light" ? "light" : "dark";
  };
  const row = (sign, words, onclick) => el("button", { type: "button", class: "ph-row", onclick }, el("span", { class: "ph-lead" }, icon(sign), words), icon("chevron-right"));
  sheet("More", shown.duty ? [row("video", "Clip: film or choose", clip), row("check", "Check call with PIN", checkWithPin), row("user-check", "Handover", handOver), row("logout", "Stand down", standDown)] : null,
    pushRow(), el("div", { class: "ph-three" }, themes.map(([name, words, sign]) => el("button", { type: "button", class: "ph-chip", onclick: () => choose(name) }, icon(sign), el("span", {}, words)))),
    el("a", { class: "ph-row", href: "/" }, el("span", { class: "ph-lead" }, icon("layout-dashboard"), "The Board"), icon("chevron-right")),
    el("p", { class: "ph-dim" }, "What this phone keeps is closed after eight hours without contact, and erased when you stand down."));
}
