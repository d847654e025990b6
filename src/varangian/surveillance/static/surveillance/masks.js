/** Private areas drawn on a still. The field of the form holds them: what is drawn is written there and the other way round. */
const sheet = /** @type {HTMLElement} */ (document.querySelector("[data-masks]"));
const form = /** @type {HTMLFormElement} */ (document.getElementById(sheet.dataset.masks ?? ""));
const field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("masks"));
const svg = /** @type {SVGSVGElement} */ (sheet.querySelector("svg"));
const image = /** @type {HTMLImageElement} */ (sheet.querySelector("img"));
const note = /** @type {HTMLElement} */ (document.querySelector("[data-mask-note]"));
const NEAR = 0.025, TRIES = 20;
/** @typedef {[number, number]} Spot */
let masks = /** @type {Spot[][]} */ ([]);
let line = /** @type {Spot[]} */ ([]);

function read() {
  try {
    const found = JSON.parse(field.value || "[]");
    if (Array.isArray(found)) masks = found;
  } catch {
    note.textContent = "The corners cannot be read; mend them or draw anew.";
  }
  draw();
}

function write() {
  field.value = JSON.stringify(masks);
  field.dispatchEvent(new Event("change", { bubbles: true }));
  draw();
}

/** @param {string} name @param {Record<string, string>} given */
function made(name, given) {
  const one = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(given)) one.setAttribute(key, value);
  return one;
}

const points = (/** @type {Spot[]} */ spots) => spots.map(([x, y]) => `${x * 1000},${y * 1000}`).join(" ");

function draw() {
  svg.replaceChildren(
    ...masks.map((one) => made("polygon", { points: points(one) })),
    made("polyline", { points: points(line) }),
    ...line.map(([x, y]) => made("ellipse", { cx: String(x * 1000), cy: String(y * 1000), rx: "7", ry: "12" })),
  );
  const list = /** @type {HTMLElement} */ (document.querySelector("[data-mask-list]"));
  list.replaceChildren(...masks.map((one, index) => {
    const row = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "vg-link";
    button.textContent = "Remove";
    button.setAttribute("aria-label", `Remove area ${index + 1}`);
    button.addEventListener("click", () => { masks.splice(index, 1); write(); });
    row.append(`Area ${index + 1}, ${one.length} corners `, button);
    return row;
  }));
}

svg.addEventListener("click", (event) => {
  const box = svg.getBoundingClientRect();
  const spot = /** @type {Spot} */ ([(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height].map((one) => Math.round(one * 1e4) / 1e4));
  const first = line[0];
  if (first && line.length > 2 && Math.hypot(first[0] - spot[0], first[1] - spot[1]) < NEAR) {
    masks.push(line);
    line = [];
    note.textContent = "The area is closed. Keep the areas, or draw another.";
    write();
    return;
  }
  line.push(spot);
  note.textContent = line.length < 3 ? `${line.length} of at least 3 corners.` : "Click the first corner to close the area.";
  draw();
});
document.querySelector("[data-mask-undo]")?.addEventListener("click", () => { line.pop(); draw(); });
document.querySelector("[data-mask-clear]")?.addEventListener("click", () => { masks = []; line = []; write(); });
field.addEventListener("input", read);

/** @param {number} left */
async function still(left) {
  const answer = await fetch(sheet.dataset.still ?? "", { redirect: "error" }).catch(() => null);
  if (answer?.status === 200) {
    image.src = URL.createObjectURL(await answer.blob());
    image.hidden = false;
    note.textContent = "Click the picture for the first corner.";
  } else if (left > 0) setTimeout(() => void still(left - 1), 1000);
  else note.textContent = "The camera gave no still. Write the corners, or try again when it is live.";
}
read();
void still(TRIES);
