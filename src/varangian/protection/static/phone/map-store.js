/** The streets that this phone has taken along: sealed like all it keeps, fetched when they changed. */

import { drop, get, keep, kept, ownKey, put, seal, unsealBytes } from "./store.js";

const INDEX = "maps", PATIENCE = 60_000;
const nameOf = (mark) => `map:${mark}`;

let running = null;

/** Fetch what is new and drop what is no longer of use, one at a time. @param {any[] | undefined} wanted of the snapshot */
export function take(wanted) {
  running ??= takeNow(wanted).finally(() => { running = null; });
  return running;
}

async function takeNow(wanted) {
  const had = (await kept(INDEX)) ?? [];
  const own = await ownKey();
  if (!own) return;
  const rows = wanted ?? [];
  const marks = new Set(rows.map((row) => row.mark));
  await Promise.all(had.filter((row) => !marks.has(row.mark)).map((row) => drop("sealed", nameOf(row.mark))));
  const held = [];
  for (const row of rows) if (await get("sealed", nameOf(row.mark)) || await fetched(own.key, row)) held.push(row);
  if (JSON.stringify(held) !== JSON.stringify(had)) await keep(INDEX, held);
}

/** A map that does not come is fetched at the next contact. @param {CryptoKey} key @param {any} row */
async function fetched(key, row) {
  try {
    const answer = await fetch(row.url, { credentials: "same-origin", cache: "no-store", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) return false;
    const bytes = await answer.arrayBuffer();
    if (!bytes.byteLength || !await ownKey()) return false;
    await put("sealed", nameOf(row.mark), await seal(key, nameOf(row.mark), bytes));
    if (await ownKey()) return true;
    await drop("sealed", nameOf(row.mark));
    return false;
  } catch {
    return false;
  }
}

/** What can be drawn now. @returns {Promise<{row: any, bytes: ArrayBuffer}[]>} */
export async function held() {
  const own = await ownKey();
  if (!own) return [];
  const found = [];
  for (const row of (await kept(INDEX)) ?? []) {
    const sealed = await get("sealed", nameOf(row.mark));
    if (sealed) found.push({ row, bytes: await unsealBytes(own.key, nameOf(row.mark), sealed) });
  }
  return found;
}
