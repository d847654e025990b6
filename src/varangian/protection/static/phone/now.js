/** The one screen: what comes next, what I am, four things to do, what waits to be sent. */

import { SILENT, caption } from "./acts.js";
import { share } from "./clips.js";
import { clock, day, now, until } from "./clock.js";
import { badge, byId, el, icon, show } from "./dom.js";
import { check, log, setStatus, sighting, startDuty } from "./forms.js";
import { alertCard, open, waitingOrder } from "./lists.js";
import { dismiss } from "./outbox.js";
import { remind } from "./remind.js";

const SIGNS = { on_post: "shield", moving: "car", with_principal: "crown", rest: "moon" };
const TILES = [
  ["order", "Orders", "clipboard-check"], ["bolo", "BOLO", "binoculars"], ["briefs", "Briefs", "file-text"], ["cards", "Actions-on", "urgent"], ["shelters", "Havens", "map-pin"],
  ["medical", "Medical", "heartbeat"], ["team", "Team", "users-group"], ["comms", "Comms", "radio"], ["crowd", "Clicker", "users"],
  ["steward", "My post", "user-shield"],
];

/** @param {any} state everything the screen knows */
export function paint(state) {
  const { shown } = state;
  show(byId("net"), net(state));
  byId("where").textContent = shown?.operation?.title ?? shown?.me.name ?? "Varangian";
  byId("zone").textContent = shown?.operation ? `${clock(now(), shown.operation.zone)} ${shown.operation.zone.split("/").pop()}` : "";
  show(byId("notice"), notice(state));
  show(byId("queue"), queue(state));
  const duty = shown?.duty;
  byId("doing").hidden = !duty;
  show(byId("next"), duty ? next(shown) : shown ? offDuty(shown) : null);
  if (duty) paintDuty(shown);
}

function paintDuty(shown) {
  const { duty } = shown;
  const zone = shown.operation?.zone;
  show(byId("me"), el("strong", {}, duty.call_sign || shown.me.call_sign || shown.me.name),
    el("span", {}, duty.post ?? "in reserve"), el("span", { class: "ph-dim" }, `since ${clock(duty.started_at, zone)}`));
  const orders = (shown.order?.waiting ?? []).map(waitingOrder), alerts = (shown.alerts ?? []).filter((a) => !a.acknowledged).map(alertCard);
  const asked = [...orders, ...alerts];
  show(byId("asked"), asked[0], asked.length > 1 ? el("button", { type: "button", class: "ph-rest", onclick: () => open("asked") }, `${asked.length - 1} more to act on`, icon("chevron-right")) : null);
  show(byId("chips"), shown.statuses.map((one) => chip(one, duty)));
  paintCheck(shown.check, zone);
  show(byId("tiles"), TILES.filter(([name]) => has(shown[name])).map(([name, words, sign]) =>
    el("button", { type: "button", class: "ph-tile", id: `tile-${name}`, onclick: () => open(name) }, icon(sign), el("span", {}, words))));
}

const has = (part) => Array.isArray(part) ? part.length > 0 : Boolean(part);

function chip(one, duty) {
  const here = duty.status === one.id;
  return el("button", {
    type: "button", class: "ph-chip", id: `chip-${one.id}`, "aria-pressed": String(here), onclick: () => setStatus(one.id),
  }, icon(SIGNS[one.id] ?? "shield"), el("span", {}, one.words.replace("With the principal", "With principal")));
}

/** The ring empties towards the due time; overdue is red and says so. */
function paintCheck(due, zone) {
  const button = byId("check"), at = due?.due_at ? Date.parse(due.due_at) : null;
  const left = at === null ? null : (at - now()) / 1000;
  const span = due?.period_s || 1800;
  const part = left === null ? 0 : Math.max(0, Math.min(1, left / span));
  button.dataset.tone = left === null ? "plain" : due.queued_at ? "queued" : left < 0 ? "red" : left < 60 ? "amber" : "blue";
  byId("ring").setAttribute("stroke-dasharray", `${Math.round(part * 1000) / 10} 100`);
  const words = due?.queued_at ? `queued ${clock(due.queued_at, zone, true)}` : left === null ? "no time is set"
    : left < 0 ? `overdue, was due ${clock(at, zone)}` : `due ${until(at)}, ${clock(at, zone)}`;
  if (byId("check-due").textContent !== words) byId("check-due").textContent = words;
}

