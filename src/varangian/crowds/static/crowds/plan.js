/** The plan on a page: levels, heat over it with a scrubber, the way out at a place. */

const SVG = "http://www.w3.org/2000/svg";
const DENSITY = [[0, [42, 74, 106]], [1, [47, 143, 138]], [2, [201, 180, 60]], [3, [224, 123, 46]], [4, [214, 52, 44]]];
const SECONDS = [[0, [47, 174, 110]], [30, [201, 180, 60]], [60, [224, 123, 46]], [120, [214, 52, 44]]];
const NOWHERE = 255;

/** @param {number[][] | any[]} scale @param {number} value */
function colour(scale, value) {
  for (let k = 1; k < scale.length; k++) {
    if (value <= scale[k][0]) {
      const part = Math.max(0, (value - scale[k - 1][0]) / (scale[k][0] - scale[k - 1][0]));
      return scale[k - 1][1].map((/** @type {number} */ one, /** @type {number} */ n) => one + (scale[k][1][n] - one) * part);
    }
  }
  return scale[scale.length - 1][1];
}

/** One byte a cell becomes a picture over the floor. */
class Heat {
  /** @param {Element} box @param {any} film @param {any[]} scale @param {boolean} fades */
  constructor(box, film, scale, fades) {
    this.film = film;
    this.layers = film.levels.map((/** @type {any} */ level) => {
      const place = box.querySelector(`[data-level="${level.level}"] [data-heat]`);
      const image = document.createElementNS(SVG, "image");
      image.setAttribute("class", "vc-heat");
      image.setAttribute("x", film.west);
      image.setAttribute("y", String(-(film.south + level.rows * film.cell)));
      image.setAttribute("width", String(level.columns * film.cell));
      image.setAttribute("height", String(level.rows * film.cell));
      image.setAttribute("preserveAspectRatio", "none");
      place?.append(image);
      const canvas = document.createElement("canvas");
      canvas.width = level.columns;
      canvas.height = level.rows;
      return { level, image, canvas };
    });
    this.table = [...Array(256).keys()].map((byte) => {
      if (byte === NOWHERE) return [0, 0, 0, 0];
      const value = byte * film.step;
      return [...colour(scale, value), fades ? Math.min(230, 60 + value * 120) * (value > 0.02 ? 1 : 0) : 190];
    });
  }

  get moments() { return this.film.levels[0]?.frames.length ?? 0; }

  /** @param {number} moment */
  show(moment) {
    for (const { level, image, canvas } of this.layers) {
      const bytes = Uint8Array.from(atob(level.frames[moment]), (c) => c.charCodeAt(0));
      const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      const picture = pen.createImageData(level.columns, level.rows);
      for (let row = 0; row < level.rows; row++) {
        for (let column = 0; column < level.columns; column++) {
          const at = ((level.rows - 1 - row) * level.columns + column) * 4;
          picture.data.set(this.table[bytes[row * level.columns + column]], at);
        }
      }
      pen.putImageData(picture, 0, 0);
      image.setAttribute("href", canvas.toDataURL());
    }
  }
}

/** @param {Element} box @param {Heat} heat */
function scrub(box, heat) {
  const slider = /** @type {HTMLInputElement} */ (box.querySelector("[data-scrub]"));
  const clock = /** @type {HTMLOutputElement} */ (box.querySelector("[data-clock]"));
  slider.max = String(Math.max(0, heat.moments - 1));
  const show = () => {
    heat.show(Number(slider.value));
    clock.value = `${Math.round(Number(slider.value) * heat.film.every)} s`;
  };
  slider.addEventListener("input", show);
  let timer = 0;
  box.querySelector("[data-play]")?.addEventListener("click", () => {
    if (timer) { clearInterval(timer); timer = 0; return; }
    timer = window.setInterval(() => {
      slider.value = String((Number(slider.value) + 1) % (Number(slider.max) + 1));
      show();
    }, 250);
  });
  show();
  box.setAttribute("data-shown", "1");
  return () => Number(slider.value) * heat.film.every;
}

/** @param {Element} box */
function levels(box) {
  for (const button of box.querySelectorAll("[data-show-level]")) {
    button.addEventListener("click", () => {
      const wanted = button.getAttribute("data-show-level");
      for (const group of box.querySelectorAll("[data-level]")) group.toggleAttribute("hidden", group.getAttribute("data-level") !== wanted);
      for (const one of box.querySelectorAll("[data-show-level]")) one.setAttribute("aria-pressed", String(one === button));
    });
  }
}

