/** A clicker at a door: one thumb, two buttons. Clicks are kept at each pause, with or without a net. */

import { el, icon } from "./dom.js";
import { add } from "./outbox.js";
import { sheet } from "./sheet.js";
import { state } from "./state.js";

const PAUSE = 1500;
/** Counter to what was clicked since it was last kept. @type {Map<string, {entered: number, left: number, timer: number}>} */
const open = new Map();

/** @param {any} shown */
export function crowd(shown) {
  sheet("Clicker", shown.crowd.map(clicker),
    el("p", { class: "ph-dim" }, "What you click is kept on this phone at once and sent when there is a net."));
}

function clicker(one) {
  const sum = { entered: 0, left: 0 };
  const told = el("output", { class: "ph-clicks", id: `clicks-${one.id}` }, "0 in · 0 out");
  const press = (way) => () => {
    sum[way] += 1;
    told.textContent = `${sum.entered} in · ${sum.left} out`;
    navigator.vibrate?.(15);
    count(one.id, way);
  };
  const button = (way, words, sign) => el("button", { type: "button", class: "ph-click", dataset: { way }, onclick: press(way) }, icon(sign), words);
  return el("section", { class: "ph-clicker", "aria-label": `${one.name}, ${one.venue}` },
    el("h3", {}, one.name, " ", el("small", { class: "ph-dim" }, one.venue)),
    el("div", { class: "ph-clickers" }, button("entered", "In", "plus"), button("left", "Out", "chevron-right")), told);
}

function count(id, way) {
  const now = open.get(id) ?? { entered: 0, left: 0, timer: 0 };
  now[way] += 1;
  clearTimeout(now.timer);
  now.timer = window.setTimeout(() => keep(id), PAUSE);
  open.set(id, now);
}

async function keep(id) {
  const now = open.get(id);
  if (!now) return;
  open.delete(id);
  clearTimeout(now.timer);
  const operation = state.shown?.operation?.slug;
  await add("crowd_click", { operation, counter: id, entered: now.entered, left: now.left });
}

/** Who locks the phone or goes away loses nothing. */
function keepAll() {
  for (const id of [...open.keys()]) keep(id);
}

window.addEventListener("pagehide", keepAll);
document.addEventListener("visibilitychange", () => { if (document.hidden) keepAll(); });
