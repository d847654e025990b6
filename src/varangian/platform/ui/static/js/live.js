/**
 * One event stream for the page. Shows how old the data is, heals itself, and refetches the regions that news concerns.
 * Others hear `varangian:news` on document with detail {topic, kind, record}, and `varangian:healed` after a loss.
 */
import { words } from "./ages.js";

const PULSE = 5000;
const AMBER = PULSE + 5000;
const RED = 15000;
const DEBOUNCE = 150;
const ASK_AFTER_SAID = 1000;
const LONGEST_WAIT = 5000;
const htmx = () => /** @type {any} */ (window).htmx;

let heard = 0;
let lost = true;
let opened = false;
let failures = 0;
let signedOut = false;
/** @type {Map<Element, number>} */
const waiting = new Map();

export function start() {
  const url = document.body.dataset.liveUrl;
  if (!url) return;
  connect(url);
  setInterval(show, 1000);
  setInterval(askWhileLost, 2000);
  document.addEventListener("htmx:response:error", refused);
  document.addEventListener("htmx:error", unreached);
  document.addEventListener("htmx:after:request", checked);
}

/** @param {string} url */
function connect(url) {
  const source = new EventSource(url, { withCredentials: true });
  source.addEventListener("news", (event) => {
    alive();
    news(JSON.parse(/** @type {MessageEvent} */ (event).data));
  });
  source.addEventListener("pulse", alive);
  source.addEventListener("error", () => {
    source.close();
    lost = true;
    failures += 1;
    show();
    if (failures === 3) void stillSignedIn();
    if (!signedOut) setTimeout(() => connect(url), Math.min(LONGEST_WAIT, 500 * 2 ** failures));
  });
}

function alive() {
  heard = Date.now();
  if (lost) {
    lost = false;
    failures = 0;
    if (opened) heal();
    opened = true;
  }
  show();
  const badge = document.querySelector("[data-data-age]");
  badge?.classList.remove("vg-beat");
  requestAnimationFrame(() => badge?.classList.add("vg-beat"));
}

/** @param {{topic: string, kind: string, record: string | null, html?: string}} item */
function news(item) {
  if (item.topic === "hello") return;
  if (item.kind === "said") return said(item.topic, item.html ?? "");
  if (item.topic === "database") {
    const line = document.querySelector("[data-database-away]");
    const wasAway = line && !(/** @type {HTMLElement} */ (line).hidden);
    line?.toggleAttribute("hidden", item.kind !== "away");
    if (item.kind === "back" && wasAway) heal();
  }
  document.dispatchEvent(new CustomEvent("varangian:news", { detail: item }));
  for (const region of document.querySelectorAll("[data-live]")) {
    if (hears(region, item.topic)) refetch(region);
  }
}

/** What must be seen at once comes with the stream; the region asks later all the same. */
function said(topic, html) {
  for (const region of document.querySelectorAll(`[data-said="${topic}"]`)) region.innerHTML = html;
}

/** Without a stream the page itself asks whether anybody calls for help. */
function askWhileLost() {
  if (!lost || signedOut) return;
  for (const region of document.querySelectorAll("[data-live]")) {
    if (hears(region, "duress")) refetch(region);
  }
}

/** Everything may have changed while nobody listened. */
function heal() {
  for (const region of document.querySelectorAll("[data-live]")) refetch(region);
  document.dispatchEvent(new CustomEvent("varangian:healed"));
}

/**
 * @param {Element} element
 * @param {string} topic
 */
export function hears(element, topic) {
  return (element.getAttribute("data-topics") ?? "").split(/[\s,]+/).includes(topic);
}

/** @param {Element} region */
function refetch(region) {
  if (waiting.has(region)) return; // a storm of news must not put the answer off for ever
  waiting.set(region, window.setTimeout(() => {
    waiting.delete(region);
    if (region.isConnected && region.getAttribute("hx-get")) htmx()?.trigger(region, "refresh");
  }, !lost && region.hasAttribute("data-said") ? ASK_AFTER_SAID : DEBOUNCE));
}

function show() {
  const badge = /** @type {HTMLElement | null} */ (document.querySelector("[data-data-age]"));
  const text = badge?.querySelector("[data-data-age-words]");
  if (!badge || !text) return;
  const age = heard ? Date.now() - heard : 0;
  const spoken = heard ? words(age / 1000) : "";
  let tone = "blue", said = "live";
  if (signedOut) [tone, said] = ["red", "signed out"];
  else if (!heard) [tone, said] = failures > 1 ? ["red", "no stream, retrying"] : ["grey", "connecting"];
  else if (lost && age >= AMBER) [tone, said] = [age >= RED ? "red" : "amber", `lost ${spoken}, retrying`];
  else if (age >= RED) [tone, said] = ["red", `stale ${spoken}`];
  else if (age >= AMBER) [tone, said] = ["amber", `stale ${spoken}`];
  if (badge.dataset.state !== tone) badge.dataset.state = tone;
  if (text.textContent !== said) text.textContent = said;
  badge.title = heard ? `Last heard ${spoken} ago` : "Nothing heard yet";
}

async function stillSignedIn() {
  try {
    const answer = await fetch("/frame/rail", { redirect: "manual", headers: { "HX-Request": "true" } });
    if (answer.type === "opaqueredirect" || answer.status === 401) out();
  } catch { /* the server is away, not the person */ }
}

function out() {
  if (signedOut) return;
  signedOut = true;
  show();
  const line = document.createElement("div");
  line.className = "vg-notice vg-amber";
  line.setAttribute("role", "alert");
  const link = document.createElement("a");
  link.href = `/account/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = "Sign in again";
  line.append("Your session has ended. What you see is no longer live; what you typed is kept. ", link);
  document.getElementById("vg-notices")?.replaceChildren(line);
}

/** An answer that is a refusal: a region keeps what it shows and says that it is old. @param {any} event */
function refused(event) {
  const { ctx } = event.detail;
  const region = ctx.sourceElement;
  if (region?.matches?.("[data-live]")) {
    ctx.hx.retarget = ctx.hx.reswap = undefined;
    ctx.swap = "none";
    region.setAttribute("data-stale", `answer ${ctx.response.status}`);
  } else if (!ctx.hx.retarget) {
    ctx.swap = "none";
    say(`The server answered ${ctx.response.status}. Nothing was saved; send it again.`);
  }
}

/** @param {any} event */
function unreached(event) {
  const region = event.detail.ctx?.sourceElement;
  if (region?.matches?.("[data-live]")) region.setAttribute("data-stale", "no connection");
  else if (event.detail.ctx?.response === undefined) say("The server cannot be reached. Nothing was saved; send it again.");
}

/** @param {any} event */
function checked(event) {
  const { ctx } = event.detail;
  if (ctx.response?.raw?.redirected && new URL(ctx.response.raw.url).pathname.startsWith("/account/login")) {
    event.preventDefault();
    out();
  } else if (ctx.response?.status < 400 && ctx.sourceElement?.hasAttribute?.("data-stale")) {
    ctx.sourceElement.removeAttribute("data-stale");
  }
}

/** @param {string} text */
export function say(text) {
  const line = document.createElement("div");
  line.className = "vg-notice vg-amber";
  line.setAttribute("role", "alert");
  line.textContent = text;
  document.getElementById("vg-notices")?.replaceChildren(line);
}
