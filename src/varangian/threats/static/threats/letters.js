/** Triage by keyboard: a chosen answer gives the focus back, so that the next key is heard. */
const form = document.querySelector("[data-letter-triage]");
form?.addEventListener("change", (event) => {
  const chosen = /** @type {HTMLElement} */ (event.target);
  if (chosen instanceof HTMLInputElement && /^(radio|checkbox)$/.test(chosen.type)) chosen.blur();
});
