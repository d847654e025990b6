/** Rating by keyboard: letters answer the indicator in focus, j and k move, Enter goes to evidence. */
const ANSWERS = /** @type {Record<string, string>} */ ({ p: "present", t: "partly", a: "absent", u: "unknown" });

/** @param {Element} row */
function focusRow(row) {
  const field = row.querySelector("input[type=radio]:checked") ?? row.querySelector("input[type=radio]");
  if (!(field instanceof HTMLElement)) return;
  field.focus();
  row.scrollIntoView({ block: "center" });
}

/** @param {Element} row @param {number} step */
function move(row, step) {
  const rows = [...document.querySelectorAll("[data-indicator]")];
  const next = rows[rows.indexOf(row) + step];
  if (next) focusRow(next);
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const row = target.closest("[data-indicator]");
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && !target.matches("[type=radio]")) {
    focusRow(row);
    return;
  }
  if (!target.matches("[type=radio]")) return;
  const key = event.key.toLowerCase();
  if (key in ANSWERS) {
    const field = row.querySelector(`input[value="${ANSWERS[key]}"]`);
    if (field instanceof HTMLInputElement) {
      field.click();
      field.focus();
    }
  } else if (key === "j" || key === "k") {
    move(row, key === "j" ? 1 : -1);
  } else if (key === "enter") {
    const evidence = row.querySelector("textarea");
    if (!evidence?.offsetParent) return event.preventDefault();
    evidence.focus();
  } else {
    return;
  }
  event.preventDefault();
}

document.querySelector("[data-judge]")?.addEventListener("keydown", (event) => pressed(/** @type {KeyboardEvent} */ (event)));
