/** The time line of movements: a row each, now marked and moving, hazards over the minutes they touch. */
import { now, words } from "./ages.js";
import { hears } from "./live.js";

const HOUR = 3600_000, MINUTE = 60_000;
const STATES = /** @type {Record<string, string>} */ ({ planned: "planned", confirmed: "confirmed", under_way: "under way", arrived: "arrived", complete: "complete", cancelled: "cancelled", diverted: "diverted" });

/**
 * @typedef {{title: string, tone: string, starts: string, ends: string | null}} Hazard
 * @typedef {{title: string, text?: string, mode?: string, state: string, implied?: boolean, starts: string, ends: string | null, zone: string, url?: string, hazards?: Hazard[]}} Row
 * @typedef {{zone: string, from?: string, to?: string, rows: Row[]}} Data
 */

/** @param {HTMLElement} element */
export function mount(element) {
  let timer = 0;
  /** @type {Data | undefined} */
  let data;
  let first = true;
  const bar = controls(element, () => data);
  const redraw = () => {
    if (!data) return;
    const kept = element.scrollLeft;
    draw(element, data);
    if (first) toStart(element, data);
    else element.scrollLeft = kept;
    first = false;
    bar();
  };
  const refresh = async () => {
    try {
      const answer = await fetch(element.dataset.timeline ?? "", { headers: { Accept: "application/json" }, redirect: "error" });
      if (!answer.ok) throw new Error(`answer ${answer.status}`);
      data = await answer.json();
      redraw();
    } catch (error) {
      const line = element.querySelector("[data-note]") ?? element.insertBefore(make("p", "vg-dim vg-pad"), element.firstChild);
      line.setAttribute("data-note", "");
      line.textContent = `The time line did not come (${/** @type {Error} */ (error).message}). What you see may be old.`;
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void refresh(), 150);
  };
  document.addEventListener("varangian:news", (event) => {
    if (hears(element, /** @type {CustomEvent} */ (event).detail.topic)) later();
  });
  document.addEventListener("varangian:healed", later);
  let width = element.clientWidth;
  new ResizeObserver(() => {
    if (Math.abs(element.clientWidth - width) < 8) return;
    width = element.clientWidth;
    redraw();
  }).observe(element);
  setInterval(() => moveNow(element), 10_000);
  void refresh();
}

/** @param {string} tag @param {string} [className] @param {string} [text] @returns {HTMLElement} */
function make(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** @param {number} at @param {string} zone @param {Intl.DateTimeFormatOptions} options */
const said = (at, zone, options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour12: false, ...options }).format(at);
const CLOCK = /** @type {Intl.DateTimeFormatOptions} */ ({ hour: "2-digit", minute: "2-digit" });

/** The name of the zone then: `EET`, `GMT+4`. @param {number} at @param {string} zone */
function zoneName(at, zone) {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "short" }).formatToParts(at);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? zone;
}

/** @param {Row} row */
function span(row) {
  const from = Date.parse(row.starts), to = row.ends ? Date.parse(row.ends) : NaN;
  const far = !Number.isNaN(to) && to - from > 20 * HOUR ? said(to, row.zone, { weekday: "short" }) + " " : "";
  return `${said(from, row.zone, CLOCK)}–${Number.isNaN(to) ? "?" : far + said(to, row.zone, CLOCK)} ${zoneName(from, row.zone)}`;
}

/** First beginning and last end of all rows. @param {Data} data @returns {[number, number]} */
function extent(data) {
  const times = data.rows.flatMap((row) => [Date.parse(row.starts), Date.parse(row.ends ?? row.starts)]);
  return [Math.min(...times), Math.max(...times)];
}

/** Now belongs on the line when it is near; a visit of next month does not begin today. @param {Data} data @returns {[number, number]} */
function reach(data) {
  const [begin, end] = extent(data);
  const near = now() > begin - 12 * HOUR && now() < end + 12 * HOUR;
  const from = data.from ? Date.parse(data.from) : Math.min(begin, near ? now() : begin) - HOUR;
  const to = data.to ? Date.parse(data.to) : Math.max(end, near ? now() : end) + 2 * HOUR;
  return [Math.floor(from / HOUR) * HOUR, Math.ceil(to / HOUR) * HOUR];
}

