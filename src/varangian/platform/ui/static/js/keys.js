/** The key map: built-in keys, `g` with a letter for the rail, and every `data-key` on the page. */
import { open } from "./dialogs.js";
import { say } from "./live.js";
import { chosen, lostChoice, move } from "./rows.js";

/** @type {Map<string, {words: string, run: () => void}>} */
const registry = new Map();
let leader = 0;

/**
 * @param {string} key a letter, or two with a blank between: `g b`
 * @param {string} words for the list
 * @param {() => void} run
 */
export function register(key, words, run) {
  registry.set(key, { words, run });
}

function builtIns() {
  register("?", "List the keys", help);
  register("Ctrl K", "Find anything", () => click("[data-find-open]"));
  register("/", "Filter this list", () => {
    const field = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-filters] input:not([type=hidden]), [data-filters] select"));
    field?.focus();
    field?.select?.();
  });
  register("j", "Next row", () => move(1));
  register("k", "Row before", () => move(-1));
  register("Enter", "Open the row", () => {
    const href = chosen()?.getAttribute("data-href");
    if (href) location.assign(href);
  });
  register("e", "Acknowledge the row", () => {
    if (lostChoice()) return say("The row you chose is no longer here. Choose again.");
    const row = chosen() ?? document.querySelector("[data-rows] [data-key='e']")?.closest("tr, li");
    press(row?.querySelector("[data-key='e']"));
  });
  const entry = document.body.dataset.logNew;
  if (entry) register("n", "New log entry", () => location.assign(entry));
  for (const link of document.querySelectorAll("a[data-go]")) {
    const name = link.querySelector(".vg-rail-words")?.textContent ?? link.getAttribute("title") ?? "";
    register(`g ${link.getAttribute("data-go")}`, `Go to ${name}`, () => location.assign(/** @type {HTMLAnchorElement} */ (link).href));
  }
}

/** @param {Element | null | undefined} element */
function press(element) {
  if (element instanceof HTMLElement) element.click();
}

/** @param {string} selector */
function click(selector) {
  press(document.querySelector(selector));
}

/** Keys of this page's own buttons and links, outside rows. */
function ofPage() {
  const found = new Map();
  for (const element of document.querySelectorAll("[data-key]")) {
    const key = element.getAttribute("data-key") ?? "";
    if (!element.closest("[data-rows] tr, [data-rows] > li") && !found.has(key)) found.set(key, element);
  }
  return found;
}

function help() {
  const list = document.querySelector("[data-keys-list]");
  if (!list) return;
  const rows = [...registry].map(([key, { words }]) => [key, words]);
  for (const [key, element] of ofPage()) rows.push([key, element.getAttribute("data-key-words") ?? element.textContent?.trim() ?? ""]);
  rows.push(["x", "Mark the row for a bulk action"], ["Esc", "Close"]);
  list.replaceChildren(...rows.map(([key, words]) => {
    const row = document.createElement("div");
    const text = document.createElement("span");
    text.textContent = words;
    const caps = document.createElement("span");
    for (const part of key.split(" ")) {
      const cap = document.createElement("kbd");
      cap.textContent = part;
      caps.append(cap, " ");
    }
    row.append(text, caps);
    return row;
  }));
  open("vg-keys");
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    registry.get("Ctrl K")?.run();
    return;
  }
  const typing = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  if (event.ctrlKey || event.metaKey || event.altKey || typing || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && target.closest("a, button, summary, [role=button], canvas")) return;
  let key = event.key;
  if (Date.now() - leader < 1500) key = `g ${event.key}`;
  leader = event.key === "g" && !key.startsWith("g ") ? Date.now() : 0;
  const own = ofPage().get(key);
  const run = own ? () => press(own) : registry.get(key)?.run;
  if (!run) return;
  event.preventDefault();
  run();
}

export function start() {
  builtIns();
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("[data-keys-open]")) help();
  });
}
