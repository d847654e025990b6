/** What a person does: each act is kept on the phone first, then sent. */

import { add as keepClip, fault as unfit } from "./clips.js";
import { el, icon, say } from "./dom.js";
import { add } from "./outbox.js";
import { canRecord, here, record, smaller } from "./record.js";
import { close, sheet } from "./sheet.js";
import { state } from "./state.js";

/** Short and felt, where the phone can. */
const felt = () => navigator.vibrate?.(20);

/** @param {string} kind @param {Record<string, any>} body @param {Record<string, Blob>} [files] */
async function act(kind, body = {}, files = {}) {
  const slug = state.shown?.operation?.slug ?? state.shown?.duty?.operation;
  await add(kind, slug ? { operation: slug, ...body } : body, files);
  felt();
  say("Kept, and sent as soon as there is a net");
}

/** @param {string} status */
export const setStatus = (status) => act("status", { status });
export const check = async () => act("check", { duty: state.shown?.duty?.id ?? null, ...(await here()) });
export const acknowledge = (row) => act("ack", { what: "order", id: row.id, post: row.post });
export const readBrief = (row) => act("ack", { what: "brief", id: row.id });
export const takeAlert = (row) => act("ack", { what: "alert", id: row.id });

/** @param {any} place @param {any} post */
export const startDuty = (place, post) => add("duty_start", { operation: place.slug, post: post?.id ?? null }).then(felt);

function field(id, label, control) {
  control.id = id;
  return el("div", { class: "ph-field" }, el("label", { for: id }, label), control);
}

const input = (given = {}) => el("input", { class: "form-control", autocomplete: "off", ...given });
const area = (given = {}) => el("textarea", { class: "form-control", rows: 3, maxlength: 2000, ...given });
const submit = (words) => el("button", { class: "ph-main", type: "submit" }, icon("check"), words);

/** A photo and a voice note; `files()` is what was made. */
function attachments() {
  const files = {};
  const shot = el("input", { type: "file", accept: "image/*", capture: "environment", id: "photo", class: "visually-hidden" });
  const photo = el("label", { class: "ph-attach", for: "photo" }, icon("camera"), el("span", {}, "Photo"));
  shot.addEventListener("change", async () => {
    const file = /** @type {HTMLInputElement} */ (shot).files?.[0];
    if (!file) return;
    files.photo = await smaller(file);
    photo.querySelector("span").textContent = `Photo, ${Math.ceil(files.photo.size / 1024)} kB`;
  });
  const voice = el("button", { type: "button", class: "ph-attach", id: "voice" }, icon("radio"), el("span", {}, "Voice note"));
  let running = null;
  const settle = async () => {
    if (!running) return;
    const ended = running;
    running = null;
    files.voice = await ended.stop();
    voice.dataset.tone = "";
    voice.querySelector("span").textContent = `Voice, ${Math.ceil(files.voice.size / 1024)} kB`;
  };
  voice.addEventListener("click", async () => {
    if (running) return settle();
    try {
      running = await record();
      voice.dataset.tone = "red";
      voice.querySelector("span").textContent = "Recording, tap to stop";
    } catch {
      voice.querySelector("span").textContent = "No microphone";
    }
  });
  const row = el("div", { class: "ph-two" }, shot, photo, canRecord() ? voice : null);
  return { row, files: async () => { await settle(); return files; } };
}

/** Sent when its form is; the position is asked for at once, so that it is there by then. */
function form(title, kind, words, build) {
  const given = attachments(), place = here();
  const fault = el("p", { class: "ph-fault", role: "alert" });
  const made = el("form", {}, ...build(), given.row, fault, submit(words));
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    const files = await given.files();
    const body = Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (made)).entries());
    if (!Object.values(body).some(Boolean) && !Object.keys(files).length) {
      fault.textContent = "Say it, show it or speak it.";
      return;
    }
    await act(kind, { ...body, ...(await place) }, files);
    close();
  });
  sheet(title, made);
}

export function log() {
  form("Log", "log", "Put in the log", () => [field("text", "What happened", area({ name: "text" }))]);
}