/** @param {HTMLElement} element @param {Data} data */
function draw(element, data) {
  if (!data.rows.length) {
    element.replaceChildren(make("p", "vg-dim vg-pad", "No movements in this time. Import an itinerary or add a movement."));
    return;
  }
  const phone = element.clientWidth < 620;
  const [from, to] = reach(data);
  const label = phone ? 0 : 248;
  const hours = (to - from) / HOUR;
  const perHour = Math.max(phone ? 26 : 34, (element.clientWidth - label - 2) / hours);
  const x = (/** @type {number} */ at) => ((at - from) / HOUR) * perHour;
  const sheet = make("div", phone ? "vg-tl vg-tl-phone" : "vg-tl");
  sheet.style.width = `${label + hours * perHour}px`;
  sheet.style.setProperty("--vg-tl-label", `${label}px`);
  sheet.append(axis(data.zone, from, to, x, perHour));
  const list = make("ol", "vg-tl-rows");
  for (const row of data.rows) list.append(line(row, x, hours * perHour, phone));
  sheet.append(list);
  const mark = make("div", "vg-tl-now");
  mark.append(make("span", "", "now"));
  sheet.append(mark);
  element.dataset.from = String(from);
  element.dataset.to = String(to);
  element.dataset.perHour = String(perHour);
  element.replaceChildren(sheet);
  moveNow(element);
}

/** @param {string} zone @param {number} from @param {number} to @param {(at: number) => number} x @param {number} perHour */
function axis(zone, from, to, x, perHour) {
  const made = make("div", "vg-tl-axis");
  made.setAttribute("aria-hidden", "true");
  made.append(make("span", "vg-tl-zone", `Times in ${zoneName(from, zone)}`));
  const track = make("div", "vg-tl-track");
  const step = [1, 2, 3, 6, 12].find((hours) => hours * perHour >= 52) ?? 24;
  for (let at = from; at <= to; at += HOUR) {
    const hour = Number(said(at, zone, { hour: "2-digit" })) % 24;
    const midnight = hour === 0 || at === from;
    if (hour % step !== 0 && !midnight) continue;
    const tick = make("span", midnight ? "vg-tl-tick vg-tl-day" : "vg-tl-tick");
    tick.style.left = `${x(at)}px`;
    if (midnight) tick.append(make("b", "", said(at, zone, { weekday: "short", day: "2-digit", month: "short" })));
    if (!midnight || hour === 0 || hour % step === 0) tick.append(make("i", "", `${String(hour).padStart(2, "0")}`));
    track.append(tick);
  }
  made.append(track);
  return made;
}

/** @param {Row} row @param {(at: number) => number} x @param {number} width @param {boolean} phone */
function line(row, x, width, phone) {
  const made = make("li", `vg-tl-row vg-tl-${row.state}`);
  const name = make(row.url ? "a" : "span", "vg-tl-name", row.title);
  if (name instanceof HTMLAnchorElement && row.url) name.href = row.url;
  const head = make("div", "vg-tl-head");
  const times = [span(row), STATES[row.state] ?? row.state, row.implied ? "implied" : ""].filter(Boolean).join(" · ");
  head.append(name, make("span", "vg-tl-times", times));
  const track = make("div", "vg-tl-track");
  const left = x(Date.parse(row.starts));
  const right = row.ends ? x(Date.parse(row.ends)) : Math.min(width, left + 60);
  const bar = make("div", `vg-tl-bar${row.implied ? " vg-tl-implied" : ""}${row.ends ? "" : " vg-tl-open"}`);
  bar.style.left = `${left}px`;
  bar.style.width = `${Math.max(4, right - left)}px`;
  if (row.text) bar.title = row.text;
  track.append(bar);
  if (row.text && !phone) {
    const text = make("span", "vg-tl-text", row.text);
    const inside = right - left > row.text.length * 6.2 + 16;
    const before = !inside && right + row.text.length * 6.2 > width;
    text.style.left = `${inside ? left + 8 : right + 8}px`;
    if (before) {
      text.style.left = "auto";
      text.style.right = `${width - left + 8}px`;
    }
    track.append(text);
  }
  const hazards = (row.hazards ?? []).map((hazard) => overlap(hazard, row, x, width, track));
  if (hazards.length) head.append(...hazards);
  made.append(head, track);
  return made;
}

/** Marks the minutes and returns the words. @param {Hazard} hazard @param {Row} row @param {(at: number) => number} x @param {number} width @param {HTMLElement} track */
function overlap(hazard, row, x, width, track) {
  const from = Math.max(Date.parse(hazard.starts), Date.parse(row.starts));
  const end = hazard.ends ? Date.parse(hazard.ends) : Infinity;
  const to = Math.min(end, row.ends ? Date.parse(row.ends) : end);
  const mark = make("div", `vg-tl-hazard vg-tl-hazard-${hazard.tone}`);
  const left = x(from), right = Number.isFinite(to) ? x(to) : width;
  mark.style.left = `${left}px`;
  mark.style.width = `${Math.max(5, right - left)}px`;
  mark.title = hazard.title;
  track.append(mark);
  const minutes = Number.isFinite(to) ? `${Math.max(1, Math.round((to - from) / MINUTE))} min` : "open end";
  return make("span", `vg-tl-warn vg-tl-warn-${hazard.tone}`, `${hazard.tone === "red" ? "Act" : "Watch"}: ${hazard.title}, ${minutes}`);
}

