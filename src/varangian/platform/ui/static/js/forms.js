/** Forms: sent once, say what they do, refuse a file that is too large before it travels, put the focus on the first error. */

const MB = 1024 * 1024;

/** @param {HTMLFormElement} form */
const sizeOf = (form) => [...form.querySelectorAll("input[type=file]")]
  .flatMap((field) => [...(/** @type {HTMLInputElement} */ (field).files ?? [])])
  .reduce((sum, file) => sum + file.size, 0);

/** @param {HTMLFormElement} form @param {number} size */
function progress(form, size) {
  const line = form.querySelector("[data-progress]");
  const words = form.querySelector("[data-progress-words]");
  if (!line || !words || !size) return;
  line.querySelector("progress")?.removeAttribute("value");
  words.textContent = `Sending ${(size / MB).toFixed(1)} MB`;
  line.removeAttribute("hidden");
}

/** @param {SubmitEvent} event */
function sent(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("[data-form]") || event.defaultPrevented || form.hasAttribute("hx-post")) return;
  if (form.dataset.held) {
    event.preventDefault();
    return;
  }
  const size = sizeOf(form), most = Number(document.body.dataset.maxUpload || 0);
  if (most && size > most) {
    event.preventDefault();
    tooLarge(form, size, most);
    return;
  }
  form.dataset.held = "1";
  event.submitter?.setAttribute("aria-busy", "true");
  progress(form, size);
}

/** @param {HTMLFormElement} form @param {number} size @param {number} most */
function tooLarge(form, size, most) {
  const field = /** @type {HTMLInputElement} */ (form.querySelector("input[type=file]"));
  field.setCustomValidity(`The file has ${Math.ceil(size / MB)} MB; the limit is ${Math.floor(most / MB)} MB.`);
  field.reportValidity();
  field.addEventListener("change", () => field.setCustomValidity(""), { once: true });
}

function release() {
  for (const form of document.querySelectorAll("form[data-held]")) {
    form.removeAttribute("data-held");
    form.querySelector("[aria-busy]")?.removeAttribute("aria-busy");
    form.querySelector("[data-progress]")?.setAttribute("hidden", "");
  }
}

function filters() {
  for (const form of document.querySelectorAll("form[data-filters]")) {
    form.addEventListener("change", () => /** @type {HTMLFormElement} */ (form).requestSubmit());
    form.addEventListener("formdata", (event) => {
      const data = /** @type {FormDataEvent} */ (event).formData;
      for (const [name, value] of [...data]) if (value === "") data.delete(name);
    });
  }
}

export function start() {
  document.addEventListener("submit", sent);
  window.addEventListener("pageshow", release);
  document.addEventListener("click", (event) => {
    if (!(/** @type {Element} */ (event.target).closest("[data-progress-stop]"))) return;
    window.stop();
    release();
  });
  filters();
  const first = document.querySelector("main .is-invalid");
  if (first instanceof HTMLElement) first.focus();
}
