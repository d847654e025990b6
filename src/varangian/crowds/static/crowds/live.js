/** The plan with its zones as full as they were at a moment; the last one follows by itself. */

const SVG = "http://www.w3.org/2000/svg";
const STEPS = [0.5, 1.5, 2.5, 3.5];

/** Which of the five colours of the legend. @param {number | null} density */
function shade(density) {
  const at = STEPS.findIndex((step) => (density ?? 0) < step);
  return at < 0 ? 4 : at;
}

class Evening {
  /** @param {Element} box @param {any} film */
  constructor(box, film) {
    this.box = box;
    this.film = film;
    this.slider = /** @type {HTMLInputElement} */ (box.querySelector("[data-scrub]"));
    this.shapes = new Map(film.zones.map((/** @type {any} */ zone) => {
      const shape = document.createElementNS(SVG, "path");
      shape.setAttribute("d", zone.d);
      const title = document.createElementNS(SVG, "title");
      shape.append(title);
      box.querySelector(`[data-level="${zone.level}"] [data-heat]`)?.append(shape);
      return [zone.id, { shape, title }];
    }));
    this.slider.addEventListener("input", () => this.show());
    this.last();
  }

  get end() { return Math.max(0, this.film.moments.length - 1); }

  last() {
    this.slider.max = String(this.end);
    this.slider.value = String(this.end);
    this.show();
  }

  /** @param {any} film */
  renew(film) {
    const follows = Number(this.slider.value) >= this.end;
    this.film = film;
    if (follows) this.last();
    else this.slider.max = String(this.end);
  }

  show() {
    const moment = this.film.moments[Number(this.slider.value)];
    const clock = /** @type {HTMLOutputElement} */ (this.box.querySelector("[data-clock]"));
    const told = this.box.querySelector("[data-moment]");
    if (!moment) return;
    clock.value = new Date(moment.at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: this.film.time_zone });
    for (const [id, { shape, title }] of this.shapes) {
      const [low, , high, density] = moment.zones[id] ?? [0, 0, 0, 0];
      shape.setAttribute("class", `vc-full vc-full-${shade(density)}`);
      title.textContent = `${low} to ${high} people, ${density ?? 0} a square metre`;
    }
    const [low, , high] = moment.zones[""] ?? [0, 0, 0];
    const words = [`${low} to ${high} inside`, ...moment.on];
    if (moment.faults) words.push(`${moment.faults} counter${moment.faults > 1 ? "s" : ""} with a fault`);
    if (told) told.textContent = words.join(" · ");
    this.box.setAttribute("data-shown", String(this.slider.value));
  }
}

/** @param {Element} box */
async function fetched(box) {
  const answer = await fetch(box.getAttribute("data-evening") ?? "");
  return answer.ok ? answer.json() : null;
}

/** @param {Element} box @param {Evening} evening */
function plays(box, evening) {
  let timer = 0;
  box.querySelector("[data-play]")?.addEventListener("click", () => {
    if (timer) { clearInterval(timer); timer = 0; return; }
    timer = window.setInterval(() => {
      evening.slider.value = String((Number(evening.slider.value) + 1) % (evening.end + 1));
      evening.show();
    }, 200);
  });
}

/** The first way of the advice, and where the principal is. @param {Element} box */
function drawWay(box) {
  for (const old of box.querySelectorAll("[data-over] *")) old.remove();
  const told = document.querySelector("[data-advice-live]");
  const way = told?.querySelector("tr[data-way]")?.getAttribute("data-way");
  const [level, x, y] = (told?.getAttribute("data-here") ?? "").split(",");
  const place = box.querySelector(`[data-level="${level}"] [data-over]`);
  if (!way || !place) return;
  const line = document.createElementNS(SVG, "polyline");
  line.setAttribute("class", "vc-way");
  const steps = way.trim().split(" ").map((step) => step.split(",")).filter((step) => step[0] === level);
  line.setAttribute("points", steps.map((step) => `${step[1]},${-Number(step[2])}`).join(" "));
  const here = document.createElementNS(SVG, "circle");
  const size = /** @type {SVGSVGElement} */ (box.querySelector("[data-plan]")).viewBox.baseVal.width / 90;
  for (const [name, value] of Object.entries({ class: "vc-here", cx: x, cy: String(-Number(y)), r: String(size) })) here.setAttribute(name, value);
  place.append(line, here);
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

/** A click on the plan fills in where the principal is. @param {Element} box */
function pick(box) {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-principal]"));
  const svg = /** @type {SVGSVGElement} */ (box.querySelector("[data-plan]"));
  if (!form) return;
  svg.addEventListener("click", (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM()?.inverse());
    const level = box.querySelector("[data-level]:not([hidden])")?.getAttribute("data-level") ?? "0";
    /** @type {HTMLInputElement} */ (form.elements.namedItem("at")).value = `${point.x.toFixed(1)}, ${(-point.y).toFixed(1)}`;
    /** @type {HTMLInputElement} */ (form.elements.namedItem("level")).value = level;
  });
}

for (const box of document.querySelectorAll("[data-evening]")) {
  levels(box);
  pick(box);
  fetched(box).then((film) => {
    if (!film) return;
    const evening = new Evening(box, film);
    plays(box, evening);
    if (!box.hasAttribute("data-following")) return;
    drawWay(box);
    document.addEventListener("htmx:after:swap", async (/** @type {any} */ event) => {
      if ((event.detail?.ctx?.sourceElement ?? event.target).id !== "crowd-now") return;
      drawWay(box);
      const newer = await fetched(box);
      if (newer) evening.renew(newer);
    });
  });
}