/** @param {HTMLElement} element */
function moveNow(element) {
  const mark = /** @type {HTMLElement | null} */ (element.querySelector(".vg-tl-now"));
  if (!mark) return;
  const from = Number(element.dataset.from), to = Number(element.dataset.to);
  const outside = now() < from || now() > to;
  mark.hidden = outside;
  if (outside) return;
  mark.style.setProperty("--vg-tl-at", `${((now() - from) / HOUR) * Number(element.dataset.perHour)}px`);
  mark.title = `Now; the line ends in ${words((to - now()) / 1000)}`;
}

/** @param {HTMLElement} element @param {number} at */
const place = (element, at) => ((at - Number(element.dataset.from)) / HOUR) * Number(element.dataset.perHour);

/** @param {HTMLElement} element */
function toNow(element) {
  element.scrollLeft = Math.max(0, place(element, now()) - element.clientWidth * 0.28);
}

/** The Board and what is under way open at now, another operation at its first leg. @param {HTMLElement} element @param {Data} data */
function toStart(element, data) {
  const [begin, end] = extent(data);
  if (data.from || (now() >= begin && now() <= end)) toNow(element);
  else element.scrollLeft = Math.max(0, place(element, begin - HOUR));
}

/** Where each day is looked at from: an hour before its first leg, else its midnight. @param {HTMLElement} element @param {Data} data */
function days(element, data) {
  const from = Number(element.dataset.from), to = Number(element.dataset.to);
  const day = (/** @type {number} */ at) => said(at, data.zone, { year: "numeric", month: "2-digit", day: "2-digit" });
  const found = /** @type {{at: number, day: string}[]} */ ([]);
  for (let at = from; at < to; at += HOUR) if (day(at) !== found.at(-1)?.day) found.push({ at, day: day(at) });
  for (const one of found) {
    const begun = data.rows.map((row) => Date.parse(row.starts)).filter((at) => at >= from && day(at) === one.day);
    if (begun.length) one.at = Math.max(one.at, Math.min(...begun) - HOUR);
  }
  return found;
}

/**
 * Buttons and arrow keys from day to day, above a line that is wider than its frame. Returns what brings them up to date.
 * @param {HTMLElement} element @param {() => Data | undefined} line
 */
function controls(element, line) {
  const made = make("div", "vg-tl-bar-days"), where = make("span", "vg-tl-today");
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", "Days of the time line");
  where.setAttribute("aria-live", "polite");
  const button = (/** @type {string} */ text, /** @type {() => void} */ does, label = "") => {
    const one = /** @type {HTMLButtonElement} */ (make("button", "vg-button vg-button-quiet", text));
    one.type = "button";
    if (label) one.setAttribute("aria-label", label);
    one.addEventListener("click", does);
    return one;
  };
  const step = (/** @type {-1 | 1} */ by) => {
    const data = line();
    if (!data) return;
    const here = element.scrollLeft, stops = days(element, data).map((one) => Math.max(0, place(element, one.at)));
    const to = by > 0 ? stops.find((x) => x > here + 8) : stops.findLast((x) => x < here - 8);
    element.scrollTo({ left: to ?? (by > 0 ? element.scrollWidth : 0) });
  };
  const back = button("‹", () => step(-1), "Previous day"), on = button("›", () => step(1), "Next day"), present = button("Now", () => toNow(element));
  made.append(back, where, on, present);
  element.before(made);
  element.addEventListener("keydown", (event) => {
    if (event.target !== element || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    step(event.key === "ArrowLeft" ? -1 : 1);
  });
  const update = () => {
    const data = line(), wide = element.scrollWidth > element.clientWidth + 8;
    made.hidden = !data?.rows.length || !wide;
    if (!data || made.hidden) return;
    const from = Number(element.dataset.from), to = Number(element.dataset.to), perHour = Number(element.dataset.perHour);
    const at = from + ((element.scrollLeft + 2 * perHour) / perHour) * HOUR;
    const shown = said(at, data.zone, { weekday: "short", day: "2-digit", month: "short" });
    if (where.textContent !== shown) where.textContent = shown;
    back.disabled = element.scrollLeft < 8;
    on.disabled = element.scrollLeft > element.scrollWidth - element.clientWidth - 8;
    present.hidden = now() < from || now() > to;
  };
  element.addEventListener("scroll", update, { passive: true });
  return update;
}
