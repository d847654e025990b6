/** Rows of `[data-rows]`: one is chosen by j and k, a click anywhere opens it, boxes mark it for a bulk action. */

const ROWS = "[data-rows] tbody > tr, [data-rows] > li";

/** Where the chosen row leads: what arrives meanwhile must not choose another one. */
let held = "";

/** @returns {HTMLElement | null} */
export const chosen = () => document.querySelector("[data-chosen]");

/** Fresh rows came in: the mark stays with what it was put on, or is gone with it. */
function keepChosen() {
  if (!held || chosen()) return;
  document.querySelector(`[data-rows] [data-href="${CSS.escape(held)}"]`)?.setAttribute("data-chosen", "");
}

/** A row was chosen and is no longer there: nothing else may be acted on in its stead. */
export const lostChoice = () => held !== "" && !chosen();

/** @param {number} step */
export function move(step) {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(ROWS)]);
  if (!rows.length) return;
  const current = chosen();
  const at = current ? rows.indexOf(current) : step > 0 ? -1 : rows.length;
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  current?.removeAttribute("data-chosen");
  next.setAttribute("data-chosen", "");
  held = next.getAttribute("data-href") ?? "";
  next.scrollIntoView({ block: "nearest" });
  const link = next.querySelector("a[href]") ?? next.querySelector("button");
  if (link instanceof HTMLElement) link.focus({ preventScroll: true });
}

/** @param {MouseEvent} event */
function opened(event) {
  const target = /** @type {Element} */ (event.target);
  const row = target.closest("[data-href]");
  if (!row || event.defaultPrevented || target.closest("a, button, input, select, textarea, label, summary, form")) return;
  if (window.getSelection()?.toString()) return;
  const href = row.getAttribute("data-href") ?? "";
  if (event.ctrlKey || event.metaKey) window.open(href, "_blank", "noopener");
  else location.assign(href);
}

function counted() {
  const boxes = [...document.querySelectorAll("[data-bulk] :is(tbody, li) input[type=checkbox]")];
  const marked = boxes.filter((box) => /** @type {HTMLInputElement} */ (box).checked).length;
  for (const bar of document.querySelectorAll("[data-bulk-bar]")) {
    bar.toggleAttribute("hidden", !marked);
    const words = bar.querySelector("[data-bulk-count]");
    if (words) words.textContent = `${marked} marked`;
  }
}

/** @param {KeyboardEvent} event */
function marked(event) {
  if (event.key !== "x" || /^(INPUT|TEXTAREA|SELECT)$/.test(/** @type {Element} */ (event.target).tagName)) return;
  const box = chosen()?.querySelector("input[type=checkbox]");
  if (box instanceof HTMLInputElement) box.click();
}

export function start() {
  document.addEventListener("click", opened);
  document.addEventListener("keydown", marked);
  document.addEventListener("htmx:after:swap", keepChosen);
  document.addEventListener("change", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.matches("[data-bulk-all]")) {
      for (const box of document.querySelectorAll("[data-bulk] tbody input[type=checkbox]")) {
        /** @type {HTMLInputElement} */ (box).checked = /** @type {HTMLInputElement} */ (target).checked;
      }
    }
    if (target.closest("[data-bulk]")) counted();
  });
  counted();
}
