/** Find anything: asks while you type, arrows choose, Enter opens. */

const PAUSE = 120;
let timer = 0;
/** @type {AbortController | undefined} */
let asking;

/** @param {HTMLInputElement} input @param {HTMLElement} list */
async function ask(input, list) {
  asking?.abort();
  asking = new AbortController();
  const url = `${document.body.dataset.findUrl}?q=${encodeURIComponent(input.value)}`;
  try {
    const answer = await fetch(url, { signal: asking.signal, redirect: "error", headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    list.innerHTML = await answer.text();
    choose(list, input, 0);
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "AbortError") list.textContent = "Cannot search now: the server did not answer.";
  }
}

/** @param {HTMLElement} list @param {HTMLInputElement} input @param {number} at */
function choose(list, input, at) {
  const hits = [...list.querySelectorAll("a[role=option]")];
  input.removeAttribute("aria-activedescendant");
  hits.forEach((hit, i) => {
    hit.id = `vg-hit-${i}`;
    hit.setAttribute("aria-selected", String(i === at));
    if (i === at) {
      input.setAttribute("aria-activedescendant", hit.id);
      hit.scrollIntoView({ block: "nearest" });
    }
  });
}

/** @param {HTMLElement} list @param {HTMLInputElement} input @param {KeyboardEvent} event */
function steer(list, input, event) {
  const hits = [...list.querySelectorAll("a[role=option]")];
  const at = hits.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    choose(list, input, (at + step + hits.length) % Math.max(1, hits.length));
  } else if (event.key === "Enter") {
    event.preventDefault();
    const hit = hits[Math.max(0, at)];
    if (hit instanceof HTMLAnchorElement) location.assign(hit.href);
  }
}

export function start() {
  const dialog = document.getElementById("vg-find");
  const list = document.getElementById("vg-found");
  const input = dialog?.querySelector("input");
  if (!(dialog instanceof HTMLDialogElement) || !list || !input) return;
  document.addEventListener("click", (event) => {
    if (!(/** @type {Element} */ (event.target).closest("[data-find-open]"))) return;
    if (!dialog.open) dialog.showModal();
    input.focus();
    input.select();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void ask(input, list), PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") dialog.close();
    else steer(list, input, event);
  });
  dialog.querySelector("form")?.addEventListener("submit", (event) => event.preventDefault());
}
