/** The house over the net: every answer is data, "signed out", or "no net". */

import { heard } from "./clock.js";

export class NoNet extends Error {}
export class SignedOut extends Error {}
/** The house answers and does not take it, with words. */
export class Refusal extends Error {
  constructor(status, words, where) {
    super(words);
    this.status = status;
    this.where = where;
  }
}

const PATIENCE = 15_000;
let csrf = "";

/** @param {string} path @param {RequestInit} [given] */
async function ask(path, given = {}) {
  let answer;
  try {
    const signal = AbortSignal.timeout(given.body instanceof FormData ? 6 * PATIENCE : PATIENCE);
    answer = await fetch(path, { credentials: "same-origin", cache: "no-store", signal, ...given });
  } catch {
    throw new NoNet();
  }
  const isData = (answer.headers.get("Content-Type") ?? "").includes("json");
  if (answer.redirected || (answer.status === 403 && !isData)) throw new SignedOut();
  if (answer.status >= 500 || !isData) throw new NoNet();
  const data = await answer.json();
  if (!answer.ok) throw new Refusal(answer.status, data.title ?? "Refused", data.detail ?? "");
  if (data.now) heard(data.now);
  return data;
}

/** @param {string} path */
export const get = (path) => ask(path);

/** A picture; null when it is not, or not any more, for this person. @param {string} path @returns {Promise<ArrayBuffer | null>} */
export async function bytes(path) {
  try {
    const answer = await fetch(path, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    const isPicture = (answer.headers.get("Content-Type") ?? "").startsWith("image/");
    return answer.ok && isPicture ? await answer.arrayBuffer() : null;
  } catch {
    throw new NoNet();
  }
}

export async function hello() {
  const found = await ask("/m/api/hello");
  csrf = found.csrf;
  return found;
}

/** @param {string} path @param {any} body */
export async function post(path, body) {
  if (!csrf) await hello();
  const form = body instanceof FormData;
  const headers = { "X-CSRFToken": csrf, ...(form ? {} : { "Content-Type": "application/json" }) };
  try {
    return await ask(path, { method: "POST", headers, body: form ? body : JSON.stringify(body) });
  } catch (error) {
    if (error instanceof SignedOut) csrf = "";
    throw error;
  }
}

/** One piece of a large file. @param {string} path @param {ArrayBuffer} body @param {AbortController} cut */
export async function put(path, body, cut) {
  if (!csrf) await hello();
  const late = setTimeout(() => cut.abort(), 6 * PATIENCE);
  const headers = { "X-CSRFToken": csrf, "Content-Type": "application/octet-stream" };
  try {
    return await ask(path, { method: "PUT", headers, body, signal: cut.signal });
  } finally {
    clearTimeout(late);
  }
}

/** Has somebody ordered this phone to empty itself? @param {string} device */
export async function mustWipe(device) {
  try {
    const answer = await fetch(`/m/wipe/${device}`, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    return answer.ok && (await answer.json()).wipe === true;
  } catch {
    return false;
  }
}
