/**
 * A check on the phone. Each tap has its time, each picture travels as soon as it is taken, and what the net does not take waits:
 * answers in the draft of the form, pictures and a find in this page until the line is back.
 */
const sheet = /** @type {HTMLElement} */ (document.querySelector("[data-check]"));
const form = /** @type {HTMLFormElement} */ (sheet?.querySelector("form[data-draft]"));
const words = sheet?.querySelector("[data-check-words]");
const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("find"));
const steps = /** @type {HTMLFieldSetElement[]} */ ([...(sheet?.querySelectorAll("[data-step]") ?? [])]);
const RETRY = 5000;
/** @type {Map<string, File[]>} */
const waiting = new Map();
let sending = false;
let finding = "";

const token = () => /** @type {HTMLInputElement} */ (form.querySelector("[name=csrfmiddlewaretoken]")).value;
/** @param {Element} step */
const idOf = (step) => /** @type {HTMLElement} */ (step).dataset.step ?? "";
/** @param {string} id */
const stamp = (id) => /** @type {HTMLInputElement} */ (form.elements.namedItem(`at-${id}`));
/** @param {string} id */
const chosen = (id) => /** @type {HTMLInputElement | null} */ (form.querySelector(`[name="s-${id}"]:checked`))?.value ?? "";

/** @param {string} address @param {Record<string, string | File>} fields */
async function send(address, fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token() } });
}

function tell() {
  const done = steps.filter((step) => chosen(idOf(step))).length;
  const queued = [...waiting.values()].reduce((sum, files) => sum + files.length, 0);
  const seconds = Math.round((Date.now() - Date.parse(sheet.dataset.began ?? "")) / 1000);
  const least = Number(sheet.dataset.least);
  const clock = seconds < least ? `, ${Math.floor(seconds / 60)} min ${seconds % 60} s of at least ${Math.floor(least / 60)} min ${least % 60} s` : "";
  const held = queued ? `, ${queued} picture${queued > 1 ? "s" : ""} wait for the net` : "";
  if (words) words.textContent = `${done} of ${steps.length} answered${clock}${held}${navigator.onLine ? "" : ", no network: nothing is lost"}`;
}

/** @param {HTMLFieldSetElement} step */
function mark(step) {
  step.dataset.state = chosen(idOf(step));
  const label = step.querySelector("[data-photo-words]");
  const count = Number(step.dataset.has), queued = waiting.get(idOf(step))?.length ?? 0;
  if (label && count + queued) label.textContent = `${count + queued} picture${count + queued > 1 ? "s" : ""}${queued ? ", waits" : ""}`;
  step.classList.toggle("vg-has-photo", count + queued > 0);
}

async function flush() {
  if (sending) return;
  sending = true;
  for (const [id, files] of waiting) {
    const step = steps.find((one) => idOf(one) === id);
    while (files.length && step) {
      try {
        const answer = await send(sheet.dataset.picture ?? "", { item: id, file: files[0] });
        if (answer.status === 201) step.dataset.has = String(Number(step.dataset.has) + 1);
        else if (answer.status >= 500) throw new Error("later");
        else refuse(step);
        files.shift();
      } catch {
        sending = false;
        mark(step);
        tell();
        return;
      }
      mark(step);
    }
    waiting.delete(id);
  }
  sending = false;
  tell();
}

/** @param {HTMLFieldSetElement} step */
function refuse(step) {
  const label = step.querySelector("[data-photo-words]");
  if (label) label.textContent = "Not taken: send a JPEG, PNG or WebP";
}

/** @param {Event} event */
function changed(event) {
  const field = /** @type {HTMLInputElement} */ (event.target);
  const step = /** @type {HTMLFieldSetElement | null} */ (field.closest("[data-step]"));
  if (!step) return;
  const id = idOf(step);
  if (field.type === "file") {
    waiting.set(id, [...(waiting.get(id) ?? []), ...(field.files ?? [])]);
    field.value = "";
    mark(step);
    void flush();
  } else if (field.type === "radio") {
    stamp(id).value = new Date().toISOString();
    stamp(id).dispatchEvent(new Event("input", { bubbles: true }));
    mark(step);
    if (field.value === "find") {
      finding = id;
      dialog.showModal();
    }
  }
  tell();
}

async function report() {
  const line = dialog.querySelector("[data-find-words]");
  const note = /** @type {HTMLInputElement} */ (form.elements.namedItem(`n-${finding}`)).value;
  try {
    const answer = await send(sheet.dataset.find ?? "", { item: finding, words: note });
    if (answer.ok) {
      sessionStorage.removeItem(`vg-draft:${document.body.dataset.user ?? ""}:${form.dataset.draft}`);
      location.assign(answer.url);
      return;
    }
    if (line) line.textContent = "Not taken. Call the operations room.";
  } catch {
    if (line) line.textContent = "Not sent: no network. Go away from it and call the operations room; it is sent when the net is back.";
    setTimeout(() => void report(), RETRY);
  }
}

/** @param {SubmitEvent} event */
async function submitted(event) {
  if (navigator.onLine && !waiting.size) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  await flush();
  if (navigator.onLine && !waiting.size) form.requestSubmit();
  else if (words) words.textContent = "No network: your answers are kept here. Sign when it is back.";
}

if (sheet) {
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => void submitted(event), { capture: true });
  dialog.querySelector("[data-find-report]")?.addEventListener("click", () => void report());
  dialog.querySelector("[data-find-back]")?.addEventListener("click", () => {
    for (const field of form.querySelectorAll(`[name="s-${finding}"]`)) /** @type {HTMLInputElement} */ (field).checked = false;
    stamp(finding).value = "";
    stamp(finding).dispatchEvent(new Event("input", { bubbles: true }));
    dialog.close();
    steps.forEach(mark);
    tell();
  });
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  window.addEventListener("online", () => void flush());
  window.addEventListener("offline", tell);
  setInterval(() => { tell(); if (waiting.size) void flush(); }, RETRY);
  setTimeout(() => { steps.forEach(mark); tell(); }, 0);
}
