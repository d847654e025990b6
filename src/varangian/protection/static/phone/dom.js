/** Small words for building the screen: elements from what they are, nothing from text as HTML. */

const SVG = "http://www.w3.org/2000/svg";
const sprite = () => document.body.dataset.icons ?? "";

/**
 * @param {string} tag
 * @param {Record<string, any>} [given] attributes; `on…` are listeners, `dataset` is an object
 * @param {...any} children elements, words, or nothing
 * @returns {HTMLElement}
 */
export function el(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(made.dataset, value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** @param {string} name a sign of the sheet; decoration only */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg"), use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "vg-icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite()}#${name}`);
  svg.append(use);
  return svg;
}

/** @param {string} tone @param {string} sign @param {string} words */
export const badge = (tone, sign, words) => el("span", { class: `vg-badge vg-${tone}` }, icon(sign), words);

/** @param {string} id */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * Replace what an element shows, unless it shows the same already: focus and scroll stay.
 * @param {HTMLElement} place @param {any[]} children
 */
export function show(place, ...children) {
  const next = el("div", {}, ...children);
  if (place.innerHTML === next.innerHTML) return;
  const focused = document.activeElement?.id;
  place.replaceChildren(...next.childNodes);
  if (focused) document.getElementById(focused)?.focus();
}

/** Words for somebody who does not see the screen. @param {string} words */
export function say(words) {
  byId("said").textContent = words;
}
