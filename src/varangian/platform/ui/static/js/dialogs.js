/** Native dialogs and menus: opened by `data-dialog`, closed by `data-close`, Escape or a click beside them. */

/** @param {string} id */
export function open(id) {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

/** @param {MouseEvent} event */
function clicked(event) {
  const target = /** @type {Element} */ (event.target);
  const opener = target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    open(opener.getAttribute("data-dialog") ?? "");
  }
  if (target.closest("[data-close]")) target.closest("dialog")?.close();
  if (target instanceof HTMLDialogElement && target.getAttribute("role") !== "alertdialog" && beside(target, event)) target.close();
  if (target.closest("[data-drop]")) target.closest(".vg-notice")?.remove();
  if (target.closest("[data-back]")) history.back();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(target)) menu.removeAttribute("open");
  }
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {MouseEvent} event
 */
function beside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

/** @param {KeyboardEvent} event */
function escaped(event) {
  const menu = event.key === "Escape" && document.querySelector("details[data-menu][open]");
  if (!menu) return;
  menu.removeAttribute("open");
  /** @type {HTMLElement | null} */ (menu.querySelector("summary"))?.focus();
}

/** `hx-confirm="…"` asks in our own dialog. @param {any} event */
function asked(event) {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("vg-ask"));
  const words = document.getElementById("vg-ask-words");
  if (!dialog || !words) return;
  event.preventDefault();
  words.textContent = event.detail.ctx.confirm;
  let yes = false;
  const agree = () => { yes = true; dialog.close(); };
  const button = dialog.querySelector("[data-ask-yes]");
  button?.addEventListener("click", agree, { once: true });
  dialog.addEventListener("close", () => {
    button?.removeEventListener("click", agree);
    if (yes) event.detail.issueRequest();
    else event.detail.dropRequest();
  }, { once: true });
  dialog.showModal();
}

export function start() {
  document.addEventListener("click", clicked);
  document.addEventListener("keydown", escaped);
  document.addEventListener("htmx:confirm", asked);
}
