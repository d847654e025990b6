/**
 * Clips and large pictures: kept on the phone first, then pushed piece by piece, beside the other
 * acts and never in front of them. A push that broke off goes on where the house says.
 */

import * as pieces from "./clip-store.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";
import { NoNet, Refusal, SignedOut, post, put } from "./wire.js";

const MOST = 200 * 1024 * 1024, AGAIN = 10_000, LANE = "varangian-clips";
const KINDS = new Set(["image/jpeg", "image/png", "image/webp", "video/mp4", "video/quicktime", "video/webm"]);
const shares = new Map();
let pushing = null, cut = null, later = 0;
let moved = () => {};

/** @param {() => void} listener called whenever a piece has arrived */
export function onMove(listener) {
  moved = listener;
}

/** @param {string} key @returns {number | undefined} share that has arrived, in percent */
export const share = (key) => shares.get(key);

/** Why this file cannot be taken, or nothing. @param {File} file */
export function fault(file) {
  if (!KINDS.has(file.type)) return "A video (MP4, QuickTime, WebM) or a picture (JPEG, PNG, WebP).";
  if (!file.size || file.size > MOST) return `Up to ${MOST / 1024 / 1024} MB: film less at once.`;
  return "";
}

/** Kept on the disk before this returns. @param {string} slug @param {File} file @param {Record<string, any>} body */
export async function add(slug, file, body) {
  const own = await store.ownKey();
  if (!own) throw new SignedOut();
  const key = crypto.randomUUID(), whole = await file.arrayBuffer();
  const told = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  const sha256 = [...told].map((one) => one.toString(16).padStart(2, "0")).join("");
  const about = { operation: slug, media_type: file.type, size: file.size, sha256, taken_at: new Date(file.lastModified).toISOString() };
  await navigator.locks.request(`${LANE}-keep`, { mode: "shared" }, async () => {
    await pieces.keep(own.key, key, whole);
    await outbox.add("clip", { ...body, ...about }, {}, key);
  });
  void push();
}

/** Something more urgent was done: the piece under way gives way and comes again. */
export function giveWay() {
  cut?.abort();
}

/** Push all that wait, one at a time; by itself again while there is no net. */
export function push() {
  clearTimeout(later);
  const lane = (turn) => navigator.locks.request(LANE, turn);
  pushing ??= lane(run).finally(() => { pushing = null; });
  return pushing;
}

async function run() {
  try {
    for (const act of await waiting()) await one(act);
  } catch (error) {
    if (error instanceof SignedOut) return;
    if (!(error instanceof NoNet)) throw error;
    later = setTimeout(push, AGAIN);
  }
}

const waiting = async () => (await outbox.queue()).filter((act) => act.kind === "clip" && act.state === "queued");

/** @param {any} act */
async function one(act) {
  try {
    const words = await whole(act);
    shares.delete(act.key);
    await pieces.drop(act.key);
    await outbox.settle(act, { state: "done", words });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 401) throw new SignedOut();
    await outbox.settle(act, { state: "refused", words: error.message });
  }
}

/** @param {any} act @returns {Promise<string>} */
async function whole(act) {
  const { operation, text, media_type, size, sha256, taken_at, position = null } = act.body;
  const about = { act: act.key, what: text ?? "", media_type, size, sha256, taken_at, position };
  let clip = await post(`/api/v1/operations/${operation}/clips`, about), anew = 0;
  while (!clip.whole_at) {
    const own = await store.ownKey();
    if (!own) throw new SignedOut();
    if (outbox.busy()) throw new NoNet();
    const from = clip.received, number = Math.floor(from / pieces.PIECE);
    const data = await pieces.piece(own.key, act.key, number);
    if (!data) throw new Refusal(422, "This phone has lost a part of it", "");
    cut = new AbortController();
    clip = await put(`/api/v1/clips/${clip.id}/parts?offset=${from}`, data.slice(from - number * pieces.PIECE), cut);
    if (clip.received <= from && !clip.whole_at) anew += 1;
    if (anew > 1) throw new Refusal(422, "It does not arrive whole; choose it again", "");
    shares.set(act.key, Math.floor(clip.received / size * 100));
    moved();
  }
  return "Clip, whole and checked";
}

/** Once, before anything is added. */
export function sweep() {
  return navigator.locks.request(`${LANE}-keep`, { ifAvailable: true }, async (held) => {
    if (held) await pieces.sweep(new Set(await store.names("outbox")));
  });
}