/** A video or a picture as it is, for the list of clips: it waits here and goes piece by piece. */
export function clip() {
  const place = here(), slug = state.shown?.operation?.slug ?? state.shown?.duty?.operation;
  const file = /** @type {HTMLInputElement} */ (el("input", { type: "file", class: "form-control", accept: "video/*,image/*", required: true }));
  const fault = el("p", { class: "ph-fault", role: "alert" }), go = submit("Keep and push");
  const made = el("form", {}, field("clip-file", "Film, or choose a video or picture", file), field("clip-text", "What it shows", area({ name: "text", maxlength: 200 })), fault, go);
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = file.files?.[0];
    fault.textContent = chosen ? unfit(chosen) : "Choose a file.";
    if (!chosen || fault.textContent || !slug) return;
    go.setAttribute("disabled", "");
    try {
      await keepClip(slug, chosen, { text: new FormData(/** @type {HTMLFormElement} */ (made)).get("text"), ...(await place) });
    } catch {
      fault.textContent = "This phone has no room for it.";
      go.removeAttribute("disabled");
      return;
    }
    felt();
    say("Kept, and pushed piece by piece as soon as there is a net");
    close();
  });
  sheet("Clip", made);
}

/** @param {any} [about] the BOLO card that it may be */
export function sighting(about) {
  const card = about?.serial ? about : null, what = { thing: "object" }[card?.kind] ?? card?.kind;
  form(card ? `Sighting, ${card.serial}` : "Sighting", "sighting", "Send the sighting", () => [
    card ? el("p", { class: "ph-dim" }, `Perhaps ${card.serial} ${card.title}. The desk confirms or denies it.`, el("input", { type: "hidden", name: "bolo", value: card.id })) : null,
    el("fieldset", { class: "ph-choices" }, el("legend", {}, "What"), (state.shown?.what ?? []).map((one, index) => el("label", {},
      el("input", { type: "radio", name: "what", value: one.id, checked: what ? one.id === what : index === 0 }), el("span", {}, one.words)))),
    field("text", "Who or what, and what they do", area({ name: "text" })),
    el("div", { class: "ph-two" }, field("plate", "Plate", input({ name: "plate", autocapitalize: "characters" })), field("colour", "Colour", input({ name: "colour" }))),
    field("behaviour", "Does what they do fit the place?", el("select", { class: "form-select", name: "behaviour" }, el("option", { value: "" }, "Cannot say"), el("option", { value: "fits" }, "It fits"), el("option", { value: "odd" }, "It does not fit"))),
    field("towards", "Moving towards", input({ name: "towards" })),
  ]);
}

/** For who was told to prove themselves; any PIN looks the same from here. */
export function checkWithPin() {
  const pin = input({ name: "pin", type: "password", inputmode: "numeric", required: true, maxlength: 12 });
  const made = el("form", {}, field("pin", "Your PIN", pin), submit("Check call"));
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    await act("check", { pin: /** @type {HTMLInputElement} */ (pin).value, duty: state.shown?.duty?.id ?? null });
    close();
  });
  sheet("Check call", made);
}

export function handOver() {
  const { relief = [], handover = [] } = state.shown ?? {};
  const who = el("select", { class: "form-select", name: "to", required: true }, el("option", { value: "" }, "Choose"), relief.map((one) => el("option", { value: one.email }, one.name)));
  const points = handover.map((words, index) => el("label", { class: "ph-point" }, el("input", { type: "checkbox", class: "form-check-input", name: `point-${index}` }), el("span", {}, words)));
  const made = el("form", {}, el("p", { class: "ph-dim" }, "Tell your relief each point; tick what they have repeated back."), points, field("to", "Relieved by", who), submit("Hand over and stand down"));
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (made));
    await act("handover", { to: given.get("to"), points: handover.map((words, index) => ({ words, confirmed: given.has(`point-${index}`) })) });
    close();
  });
  sheet("Handover", made);
}

export function standDown() {
  const go = el("button", { class: "ph-main", type: "button" }, icon("logout"), "Stand down");
  go.addEventListener("click", async () => { await act("duty_end"); close(); });
  sheet("Stand down", el("p", {}, "Your duty ends. When everything has been sent, this phone empties itself: the order, the cards, the medical card and the key go."), go);
}
