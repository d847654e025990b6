/** Briefs in the hand, also with no net: what is on record, how good and how old, and the words of its author. */

import { clock, day } from "./clock.js";
import { badge, el, icon } from "./dom.js";
import { readBrief } from "./forms.js";
import { sheet } from "./sheet.js";

/** @param {any} shown */
export function briefs(shown) {
  const zone = shown.operation?.zone;
  sheet("Briefs", el("p", { class: "ph-dim" }, `As the house had it at ${clock(shown.made_at, zone)}`),
    shown.briefs.map((row) => el("button", { type: "button", class: "ph-row", onclick: () => one(row, zone) },
      icon("file-text"), el("span", {}, el("strong", {}, `${row.serial} v${row.version}`), el("small", {}, row.bottom_line), state(row)), icon("chevron-right"))));
}

const state = (row) => el("small", {}, row.read_at ? "read" : "not read", row.stale ? ", changed since issue" : "");

function one(row, zone) {
  sheet(`${row.serial} v${row.version}`,
    row.stale ? badge("amber", "history", "changed since issue") : null,
    el("p", {}, el("strong", {}, row.bottom_line)),
    el("p", { class: "ph-dim" }, `Issued ${day(row.issued_at, zone)}, records read ${day(row.drafted_at, zone)}`),
    row.judgements.length ? fold("Judgements", row.judgements.map(judged), true) : null,
    row.sections.map((part, index) => fold(part.title, part.items.map(item), index === 0)),
    row.read_at ? el("p", {}, "You have read it") : el("button", { type: "button", class: "ph-main", onclick: () => readBrief(row).then(() => one({ ...row, read_at: true }, zone)) }, icon("check"), "I have read it"));
}

const fold = (title, rows, open) => el("details", { class: "ph-fold", open }, el("summary", {}, title), el("ul", { class: "ph-lines" }, rows));

const judged = (row) => el("li", {}, el("strong", {}, `${row.probability}: `), row.text, el("br", {}), el("small", { class: "ph-dim" }, `Confidence ${row.confidence}: ${row.basis}`));

function item(row) {
  const told = [row.source, row.grade, row.age].filter(Boolean).join(", ");
  return el("li", {}, row.unknown ? [badge("grey", "alert-circle", "not known"), " "] : null, el("strong", {}, row.title), row.text ? [el("br", {}), row.text] : null,
    told ? [el("br", {}), el("small", { class: "ph-dim" }, told)] : null);
}
