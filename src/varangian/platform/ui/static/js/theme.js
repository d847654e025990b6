/** The theme switch. Others hear `varangian:theme` on document. */

/** @returns {"dark" | "light" | "night"} */
export const theme = () => /** @type {any} */ (document.documentElement.dataset.theme ?? "dark");

/** @param {string} name */
export function setTheme(name) {
  document.documentElement.dataset.theme = name;
  document.documentElement.dataset.bsTheme = name === "light" ? "light" : "dark";
  try { localStorage.setItem("vg-theme", name); } catch { /* for this page only */ }
  mark();
  document.dispatchEvent(new CustomEvent("varangian:theme", { detail: name }));
}

function mark() {
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-theme-set") === theme()));
  }
}

export function start() {
  mark();
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-theme-set]");
    if (button) setTheme(button.getAttribute("data-theme-set") ?? "dark");
  });
}
