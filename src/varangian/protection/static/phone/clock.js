/** Times by the server's clock, as far as it was heard, in the zone of the operation. */

let shift = 0;

/** @param {string} told the server's now */
export function heard(told) {
  const at = Date.parse(told);
  if (!Number.isNaN(at)) shift = at - Date.now();
}

export const now = () => Date.now() + shift;

/** @param {string | number | null} at @param {string} [zone] @param {boolean} [seconds] */
export function clock(at, zone, seconds = false) {
  if (at === null || at === undefined) return "?";
  const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (seconds) parts.second = "2-digit";
  return new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: zone || undefined }).format(new Date(at));
}

/** `Tue 24 Nov 14:30` @param {string} at @param {string} zone */
export function day(at, zone) {
  const date = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: zone });
  return `${date.format(new Date(at)).replace(",", "")} ${clock(at, zone)}`;
}

/** `in 12 min`, `4 min ago`, `in 0:42` within two minutes. @param {string | number} at */
export function until(at) {
  const seconds = Math.round((new Date(at).getTime() - now()) / 1000);
  const size = Math.abs(seconds);
  const words = size < 120 ? `${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}` : spell(size);
  return seconds >= 0 ? `in ${words}` : `${words} ago`;
}

/** @param {number} seconds */
function spell(seconds) {
  const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
  if (hours < 1) return `${minutes} min`;
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
