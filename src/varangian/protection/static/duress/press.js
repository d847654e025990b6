/**
 * A press that is kept on the phone until it was heard: by web, by the live process, or by the
 * session. Nothing is shown, nothing vibrates, nothing asks. The same press has the same key on
 * every way, so it counts once.
 */

const QUEUE = "vg-ways-out", KEY = "vg-ways-key";
const PATIENCE = 8000, PLACE = 300;
/** Pauses between tries in milliseconds; the last one repeats for ever. */
const PAUSES = [400, 800, 1500, 2000, 3000, 5000];
let ways = { keyUrl: "", pressUrl: "" };
let tries = 0;
/** @type {number | undefined} */
let timer;
let sending = false;

/** @param {{keyUrl: string, pressUrl: string}} given */
export function start(given) {
  ways = given;
  void enrol();
  void flush();
  const now = () => { tries = 0; void flush(); };
  addEventListener("online", () => { void enrol(); now(); });
  document.addEventListener("visibilitychange", now);
  addEventListener("pageshow", now);
}

/** Kept before anything is sent. */
export async function press() {
  const row = { key: crypto.randomUUID(), at: new Date().toISOString() };
  save([...waiting(), row]);
  tries = 0;
  const place = await where();
  if (place) save(waiting().map((one) => (one.key === row.key ? { ...one, ...place } : one)));
  void flush();
}

/** @returns {Array<Record<string, any>>} */
export function waiting() {
  try { return JSON.parse(localStorage.getItem(QUEUE) ?? "[]"); } catch { return []; }
}

/** @param {Array<Record<string, any>>} rows */
function save(rows) {
  if (rows.length) localStorage.setItem(QUEUE, JSON.stringify(rows));
  else localStorage.removeItem(QUEUE);
}

/** @returns {{user: string, path: string} | null} */
function ownKey() {
  try { return JSON.parse(localStorage.getItem(KEY) ?? "null"); } catch { return null; }
}

async function flush() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    for (const row of waiting()) {
      if (await sent(row)) save(waiting().filter((one) => one.key !== row.key));
    }
  } finally {
    sending = false;
  }
  if (waiting().length) {
    timer = window.setTimeout(flush, PAUSES[Math.min(tries, PAUSES.length - 1)]);
    tries += 1;
  }
}

/** Both ways at once, the busy one and the quick one; whichever hears it first is enough. */
async function sent(row) {
  const own = ownKey(), body = JSON.stringify(row);
  if (!own) return bySession(body);
  const live = liveAddress(own.path);
  const answers = (live ? [live, own.path] : [own.path]).map((url) => post(url, body));
  if (await anyHeard(answers)) return true;
  if (!(await Promise.all(answers)).includes(404)) return false;
  localStorage.removeItem(KEY); // revoked: the session, if there is one, gives another
  const heard = await bySession(body);
  void enrol();
  return heard;
}

/** @param {Array<Promise<number>>} answers */
function anyHeard(answers) {
  return Promise.any(answers.map(async (way) => (await way) === 200 || Promise.reject())).catch(() => false);
}

/** A plain request: no cookie is sent and the browser asks nobody first. */
async function post(url, body, headers = { "Content-Type": "text/plain" }, credentials = /** @type {RequestCredentials} */ ("omit")) {
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    return (await fetch(url, { method: "POST", body, headers, credentials, keepalive: true, cache: "no-store", redirect: "manual", signal })).status;
  } catch {
    return 0;
  }
}

/** @param {string} path */
function liveAddress(path) {
  const url = document.body.dataset.liveUrl;
  return url ? url.replace(/\/live$/, path) : "";
}

async function bySession(body) {
  const token = await session();
  if (!token) return false;
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token.csrf };
  return (await post(ways.pressUrl, body, headers, "same-origin")) === 200;
}

/** @returns {Promise<{csrf: string, user: string} | null>} */
async function session() {
  try {
    const answer = await fetch(ways.keyUrl, { credentials: "same-origin", cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** A key of this phone, for the person who is signed in; it stays good when the session ends. */
async function enrol() {
  const who = await session(), own = ownKey();
  if (!who || own?.user === who.user) return;
  try {
    const headers = { "X-CSRFToken": who.csrf };
    const answer = await fetch(ways.keyUrl, { method: "POST", headers, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok) localStorage.setItem(KEY, JSON.stringify({ user: who.user, path: (await answer.json()).path }));
  } catch { /* the next time */ }
}

/** Only where the person has allowed it before: a question on the screen would tell. */
async function where() {
  try {
    const allowed = await navigator.permissions.query({ name: "geolocation" });
    if (allowed.state !== "granted") return null;
    return await new Promise((done) => {
      setTimeout(() => done(null), PLACE);
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => done({ lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy }),
        () => done(null),
        { maximumAge: 120_000, timeout: PLACE, enableHighAccuracy: true },
      );
    });
  } catch {
    return null;
  }
}
