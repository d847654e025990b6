/** The phone of the detail: works from what it has with it, and catches up whenever there is a net. */

import { overlaid } from "./acts.js";
import { boloTick, carry, drop, repaint } from "./bolo.js";
import { clear as clearClips } from "./clip-store.js";
import * as clips from "./clips.js";
import { byId } from "./dom.js";
import { open } from "./lists.js";
import { take as takeMaps } from "./map-store.js";
import { paint, tick, wireButtons } from "./now.js";
import * as outbox from "./outbox.js";
import { state } from "./state.js";
import * as store from "./store.js";
import { NoNet, SignedOut, hello, mustWipe, post } from "./wire.js";

const EVERY = 60_000;
const AGAIN = 5_000;
const CONCERNS = new Set(["duties", "movements", "operations", "orders", "posts", "alerts", "cards", "checks", "comms", "places", "bolo", "maps", "briefs"]);
const ENDS = new Set(["recalled", "expired"]);
/** Where a notification may lead: what waits for this person. */
const DOORS = new Set(["asked", "bolo"]);
let running = null;
let triedAt = 0;

async function refresh() {
  state.queue = await outbox.queue();
  state.recent = outbox.sent();
  state.count = await outbox.waiting();
  state.shown = overlaid(state.snapshot, state.queue);
  paint(state);
  repaint(state.shown);
}

/** Send what waits, then fetch what is new; one at a time. */
export function sync() {
  running ??= exchange().finally(() => { running = null; });
  return running;
}

async function exchange() {
  triedAt = Date.now();
  try {
    const { user } = await hello();
    if (state.user && state.user !== user) {
      await store.forget();
      state.snapshot = null;
    }
    state.user = user;
    if (!await store.ownKey()) await reopen();
    await outbox.flush();
    void clips.push();
    await reopen();
    await carry(state.snapshot);
    state.wire = "sent";
    state.heardAt = new Date().toISOString();
    await store.keep("heard", state.heardAt);
  } catch (error) {
    if (error instanceof SignedOut) await signedOut();
    else if (error instanceof NoNet) state.wire = "no net";
    else throw error;
  }
  await refresh();
}

/** The key, and what there is to know. Off duty with an empty queue nothing of the detail stays. */
async function reopen() {
  const device = await store.device();
  const found = await post("/m/api/open", { device, label: label(), have: state.snapshot?.mark ?? "" });
  if (found.wipe) return wipe();
  const before = state.snapshot;
  found.snapshot = { ...(found.snapshot ?? before), made_at: found.made_at ?? found.snapshot.made_at, mark: found.mark };
  await store.takeKey(state.user, found.secret, found.until);
  if (before?.duty && !found.snapshot.duty && !(await store.all("outbox")).length) {
    await store.empty();
    await post("/m/api/emptied", { device });
    const anew = await post("/m/api/open", { device, label: label() });
    await store.takeKey(state.user, anew.secret, anew.until);
  }
  state.snapshot = found.snapshot;
  state.sealed = state.wiped = false;
  await store.keep("snapshot", found.snapshot);
  takeMaps(found.snapshot.maps);
}

async function signedOut() {
  state.wire = "signed out";
  if (await mustWipe(await store.device())) await wipe();
}

async function wipe() {
  await store.empty();
  await clearClips().catch(() => {});
  Object.assign(state, { snapshot: null, shown: null, wiped: true });
  try {
    await post("/m/api/emptied", { device: await store.device() });
  } catch { /* said at the next sign-in */ }
}

const label = () => (navigator.userAgentData?.platform || navigator.platform || "phone").slice(0, 60);

/** What the phone has with it, before anything is asked of the net. */
async function wake() {
  const own = await store.ownKey();
  if (own) {
    state.user = own.user;
    state.snapshot = await store.kept("snapshot");
    state.heardAt = await store.kept("heard");
  }
  await refresh();
}

async function eachSecond() {
  tick(state);
  if (await boloTick()) await refresh();
  if (state.wire !== "sent" && navigator.onLine && Date.now() - triedAt > (state.count ? 1000 : AGAIN)) sync();
  if (state.snapshot && !await store.ownKey()) {
    Object.assign(state, { snapshot: null, shown: null, sealed: true });
    await refresh();
  }
}

/** News of the house says only that something has changed; without a stream the minute does it. */
function listen() {
  const url = document.body.dataset.liveUrl;
  if (!url || !navigator.onLine) return setTimeout(listen, AGAIN);
  const stream = new EventSource(url, { withCredentials: true });
  stream.addEventListener("news", (event) => {
    const item = JSON.parse(event.data);
    if (CONCERNS.has(item.topic)) soon(800);
    if (item.topic === "bolo" && ENDS.has(item.kind)) drop(item.record, item.kind).then((changed) => changed && refresh());
  });
  stream.addEventListener("error", () => {
    stream.close();
    setTimeout(listen, AGAIN);
  });
  return stream;
}

async function start() {
  wireButtons();
  outbox.onChange(() => refresh().then(() => navigator.onLine && soon()));
  outbox.onAdded(clips.giveWay);
  clips.onMove(() => refresh());
  await wake();
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/m/sw.js", { scope: "/m/" });
  navigator.storage?.persist?.();
  addEventListener("online", sync);
  addEventListener("offline", () => { state.wire = "no net"; paint(state); });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sync());
  navigator.serviceWorker?.addEventListener("message", (event) => sync().then(() => enter(event.data?.open)));
  setInterval(() => eachSecond(), 1000);
  setInterval(() => document.visibilityState === "visible" && sync(), EVERY);
  clips.sweep().catch(() => {});
  await sync();
  listen();
  byId("now").dataset.ready = "yes";
  enter(location.hash.slice(1));
  if (location.hash) history.replaceState(null, "", location.pathname);
}

/** @param {string} [door] */
function enter(door) {
  if (door && DOORS.has(door) && state.shown) open(door);
}

let asked = 0;
/** Catch up once, not once an act. */
function soon(pause = 150) {
  clearTimeout(asked);
  asked = setTimeout(sync, pause);
}

start();
