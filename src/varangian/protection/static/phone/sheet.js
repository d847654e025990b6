/** One sheet over the screen; it gives the focus back. */

import { byId, el, icon } from "./dom.js";

const place = () => /** @type {HTMLDialogElement} */ (byId("sheet"));

/** @param {string} title @param {...any} content */
export function sheet(title, ...content) {
  const back = el("button", { type: "button", class: "ph-back", "aria-label": "Back" }, icon("chevron-left"));
  back.addEventListener("click", close);
  const head = el("header", { class: "ph-sheet-head" }, back, el("h2", {}, title));
  place().replaceChildren(head, el("div", { class: "ph-sheet-body" }, ...content));
  if (!place().open) place().showModal();
  place().scrollTop = 0;
}

export function close() {
  if (place().open) place().close();
}
