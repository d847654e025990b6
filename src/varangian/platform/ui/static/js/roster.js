/**
 * The roster's hand: a duty is dragged to another person, or taken up with `m`, carried with the arrows and put down with Enter.
 * The server decides; what it asks appears in #roster-ask. Nothing here is needed: every duty is a link to a page that does the same.
 */
const htmx = () => /** @type {any} */ (window).htmx;

/** @type {HTMLElement | null} */
let carried = null;

/** @param {HTMLElement} root */
export function mount(root) {
  root.addEventListener("click", (event) => {
    if (/** @type {Element} */ (event.target).closest("[data-ask-close]")) document.getElementById("roster-ask")?.replaceChildren();
  });
  document.addEventListener("htmx:after:request", answered);
  if (!root.hasAttribute("data-may-change")) return;
  root.addEventListener("dragstart", (event) => {
    const duty = dutyAt(event.target);
    if (!duty || !event.dataTransfer) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", duty.dataset.words ?? "");
    take(duty);
  });
  root.addEventListener("dragover", (event) => {
    const row = rowAt(event.target);
    if (!carried || !row) return;
    event.preventDefault();
    over(row);
  });
  root.addEventListener("drop", (event) => {
    const row = rowAt(event.target);
    if (!carried || !row) return;
    event.preventDefault();
    put(row);
  });
  root.addEventListener("dragend", lay);
  root.addEventListener("keydown", pressed);
}

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
const dutyAt = (target) => target instanceof Element ? target.closest("[data-duty]") : null;

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
const rowAt = (target) => target instanceof Element ? target.closest("tr[data-person]") : null;

const rows = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-roster] tr[data-person]")]);

/** @param {string} words */
function say(words) {
  const line = document.getElementById("roster-said");
  if (line) line.textContent = words;
}

/** @param {HTMLElement} duty */
function take(duty) {
  lay();
  carried = duty;
  duty.setAttribute("data-carried", "");
  void mark(duty);
}

/** Whom the rules keep from it, while it is in the hand. @param {HTMLElement} duty */
async function mark(duty) {
  try {
    const answer = await fetch(duty.dataset.barred ?? "", { redirect: "error", headers: { "HX-Request": "true" } });
    if (!answer.ok || carried !== duty) return;
    /** @type {Record<string, string[]>} */
    const barred = await answer.json();
    for (const row of rows()) {
      const rules = barred[row.dataset.person ?? ""];
      row.dataset.fits = rules ? "no" : "yes";
      if (rules) row.dataset.rules = rules.join(", ").replaceAll("_", " ");
    }
  } catch { /* the server says it when the duty is put down */ }
}

/** @param {HTMLElement} row */
function over(row) {
  for (const other of rows()) other.toggleAttribute("data-over", other === row);
}

function lay() {
  carried?.removeAttribute("data-carried");
  carried = null;
  for (const row of rows()) {
    row.removeAttribute("data-over");
    delete row.dataset.fits;
    delete row.dataset.rules;
  }
}

/** @param {HTMLElement} row */
function put(row) {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("roster-put"));
  if (!form || !carried) return;
  const given = { shift: carried.dataset.duty, person: row.dataset.person, assignment: carried.dataset.assignment };
  for (const [name, value] of Object.entries(given)) {
    /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value = value ?? "";
  }
  say(`${carried.dataset.words} to ${row.dataset.name}.`);
  lay();
  form.requestSubmit();
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  const duty = dutyAt(event.target);
  if (event.key === "m" && duty && !carried) {
    event.preventDefault();
    event.stopPropagation();
    take(duty);
    walk(rows()[0]);
    say(`${duty.dataset.words} in hand. The arrow keys choose a person, Enter puts it there, Escape lays it back.`);
    return;
  }
  const row = rowAt(event.target);
  if (!carried || !row) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) walk(rows()[rows().indexOf(row) + step]);
  else if (event.key === "Enter") put(row);
  else if (event.key === "Escape") {
    const back = carried;
    lay();
    back.focus();
    say("Laid back.");
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

/** @param {HTMLElement | undefined} row */
function walk(row) {
  if (!row) return;
  over(row);
  /** @type {HTMLElement | null} */ (row.querySelector("th"))?.focus();
  const rules = row.dataset.rules;
  say(`${row.dataset.name}${rules ? `, against: ${rules}` : ""}`);
}

/** After a put the grid is fetched anew, whether or not the stream is up. @param {any} event */
function answered(event) {
  const { ctx } = event.detail;
  const target = ctx.target ?? ctx.sourceElement;
  if (!(target instanceof Element) || !(ctx.sourceElement?.closest?.("[data-roster]"))) return;
  if (ctx.sourceElement instanceof HTMLFormElement && ctx.response?.status < 400) {
    const region = document.getElementById("roster");
    if (region) htmx()?.trigger(region, "refresh");
  }
}
