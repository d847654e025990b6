/** Large files that wait, sealed piece by piece, in a store of their own: what else waits is opened whole. */

import { seal, unsealBytes } from "./store.js";

export const PIECE = 512 * 1024;
let opening = null;

function database() {
  opening ??= new Promise((done, failed) => {
    const asked = indexedDB.open("varangian-clips", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("pieces");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => { opening = null; failed(asked.error); };
  });
  return opening;
}

/** @param {IDBTransactionMode} mode @param {(s: IDBObjectStore) => IDBRequest} act */
async function ask(mode, act) {
  const base = await database();
  return new Promise((done, failed) => {
    const turn = base.transaction("pieces", mode, { durability: "strict" });
    const asked = act(turn.objectStore("pieces"));
    turn.oncomplete = () => done(asked.result);
    turn.onerror = turn.onabort = () => failed(turn.error);
  });
}

const nameOf = (key, number) => `${key}:${String(number).padStart(6, "0")}`;
const all = (key) => IDBKeyRange.bound(`${key}:`, `${key}:\uffff`);

/** @param {CryptoKey} own @param {string} key of the act @param {ArrayBuffer} whole */
export async function keep(own, key, whole) {
  for (let number = 0; number * PIECE < whole.byteLength; number += 1) {
    const sealed = await seal(own, nameOf(key, number), whole.slice(number * PIECE, (number + 1) * PIECE));
    await ask("readwrite", (pieces) => pieces.put(sealed, nameOf(key, number)));
  }
}

/** @param {CryptoKey} own @param {string} key @param {number} number @returns {Promise<ArrayBuffer | null>} */
export async function piece(own, key, number) {
  const sealed = await ask("readonly", (pieces) => pieces.get(nameOf(key, number)));
  return sealed ? unsealBytes(own, nameOf(key, number), sealed) : null;
}

/** @param {string} key */
export const drop = (key) => ask("readwrite", (pieces) => pieces.delete(all(key)));
export const clear = () => ask("readwrite", (pieces) => pieces.clear());

/** What was being kept when the phone went off belongs to no act. @param {Set<string>} acts */
export async function sweep(acts) {
  const found = await ask("readonly", (pieces) => pieces.getAllKeys());
  const lost = new Set(found.map((name) => String(name).split(":")[0]).filter((key) => !acts.has(key)));
  for (const key of lost) await drop(key);
}