function next(shown) {
  const zone = shown.operation?.zone;
  const legs = shown.legs ?? [], leg = legs.find(moves) ?? legs[0];
  const stay = legs.find((one) => !moves(one) && Date.parse(one.starts) <= now());
  if (!leg) return el("div", { class: "ph-card" }, el("p", { class: "ph-over" }, "Next"), el("p", { class: "ph-next" }, shown.operation ? "No movement within two days" : "Waiting for the net to fetch the plan"));
  const running = Date.parse(leg.starts) <= now();
  const target = running && leg.ends ? leg.ends : leg.starts;
  const over = running ? ["Now, ", leg.ends ? `ends ${clock(leg.ends, zone)}` : "end unknown"] : ["Next, ", day(leg.starts, zone)];
  const way = [...new Set([leg.from?.name, leg.to?.name].filter(Boolean))].join(" → ");
  const told = [leg.from?.name, leg.to?.name].every((name) => !name || leg.title.includes(name));
  return el("button", { type: "button", class: "ph-card", id: "next-leg", onclick: () => open("legs") },
    el("span", { class: "ph-over" }, ...over), el("span", { class: "ph-next" }, leg.title, el("b", { dataset: { until: target } }, until(target))),
    stay && stay !== leg ? el("span", { class: "ph-dim" }, `Now: ${stay.title}`) : null,
    way && !told ? el("span", { class: "ph-dim" }, way) : null, leg.with.length ? el("span", { class: "ph-dim" }, leg.with.join(" · ")) : null);
}

const moves = (leg) => !["stay", "event"].includes(leg.kind);

function offDuty(shown) {
  const rows = shown.start.flatMap((place) => [...place.posts, null].map((post) => [place, post]));
  return el("div", { class: "ph-card" }, el("p", { class: "ph-over" }, "Off duty"),
    rows.length ? el("p", { class: "ph-next" }, "Take up duty") : el("p", {}, "No open operation in which you could take up duty. Ask the detail leader."),
    rows.map(([place, post]) => el("button", {
      type: "button", class: "ph-row ph-start", onclick: () => startDuty(place, post),
    }, el("span", {}, el("strong", {}, post ? post.title : "In reserve"), el("small", {}, place.title)), icon("chevron-right"))));
}

/** `live 14:03`, `no network since 14:03`, `signed out`; unknown is grey. */
function net({ wire, heardAt, shown }) {
  const zone = shown?.operation?.zone, at = heardAt ? clock(heardAt, zone) : null;
  if (wire === "sent") return badge("blue", "broadcast", `live ${at ?? ""}`);
  if (wire === "no net") return badge("amber", "wifi-off", at ? `no network, data ${at}` : "no network");
  if (wire === "signed out") return badge("red", "user", "signed out");
  return badge("grey", "refresh", "connecting");
}

function notice({ wire, sealed, wiped, count }) {
  const signIn = el("a", { class: "ph-go", href: "/account/login/?next=/m/" }, "Sign in");
  if (wiped) return el("div", { class: "ph-notice", dataset: { tone: "amber" } }, "This phone was emptied by order. Nothing of the detail is left on it. ", signIn);
  if (wire === "signed out") return el("div", { class: "ph-notice", dataset: { tone: "red" } }, count ? `Sign in to send ${count} queued. Nothing is lost. ` : "Sign in to go on. ", signIn);
  if (!sealed) return null;
  return el("div", { class: "ph-notice", dataset: { tone: "amber" } }, "Eight hours without contact: what this phone kept is closed until it reaches the house. ", signIn);
}

function queue({ queue: rows, recent, shown }) {
  const zone = shown?.operation?.zone;
  const waiting = rows.filter((act) => !SILENT.has(act.kind)).map((act) => act.state === "refused"
    ? el("li", { dataset: { tone: "red" } }, icon("alert-triangle"), el("span", {}, `${caption(act, shown)}: ${act.words}`), el("button", { type: "button", class: "ph-small", onclick: () => dismiss(act.key) }, "Seen"))
    : el("li", { dataset: { tone: "amber" } }, icon("clock"), el("span", {}, caption(act, shown)), el("b", {}, share(act.key) === undefined ? `queued ${clock(act.at, zone, true)}` : `${share(act.key)} %`)));
  const last = recent.find((act) => !SILENT.has(act.kind) && act.state === "done");
  const done = !waiting.length && last ? [el("li", { dataset: { tone: "green" } }, icon("check"), el("span", {}, last.words || caption(last, shown)), el("b", {}, clock(last.at, zone, true)))] : [];
  return [...waiting, ...done];
}

/** Once: the buttons that are always there. */
export function wireButtons() {
  byId("check").addEventListener("click", check);
  byId("sighting").addEventListener("click", sighting);
  byId("log").addEventListener("click", log);
  byId("more").addEventListener("click", () => open("more"));
}

/** Each second only what counts down is touched. @param {any} state */
export function tick(state) {
  const { shown } = state;
  for (const place of document.querySelectorAll("[data-until]")) {
    const words = until(/** @type {HTMLElement} */ (place).dataset.until ?? 0);
    if (place.textContent !== words) place.textContent = words;
  }
  if (!shown?.duty) return;
  paintCheck(shown.check, shown.operation?.zone);
  remind(shown.check);
}
