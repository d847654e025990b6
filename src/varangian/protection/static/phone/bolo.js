/**
 * BOLO cards in the hand: with their pictures, also without a net. A card that has ended or was
 * recalled goes at once, pictures and all, and who has it open reads that it is over.
 */

import { clock, day, now, until } from "./clock.js";
import { badge, el, icon } from "./dom.js";
import { sighting } from "./forms.js";
import { add } from "./outbox.js";
import { sheet } from "./sheet.js";
import { state } from "./state.js";
import * as store from "./store.js";
import { bytes } from "./wire.js";

const SIGNS = { person: "user-question", vehicle: "car", thing: "luggage" };
const KEPT = "bolo:";
/** What the open card was made from. */
const drawn = new WeakMap();
const pictureAt = (id) => `/m/api/bolo/${id}`;

/** Those that have not ended by the clock of this phone. @param {any} shown @returns {any[]} */
const out = (shown) => (shown?.bolo?.cards ?? []).filter((one) => Date.parse(one.expires_at) > now());

/** @param {any} shown */
export function boloList(shown) {
  const cards = out(shown), zone = shown.operation?.zone;
  sheet("Look out for", el("p", { class: "ph-dim" }, `As the house had it at ${clock(shown.made_at, zone)}`),
    cards.map((one) => row(one, shown)), cards.length ? null : el("p", {}, "Nobody and nothing to look out for."),
    shown.bolo.left ? el("p", { class: "ph-dim" }, `${shown.bolo.left} older cards are not with you: ask the desk.`) : null,
    shown.bolo.gone.map((one) => over(one, zone)));
  seen(cards.map((one) => one.id), "listed");
}

function row(one, shown) {
  const made = el("button", { type: "button", class: "ph-row bo-row", dataset: { bolo: one.id, serial: one.serial }, onclick: () => card(one, shown) },
    face(one), el("span", {}, el("strong", {}, `${one.serial} ${one.title}`), el("small", {}, one.why), ends(one)), icon("chevron-right"));
  return made;
}

const ends = (one) => el("small", { class: "bo-ends" }, "ends ", el("b", { dataset: { until: one.expires_at } }, until(one.expires_at)));

/** The first picture, or the sign of its kind. */
function face(one) {
  const place = el("span", { class: "bo-face" }, icon(SIGNS[one.kind] ?? "eye"));
  if (one.pictures.length) fill(place, one.pictures[0], "");
  return place;
}

async function fill(place, picture, words) {
  const data = await store.keptBytes(KEPT + picture.id);
  if (!data) return;
  const url = URL.createObjectURL(new Blob([data], { type: "image/jpeg" }));
  const shown = el("img", { src: url, alt: words, onload: () => URL.revokeObjectURL(url) });
  place.replaceChildren(shown);
}

function large(picture, one) {
  const words = picture.caption || `${one.serial} ${one.title}`;
  const place = el("span", { class: "bo-large" }, icon("photo"));
  fill(place, picture, words);
  return el("figure", {}, place, picture.caption ? el("figcaption", {}, picture.caption) : null);
}

function card(one, shown) {
  sheet(`BOLO ${one.serial}`, article(one, shown));
  seen([one.id], "opened");
}

function article(one, shown) {
  const zone = shown.operation?.zone, last = one.last_seen_at;
  const made = el("article", { class: "bo-card", dataset: { bolo: one.id, serial: one.serial } },
    el("h3", {}, one.title), el("p", { class: "bo-line" }, badge("blue", "broadcast", `out since ${day(one.issued_at, zone)}`), ends(one)),
    one.pictures.length ? el("div", { class: "bo-pictures" }, one.pictures.map((picture) => large(picture, one))) : null,
    el("p", {}, one.why),
    el("dl", { class: "ph-facts" }, one.features.map((line) => [el("dt", {}, line.title), el("dd", {}, line.text)]),
      el("dt", {}, "Last seen"), el("dd", {}, one.last_place || "place not known", last ? [`, ${day(last, zone)} `, el("small", {}, `(${until(last)})`)] : ", time not known")),
    el("section", { class: "bo-drill" }, el("h4", {}, `On sight: ${one.drill.title}`), el("ol", { class: "ph-steps" }, one.drill.do.map((line) => el("li", {}, line))),
      el("p", { class: "ph-donot" }, icon("alert-octagon"), el("span", {}, one.drill.never)), el("p", {}, el("strong", {}, "Tell "), one.tell)),
    one.denied.length ? el("section", {}, el("h4", {}, "Already told apart"), el("ul", { class: "ph-lines" }, one.denied.map((words) => el("li", {}, words)))) : null,
    el("button", { type: "button", class: "ph-main", onclick: () => sighting(one) }, icon("eye"), "I think I see it"),
    el("p", { class: "ph-dim" }, `As the house had it at ${clock(shown.made_at, zone)}. That you looked is kept.`));
  drawn.set(made, JSON.stringify(one));
  return made;
}

/** What is in the hand follows what the phone knows: changed, or over. @param {any} shown */
export function repaint(shown) {
  const cards = new Map(out(shown).map((one) => [one.id, one]));
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#sheet[open] [data-bolo]"))) {
    const id = place.dataset.bolo ?? "", one = cards.get(id);
    if (!one) {
      const known = shown?.bolo?.gone.find((gone) => gone.id === id);
      place.replaceWith(over(known ?? { serial: place.dataset.serial, state: "not with you any more", at: now() }, shown?.operation?.zone));
    } else if (drawn.has(place) && drawn.get(place) !== JSON.stringify(one)) place.replaceWith(article(one, shown));
  }
}

const over = (one, zone) => el("p", { class: "bo-over", role: "alert" }, icon("circle-x"),
  el("span", {}, el("strong", {}, `${one.serial} ${one.state} `), clock(one.at, zone), ". Do not act on it any more."));

/** Every view is on record, also one without a net. */
function seen(cards, how) {
  if (cards.length) add("bolo_view", { cards, how }).catch(() => {});
}

/**
 * It is over: out of what this phone keeps. True when something changed.
 * @param {string} id @param {string} how `recalled` or `expired`
 */
export async function drop(id, how) {
  const kept = state.snapshot?.bolo, found = kept?.cards.find((one) => one.id === id);
  if (!found) return false;
  const gone = { id, serial: found.serial, state: how, at: new Date(now()).toISOString() };
  state.snapshot.bolo = { ...kept, cards: kept.cards.filter((one) => one.id !== id), gone: [gone, ...kept.gone] };
  await store.keep("snapshot", state.snapshot);
  for (const picture of found.pictures) await store.drop("sealed", KEPT + picture.id);
  return true;
}

/** What has run out meanwhile, whether or not anybody could say so. */
export async function boloTick() {
  const ended = (state.snapshot?.bolo?.cards ?? []).filter((one) => Date.parse(one.expires_at) <= now());
  for (const one of ended) await drop(one.id, "expired");
  return ended.length > 0;
}

/** The pictures of the cards that are out, each fetched once; those of others go. @param {any} snapshot */
export async function carry(snapshot) {
  const wanted = new Set((snapshot?.bolo?.cards ?? []).flatMap((one) => one.pictures.map((picture) => picture.id)));
  const kept = (await store.names("sealed")).filter((name) => name.startsWith(KEPT)).map((name) => name.slice(KEPT.length));
  for (const id of kept) if (!wanted.has(id)) await store.drop("sealed", KEPT + id);
  for (const id of wanted) if (!kept.includes(id)) {
    const data = await bytes(pictureAt(id));
    if (data) await store.keep(KEPT + id, data);
  }
}
