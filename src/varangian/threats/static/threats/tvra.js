/** Checks by keyboard: 1 to 5 answers the chosen check and goes on to the next, w writes its note. */
const CHECK = ".tv-check";

/** @returns {HTMLElement[]} */
const all = () => [...document.querySelectorAll(CHECK)].map((one) => /** @type {HTMLElement} */ (one));

/** The one that j and k chose, or in which the focus is, or the first without an answer. */
function current() {
  const focused = document.activeElement?.closest(CHECK);
  const chosen = document.querySelector(`${CHECK}[data-chosen]`) ?? focused;
  return /** @type {HTMLElement | undefined} */ (chosen ?? all().find((one) => !one.querySelector("[aria-pressed]")));
}

/** @param {HTMLElement} check */
function choose(check) {
  document.querySelector("[data-chosen]")?.removeAttribute("data-chosen");
  check.setAttribute("data-chosen", "");
  check.scrollIntoView({ block: "nearest" });
  check.focus({ preventScroll: true });
}

/** @param {string} key */
function answer(key) {
  const check = current();
  const button = check?.querySelector(`[data-answer="${key}"]`);
  if (!check || !(button instanceof HTMLElement)) return;
  const next = all()[all().indexOf(check) + 1];
  button.click();
  if (next) choose(next);
}

/** @param {Event} event */
const typing = (event) => /^(INPUT|TEXTAREA|SELECT)$/.test(/** @type {Element} */ (event.target).tagName);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
  if (/^[1-5]$/.test(event.key)) {
    event.preventDefault();
    answer(event.key);
  } else if (event.key === "w") {
    const note = current()?.querySelector("input[name=note]");
    if (!(note instanceof HTMLInputElement)) return;
    event.preventDefault();
    note.focus();
  }
});
