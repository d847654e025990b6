/**
 * Nothing typed is lost: a form with `data-draft` keeps its text in this tab, across navigation and the end of a session.
 * Session storage, not local: protected data does not stay on the disk of a shared machine. Passwords and files are never kept.
 */
const PREFIX = `vg-draft:${document.body.dataset.user ?? ""}:`;
const SENT = "vg-draft-sent";

/** @param {HTMLFormElement} form */
const nameOf = (form) => PREFIX + form.dataset.draft;

/** @param {HTMLFormElement} form @returns {Record<string, string[]>} */
function values(form) {
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const field of kept(form)) {
    found[field.name] ??= [];
    if (field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type)) {
      if (field.checked) found[field.name].push(field.value);
    } else if (field instanceof HTMLSelectElement && field.multiple) {
      found[field.name].push(...[...field.selectedOptions].map((option) => option.value));
    } else found[field.name].push(field.value);
  }
  return found;
}

/** @param {HTMLFormElement} form */
function kept(form) {
  const fields = /** @type {(HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[]} */ ([...form.elements]);
  return fields.filter((field) => field.name && !/^(hidden|password|file|submit|button)$/.test(field.type) && !field.hasAttribute("data-no-draft"));
}

/**
 * @param {HTMLFormElement} form
 * @param {Record<string, string[]>} saved
 */
function fill(form, saved) {
  /** @type {Record<string, number>} */
  const used = {};
  for (const field of kept(form)) {
    const list = saved[field.name];
    if (!list) continue;
    const before = shown(field);
    if (field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type)) field.checked = list.includes(field.value);
    else if (field instanceof HTMLSelectElement && field.multiple) {
      for (const option of field.options) option.selected = list.includes(option.value);
    } else {
      const at = used[field.name] ?? 0;
      used[field.name] = at + 1;
      if (list[at] !== undefined) field.value = list[at];
    }
    if (shown(field) !== before) unfold(field);
  }
}

/** @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} field */
function shown(field) {
  if (field instanceof HTMLSelectElement) return [...field.selectedOptions].map((option) => option.value).join("\n");
  return field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type) ? String(field.checked) : field.value;
}

/** What came back is seen, however deep it is folded. @param {Element} field */
function unfold(field) {
  for (let fold = field.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
}

/** @param {HTMLFormElement} form */
export function drop(form) {
  sessionStorage.removeItem(nameOf(form));
  form.querySelector("[data-draft-note]")?.setAttribute("hidden", "");
}

/** @param {HTMLFormElement} form */
function restore(form) {
  const text = sessionStorage.getItem(nameOf(form));
  if (!text || form.querySelector(".vg-error, .is-invalid")) return;
  const draft = JSON.parse(text);
  if (JSON.stringify(draft.values) === JSON.stringify(values(form))) return;
  const original = values(form);
  fill(form, draft.values);
  const note = form.querySelector("[data-draft-note]");
  const at = note?.querySelector("[data-draft-at]");
  if (at) at.textContent = new Date(draft.at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  note?.removeAttribute("hidden");
  note?.querySelector("[data-draft-drop]")?.addEventListener("click", () => {
    fill(form, original);
    drop(form);
  }, { once: true });
}

/** A form that was sent and is not shown again with errors has been taken. */
function settle() {
  const sent = sessionStorage.getItem(SENT);
  if (!sent) return;
  sessionStorage.removeItem(SENT);
  const again = /** @type {HTMLFormElement | undefined} */ ([...document.querySelectorAll("form[data-draft]")].find((form) => nameOf(/** @type {any} */ (form)) === sent));
  if (!again?.querySelector(".vg-error, .is-invalid, .vg-notice.vg-red")) sessionStorage.removeItem(sent);
}

/** @param {Event} event */
function typed(event) {
  const form = /** @type {Element} */ (event.target).closest("form[data-draft]");
  if (form instanceof HTMLFormElement) {
    sessionStorage.setItem(nameOf(form), JSON.stringify({ at: Date.now(), values: values(form) }));
  }
}

export function start() {
  settle();
  for (const form of document.querySelectorAll("form[data-draft]")) restore(/** @type {HTMLFormElement} */ (form));
  document.addEventListener("input", typed);
  document.addEventListener("change", typed);
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if ((form.getAttribute("action") ?? "").includes("/account/logout")) {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith("vg-draft")) sessionStorage.removeItem(key);
    } else if (form.dataset.draft && !form.hasAttribute("hx-post")) sessionStorage.setItem(SENT, nameOf(form));
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = /** @type {any} */ (event).detail;
    const form = ctx.sourceElement;
    if (form instanceof HTMLFormElement && form.dataset.draft && ctx.response?.status < 400 && !ctx.response.raw.redirected) {
      drop(form);
    }
  });
}
