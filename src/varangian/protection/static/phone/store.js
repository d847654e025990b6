/**
 * What this phone keeps: sealed under a key that the house gives for eight hours and can take back.
 * The key cannot be read out of the browser; what is sealed is nothing without it.
 */

const KEPT = ["keys", "sealed", "outbox", "plain"];
const text = new TextEncoder(), words = new TextDecoder();
let opening = null;

function database() {
  opening ??= new Promise((done, failed) => {
    const asked = indexedDB.open("varangian-phone", 1);
    asked.onupgradeneeded = () => KEPT.forEach((name) => asked.result.createObjectStore(name));
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  return opening;
}

/** @param {string} store @param {IDBTransactionMode} mode @param {(s: IDBObjectStore) => IDBRequest} act */
async function ask(store, mode, act) {
  const base = await database();
  return new Promise((done, failed) => {
    const turn = base.transaction(store, mode, { durability: "strict" });
    const asked = act(turn.objectStore(store));
    turn.oncomplete = () => done(asked.result);
    turn.onerror = turn.onabort = () => failed(turn.error);
  });
}

export const get = (store, name) => ask(store, "readonly", (s) => s.get(name));
export const put = (store, name, value) => ask(store, "readwrite", (s) => s.put(value, name));
export const drop = (store, name) => ask(store, "readwrite", (s) => s.delete(name));
export const all = (store) => ask(store, "readonly", (s) => s.getAll());

/** The random name of this phone, made once. */
export async function device() {
  let name = await get("plain", "device");
  if (!name) {
    name = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
    await put("plain", "device", name);
  }
  return name;
}

/** Counts up, never back, also over a restart. @returns {Promise<number>} */
export async function nextNumber() {
  const base = await database();
  return new Promise((done, failed) => {
    const turn = base.transaction("plain", "readwrite", { durability: "strict" });
    const store = turn.objectStore("plain"), asked = store.get("seq");
    let number = 0;
    asked.onsuccess = () => { number = (asked.result ?? 0) + 1; store.put(number, "seq"); };
    turn.oncomplete = () => done(number);
    turn.onerror = turn.onabort = () => failed(turn.error);
  });
}

/** @param {string} user @param {string} secret base64, from the house @param {string} until */
export async function takeKey(user, secret, until) {
  const raw = Uint8Array.from(atob(secret), (sign) => sign.charCodeAt(0));
  const base = await crypto.subtle.importKey("raw", raw, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: text.encode(await device()), info: text.encode("varangian phone") };
  const key = await crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  raw.fill(0);
  await put("keys", "own", { user, key, until: Date.parse(until), seen: Date.now() });
}

/**
 * The key while it holds. A clock that was put back ends it as well as one that has run out.
 * @returns {Promise<{user: string, key: CryptoKey, until: number} | null>}
 */
export async function ownKey() {
  const kept = await get("keys", "own");
  if (!kept) return null;
  const present = Date.now();
  if (present > kept.until || present < kept.seen - 600_000) {
    await forget();
    return null;
  }
  if (present - kept.seen > 60_000) await put("keys", "own", { ...kept, seen: present });
  return kept;
}

/** @param {CryptoKey} key @param {string} name bound in, so that nothing is passed off as another @param {any} value */
export async function seal(key, name, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: text.encode(name) };
  const plain = value instanceof ArrayBuffer ? value : text.encode(JSON.stringify(value));
  return { iv, data: await crypto.subtle.encrypt(how, key, plain) };
}

/** @param {CryptoKey} key @param {string} name @param {{iv: Uint8Array, data: ArrayBuffer}} sealed */
export function unsealBytes(key, name, sealed) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv, additionalData: text.encode(name) }, key, sealed.data);
}

export async function unseal(key, name, sealed) {
  return JSON.parse(words.decode(await unsealBytes(key, name, sealed)));
}

/** @param {string} name @param {any} value */
export async function keep(name, value) {
  const own = await ownKey();
  if (own) await put("sealed", name, await seal(own.key, name, value));
}

/** @param {string} name */
export async function kept(name) {
  const own = await ownKey(), sealed = await get("sealed", name);
  if (!own || !sealed) return null;
  try {
    return await unseal(own.key, name, sealed);
  } catch {
    await drop("sealed", name);
    return null;
  }
}

/** As bytes, for a picture. @param {string} name @returns {Promise<ArrayBuffer | null>} */
export async function keptBytes(name) {
  const own = await ownKey(), sealed = await get("sealed", name);
  return own && sealed ? unsealBytes(own.key, name, sealed).catch(() => null) : null;
}

/** @param {string} store @returns {Promise<string[]>} */
export const names = (store) => ask(store, "readonly", (s) => s.getAllKeys());

/** The key and what was taken along; what waits to be sent stays, unreadable until the next sign-in. */
export async function forget() {
  await ask("keys", "readwrite", (s) => s.clear());
  await ask("sealed", "readwrite", (s) => s.clear());
}

/** Everything, also what waits to be sent: stand-down with an empty queue, or a wipe by order. */
export async function empty() {
  await forget();
  await ask("outbox", "readwrite", (s) => s.clear());
}
