/** The route card: one turn at a time, read at arm's length, spoken when wanted. Where the phone gives its place, it turns the page by itself. */
const card = /** @type {HTMLElement} */ (document.querySelector("[data-card]"));
const cues = JSON.parse(document.getElementById("cues")?.textContent ?? "[]");
const VOICE = "vg-card-voice", NEAR_M = 35, EARTH_M = 6371008.8;
let at = 0;

/** @param {string} name */
const part = (name) => /** @type {HTMLElement} */ (card.querySelector(`[data-${name}]`));
const voice = /** @type {HTMLInputElement} */ (card?.querySelector("[data-voice]"));

/** @param {number | null} metres */
function far(metres) {
  if (metres === null || metres === undefined) return "";
  return metres < 950 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(1)} km`;
}

function show() {
  const cue = cues[at], then = cues[at + 1];
  if (!cue) return;
  part("words").textContent = cue.words;
  part("far").textContent = far(cue.metres);
  part("then").textContent = then ? `then ${then.words}` : "";
  part("count").textContent = `${at + 1} of ${cues.length}`;
  part("arrow").setAttribute("transform", `rotate(${Number(cue.turn ?? 0)} 50 50)`);
  part("back").toggleAttribute("disabled", at === 0);
  part("next").toggleAttribute("disabled", at === cues.length - 1);
  say(`${far(cue.metres).replace(" m", " metres").replace(" km", " kilometres")}, ${cue.words}`);
}

/** @param {string} text */
function say(text) {
  if (!voice?.checked || !("speechSynthesis" in window)) return;
  speechSynthesis.cancel();
  const speech = new SpeechSynthesisUtterance(text);
  speech.lang = document.documentElement.lang;
  speechSynthesis.speak(speech);
}

/** @param {number} step */
function go(step) {
  at = Math.min(cues.length - 1, Math.max(0, at + step));
  show();
}

/** @param {GeolocationPosition} here */
function moved(here) {
  const cue = cues[at];
  if (typeof cue?.lat !== "number" || typeof cue?.lon !== "number") return;
  const rad = Math.PI / 180, x = (cue.lon - here.coords.longitude) * rad * Math.cos(cue.lat * rad), y = (cue.lat - here.coords.latitude) * rad;
  if (Math.hypot(x, y) * EARTH_M < NEAR_M) go(1);
}

if (card && cues.length) {
  voice.checked = localStorage.getItem(VOICE) === "1";
  voice.addEventListener("change", () => {
    localStorage.setItem(VOICE, voice.checked ? "1" : "0");
    show();
  });
  part("next").addEventListener("click", () => go(1));
  part("back").addEventListener("click", () => go(-1));
  if (cues.some((/** @type {any} */ cue) => typeof cue.lat === "number")) navigator.geolocation?.watchPosition(moved, () => {}, { enableHighAccuracy: true });
  show();
}
