/** A clip pushed in parts: the same file chosen again goes on where it broke off. */
const PART = 1024 * 1024, TRY_AGAIN = 3000;
const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-clip]"));
const note = /** @type {HTMLElement} */ (form.querySelector("[data-clip-note]"));
const bar = /** @type {HTMLProgressElement} */ (form.querySelector("progress"));
const token = JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}")["X-CSRFToken"] ?? "";

/** @param {string} address @param {RequestInit} given */
async function ask(address, given) {
  const headers = { "X-CSRFToken": token, Accept: "application/json", ...given.headers };
  const answer = await fetch(`/api/v1${address}`, { ...given, headers, redirect: "error" });
  const told = await answer.json();
  if (!answer.ok && answer.status < 500) throw new Refusal(told.title ?? told.detail ?? `answer ${answer.status}`);
  if (!answer.ok) throw new Error(`answer ${answer.status}`);
  return told;
}
class Refusal extends Error {}

/** The same act for the same file, also after the page was closed. @param {File} file */
function actOf(file) {
  const name = `clip ${form.dataset.clip} ${file.name} ${file.size} ${file.lastModified}`;
  const known = localStorage.getItem(name) ?? crypto.randomUUID();
  localStorage.setItem(name, known);
  return { name, act: known };
}

/** @param {File} file */
async function push(file) {
  const { name, act } = actOf(file);
  note.textContent = "Reading the file…";
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const sha256 = [...digest].map((one) => one.toString(16).padStart(2, "0")).join("");
  const what = /** @type {HTMLInputElement} */ (document.getElementById("clip-what")).value;
  const body = JSON.stringify({ act, what, media_type: file.type, size: file.size, sha256, taken_at: new Date(file.lastModified).toISOString() });
  bar.hidden = false;
  for (;;) {
    try {
      let clip = await ask(`/operations/${form.dataset.clip}/clips`, { method: "POST", body, headers: { "Content-Type": "application/json" } });
      while (!clip.whole_at) {
        const from = clip.received;
        clip = await ask(`/clips/${clip.id}/parts?offset=${from}`, { method: "PUT", body: file.slice(from, from + PART), headers: { "Content-Type": "application/octet-stream" } });
        bar.value = (clip.received / file.size) * 100;
        note.textContent = `${Math.round(bar.value)} %`;
      }
      localStorage.removeItem(name);
      note.textContent = "It is there, whole and checked.";
      return;
    } catch (error) {
      if (error instanceof Refusal) { note.textContent = error.message; return; }
      note.textContent = "No net: it goes on by itself.";
      await new Promise((again) => { setTimeout(again, TRY_AGAIN); });
    }
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const file = /** @type {HTMLInputElement} */ (document.getElementById("clip-file")).files?.[0];
  if (file) void push(file);
});