/** Metres under the pointer. @param {SVGSVGElement} svg @param {MouseEvent} event */
function metres(svg, event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM()?.inverse());
  return [point.x, -point.y];
}

/** @param {Element} box */
function shownLevel(box) {
  return box.querySelector("[data-level]:not([hidden])")?.getAttribute("data-level") ?? "0";
}

/** @param {Element} box @param {string} tag @param {Record<string, string>} given */
function over(box, tag, given) {
  const place = box.querySelector(`[data-level="${shownLevel(box)}"] [data-over]`);
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
  place?.append(made);
  return made;
}

/** @param {Element} box */
async function wayOut(box) {
  const answer = await fetch(box.getAttribute("data-seconds") ?? "");
  if (!answer.ok) return;
  const leave = scrub(box, new Heat(box, await answer.json(), SECONDS, false));
  const svg = /** @type {SVGSVGElement} */ (box.querySelector("[data-plan]"));
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-where]"));
  const told = document.getElementById("advice");
  const advise = async (/** @type {string} */ at) => {
    const asked = new URLSearchParams({ at, leave: String(leave()), level: shownLevel(box), as: "html" });
    const found = await fetch(`${box.getAttribute("data-advice")}?${asked}`, { headers: { "HX-Request": "true" } });
    if (!told) return;
    told.innerHTML = await found.text();
    for (const old of box.querySelectorAll("[data-over] *")) old.remove();
    const [x, y] = at.split(",").map(Number);
    const size = svg.viewBox.baseVal.width / 90;
    const rows = [...told.querySelectorAll("tr[data-way]")];
    const draw = (/** @type {Element} */ row) => {
      box.querySelector("polyline.vc-way")?.remove();
      const points = (row.getAttribute("data-way") ?? "").trim().split(" ").map((step) => step.split(",").map(Number));
      over(box, "polyline", { class: "vc-way", points: points.filter((p) => String(p[0]) === shownLevel(box)).map((p) => `${p[1]},${-p[2]}`).join(" ") });
    };
    for (const row of rows) { row.addEventListener("mouseenter", () => draw(row)); row.addEventListener("focus", () => draw(row)); }
    if (rows[0]) draw(rows[0]);
    over(box, "circle", { class: "vc-here", cx: String(x), cy: String(-y), r: String(size) });
  };
  svg.addEventListener("click", (event) => {
    const at = metres(svg, event).map((v) => v.toFixed(1)).join(",");
    if (form) /** @type {HTMLInputElement} */ (form.elements.namedItem("at")).value = at;
    advise(at);
  });
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    advise(/** @type {HTMLInputElement} */ (form.elements.namedItem("at")).value);
  });
  for (const button of document.querySelectorAll("[data-at]")) {
    button.addEventListener("click", () => {
      const at = button.getAttribute("data-at") ?? "";
      const level = box.querySelector(`[data-show-level="${button.getAttribute("data-at-level")}"]`);
      if (level) /** @type {HTMLElement} */ (level).click();
      if (form) /** @type {HTMLInputElement} */ (form.elements.namedItem("at")).value = at;
      advise(at);
    });
  }
}

/** A click on the plan fills a field with its place. @param {Element} box */
function pick(box) {
  const field = /** @type {HTMLInputElement | null} */ (document.querySelector(`[name="${box.getAttribute("data-pick")}"]`));
  const svg = /** @type {SVGSVGElement} */ (box.querySelector("[data-plan]"));
  if (!field) return;
  svg.addEventListener("click", (event) => {
    const [x, y] = metres(svg, event);
    field.value = `${x.toFixed(1)}, ${y.toFixed(1)}`;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    for (const old of box.querySelectorAll("[data-over] *")) old.remove();
    over(box, "circle", { class: "vc-here", cx: String(x), cy: String(-y), r: String(svg.viewBox.baseVal.width / 90) });
  });
}

for (const box of document.querySelectorAll("[data-plan-of]")) levels(box);
for (const box of document.querySelectorAll("[data-pick]")) pick(box);
for (const box of document.querySelectorAll("[data-seconds]")) wayOut(box);
for (const box of document.querySelectorAll("[data-film]")) {
  fetch(box.getAttribute("data-film") ?? "").then(async (answer) => {
    if (answer.ok) scrub(box, new Heat(box, await answer.json(), DENSITY, true));
  });
}
