/**
 * What was done here and has not been received yet. Each act has a key, so that it counts once
 * however often it is sent, the time of this phone, and a number that keeps the order.
 */

import * as pieces from "./clip-store.js";
import * as store from "./store.js";
import { NoNet, Refusal, SignedOut, post } from "./wire.js";

const MOST = 50;
const APART = "clip";
/** Goes by itself, piece by piece; see clips.js. */
let sending = null;
let told = () => {};
let added = () => {};
let recent = [];

/** @param {() => void} listener called whenever the queue has changed */
export function onChange(listener) {
  told = listener;
}

/** Acts of the last minutes with what the house said. */
export const sent = () => recent;

/**
 * Kept on the disk before this returns.
 * @param {string} kind @param {Record<string, any>} [body] @param {Record<string, Blob>} [files]
 * @param {string} [key] of a clip, whose pieces lie under it already
 */
export async function add(kind, body = {}, files = {}, key = crypto.randomUUID()) {
  const own = await store.ownKey();
  if (!own) throw new SignedOut();
  const seq = await store.nextNumber();
  const row = { key, seq, user: own.user, state: "queued", files: {} };
  for (const [name, blob] of Object.entries(files)) {
    row.files[name] = { type: blob.type, ...await store.seal(own.key, `${key}:${name}`, await blob.arrayBuffer()) };
  }
  const act = { key, kind, seq, at: new Date().toISOString(), body };
  row.act = await store.seal(own.key, key, act);
  await store.put("outbox", key, row);
  told();
  if (kind !== APART) {
    added();
    flush();
  }
  return act;
}

/** @param {() => void} listener called when an act was added that a clip gives way to */
export function onAdded(listener) {
  added = listener;
}

/** @param {any} act @param {{state: string, words: string}} found what became of a clip */
export const settle = (act, found) => received(act, found);
/** Is anything on its way that goes before a clip? */
export const busy = () => sending !== null;

/** @returns {Promise<any[]>} of this person, in their order, opened */
export async function queue() {
  const own = await store.ownKey();
  if (!own) return [];
  const rows = (await store.all("outbox")).filter((row) => row.user === own.user);
  const open = async (row) => ({ ...await store.unseal(own.key, row.key, row.act), state: row.state, words: row.words, row });
  return (await Promise.all(rows.map(open))).sort((a, b) => a.seq - b.seq);
}

/** How many wait, also those that cannot be opened before the next sign-in. */
export async function waiting() {
  return (await store.all("outbox")).filter((row) => row.state !== "refused").length;
}

/** Seen and understood: a refused act goes away. @param {string} key */
export async function dismiss(key) {
  await store.drop("outbox", key);
  await pieces.drop(key).catch(() => {});
  told();
}

/** Send all that waits, once at a time. @returns {Promise<"sent" | "no net" | "signed out">} */
export function flush() {
  const ask = (turn) => navigator.locks.request("varangian-outbox", turn);
  sending ??= ask(run).finally(() => { sending = null; });
  return sending;
}

async function run() {
  try {
    for (let batch = await next(new Set()), tried = new Set(); batch.length; batch = await next(tried)) {
      for (const act of batch) tried.add(act.key);
      await send(batch);
    }
    return "sent";
  } catch (error) {
    if (error instanceof SignedOut) return "signed out";
    if (error instanceof NoNet) return "no net";
    throw error;
  }
}

/** Duress alone and first; then in order, an act with a file by itself. @param {Set<string>} tried */
async function next(tried) {
  const rows = (await queue()).filter((act) => act.state === "queued" && act.kind !== APART && !tried.has(act.key));
  const duress = rows.find((act) => act.kind === "duress");
  if (duress) return [duress];
  const withFile = rows.findIndex((act) => Object.keys(act.row.files).length > 0);
  if (withFile === 0) return rows.slice(0, 1);
  return rows.slice(0, withFile > 0 ? Math.min(withFile, MOST) : MOST);
}

async function send(batch) {
  const device = await store.device();
  const acts = batch.map(({ key, kind, seq, at, body }) => ({ key, kind, seq, at, body }));
  const words = { device, sent_at: new Date().toISOString(), acts };
  try {
    const answer = await post("/m/api/outbox", await packed(batch, words));
    for (const found of answer.acts) await received(batch.find((act) => act.key === found.key), found);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (batch.length > 1) return void await apart(batch);
    await received(batch[0], { state: "refused", words: error.message });
  }
}

/** One of them spoils the rest: each by itself. */
async function apart(batch) {
  for (const act of batch) await send([act]);
}

async function packed(batch, words) {
  const own = await store.ownKey();
  const files = Object.entries(batch[0].row.files);
  if (!files.length || !own) return words;
  const form = new FormData();
  form.set("acts", JSON.stringify(words));
  for (const [name, sealed] of files) {
    const bytes = await store.unsealBytes(own.key, `${batch[0].key}:${name}`, sealed);
    form.set(`${name}-${batch[0].key}`, new Blob([bytes], { type: sealed.type }), name);
  }
  return form;
}

async function received(act, found) {
  if (!act || found.state === "kept") return;
  if (found.state === "refused") await store.put("outbox", act.key, { ...act.row, state: "refused", words: found.words });
  else await store.drop("outbox", act.key);
  recent = [{ key: act.key, kind: act.kind, at: act.at, words: found.words, state: found.state }, ...recent].slice(0, 8);
  told();
}
