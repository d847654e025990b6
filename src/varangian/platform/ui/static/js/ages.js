/** Ages that keep counting: every `<time data-age>` says how long ago, by the server's clock. */

const shift = (() => {
  const told = Date.parse(document.body.dataset.now ?? "");
  return Number.isNaN(told) ? 0 : told - Date.now();
})();

/** The server's now, in milliseconds. */
export const now = () => Date.now() + shift;

/**
 * The same words as the server's: `3 h 05 min`.
 * @param {number} seconds since then; negative is ahead
 */
export function words(seconds) {
  const ahead = seconds < 0;
  const s = Math.abs(Math.trunc(seconds));
  const minutes = Math.floor(s / 60), hours = Math.floor(s / 3600), days = Math.floor(s / 86400);
  let text;
  if (s < 60) text = `${s} s`;
  else if (hours < 1) text = `${minutes} min`;
  else if (days < 1) text = `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  else text = `${days} d ${hours % 24} h`;
  return ahead ? `in ${text}` : text;
}

/** @param {HTMLElement} element */
function refresh(element) {
  const seconds = (now() - Date.parse(element.getAttribute("datetime") ?? "")) / 1000;
  if (Number.isNaN(seconds)) return;
  const text = words(seconds);
  if (element.textContent !== text) element.textContent = text;
  const { amber, red } = element.dataset;
  const tone = red && seconds >= Number(red) ? "red" : amber && seconds >= Number(amber) ? "amber" : "";
  if (tone && element.dataset.tone !== tone) element.dataset.tone = tone;
  else if (!tone && element.dataset.tone) delete element.dataset.tone;
}

function all() {
  if (document.hidden) return;
  for (const element of document.querySelectorAll("time[data-age]")) refresh(/** @type {HTMLElement} */ (element));
}

export function start() {
  all();
  setInterval(all, 1000);
  document.addEventListener("visibilitychange", all);
  document.addEventListener("htmx:after:swap", all);
}
