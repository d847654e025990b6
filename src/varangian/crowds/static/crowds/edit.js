/** The editor of venue plans: select, move, draw, put, delete; with the mouse, a finger or the keyboard. */
import { COMMON, KINDS, frameOf, geometryOf, handles, through, usual } from "./edit-model.js";

const SVG = "http://www.w3.org/2000/svg";
const GRID = 0.05, SNAP_PX = 9, STEP = 0.1;
const ORDER = ["area", "zone", "queue", "stage", "wall", "barrier", "stair", "door", "gate", "screening", "seats", "safe_room", "vehicle", "post", "way", "stay", "overlook"];
/** @param {string} what @returns {any} */
const find = (what) => document.querySelector(what);

class Editor {
  /** @param {any} frame @param {any} plan */
  constructor(frame, plan) {
    this.frame = frame;
    this.plan = plan;
    this.maps = frameOf(frame);
    this.features = plan.features.map((/** @type {any} */ one) => ({ ...one, geometry: { ...one.geometry, coordinates: through(one.geometry.coordinates, this.maps.to) } }));
    this.svg = find("[data-canvas]");
    /** @type {string | null} */ this.picked = null;
    /** @type {number[][]} */ this.draft = [];
    /** @type {string[]} */ this.past = [];
    this.tool = "select";
    this.level = 0;
    this.dirty = false;
    this.fit();
    this.listen();
    this.draw();
    this.say(`${this.features.length} shapes. Nothing is saved until you press Save.`);
  }

  /** @param {string} words */
  say(words) { find("[data-told]").textContent = words; }

  fit() {
    const points = this.features.flatMap((/** @type {any} */ one) => handles(one.geometry));
    const picture = this.plan.picture;
    if (picture) points.push([...picture.at], [picture.at[0] + picture.metres[0], picture.at[1] + picture.metres[1]]);
    if (!points.length) points.push([0, 0], [40, 25]);
    const xs = points.map((/** @type {number[]} */ p) => p[0]), ys = points.map((/** @type {number[]} */ p) => p[1]);
    const [west, east, south, north] = [Math.min(...xs) - 3, Math.max(...xs) + 3, Math.min(...ys) - 3, Math.max(...ys) + 3];
    this.box = [west, -north, east - west, north - south];
  }

  /** Metres of a pixel. */
  get pixel() {
    const seen = this.svg.getBoundingClientRect();
    return Math.max(this.box[2] / (seen.width || 1), this.box[3] / (seen.height || 1));
  }

  /** @param {any} event */
  at(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return [point.x, -point.y];
  }

  /** To a corner nearby, else to the grid. @param {number[]} point @param {number[][]} except */
  snapped(point, except = []) {
    const reach = SNAP_PX * this.pixel;
    for (const one of this.features) {
      if (one.properties.level !== undefined && one.properties.level !== this.level) continue;
      for (const other of handles(one.geometry)) {
        if (!except.includes(other) && Math.hypot(other[0] - point[0], other[1] - point[1]) < reach) return [...other];
      }
    }
    return point.map((v) => Math.round(v / GRID) * GRID);
  }

  remember() {
    this.past.push(JSON.stringify(this.features));
    if (this.past.length > 100) this.past.shift();
    this.dirty = true;
  }

  get one() { return this.features.find((/** @type {any} */ f) => f.id === this.picked); }

  draw() {
    this.svg.setAttribute("viewBox", this.box.join(" "));
    this.svg.replaceChildren();
    this.svg.classList.toggle("vc-selecting", this.tool === "select");
    this.under();
    const here = this.features.filter((/** @type {any} */ f) => (f.properties.level ?? 0) === this.level);
    for (const kind of ORDER) for (const one of here) if (one.properties.kind === kind) this.shape(one);
    if (this.draft.length) this.add("polyline", { class: "vc-draft", points: this.draft.map((p) => `${p[0]},${-p[1]}`).join(" ") });
    const one = this.one;
    if (one && this.tool === "select") for (const point of handles(one.geometry)) this.handle(one, point);
    this.list(here);
  }

  under() {
    const picture = this.plan.picture;
    if (!picture || !this.frame.underlay) return;
    const [x, y] = picture.at, [wide, high] = picture.metres;
    this.add("image", { href: this.frame.underlay, x, y: -(y + high), width: wide, height: high, opacity: 0.55, preserveAspectRatio: "none" });
  }

  /** @param {string} tag @param {Record<string, any>} given */
  add(tag, given) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(given)) made.setAttribute(name, String(value));
    this.svg.append(made);
    return made;
  }

  /** @param {any} one */
  shape(one) {
    const { kind, leads, locked } = one.properties;
    const words = `vc-${kind}${leads === "outside" ? " vc-out" : ""}${locked ? " vc-shut" : ""}${one.id === this.picked ? " vc-picked" : ""}`;
    const { type, coordinates } = one.geometry;
    /** @type {Element[]} */ const made = [];
    if (type === "Point" || type === "MultiPoint") {
      for (const [x, y] of type === "Point" ? [coordinates] : coordinates) made.push(this.add("circle", { class: words, cx: x, cy: -y, r: 6 * this.pixel }));
    } else {
      const lines = type === "LineString" ? [coordinates] : type === "Polygon" ? coordinates : coordinates.flat();
      const end = type === "LineString" ? "" : "Z";
      made.push(this.add("path", { class: words, d: lines.map((/** @type {number[][]} */ line) => `M${line.map((p) => `${p[0]} ${-p[1]}`).join(" L")}${end}`).join(" ") }));
    }
    for (const part of made) part.addEventListener("pointerdown", (event) => this.take(/** @type {PointerEvent} */ (event), one));
  }

  /** @param {PointerEvent} event @param {any} one */
  take(event, one) {
    if (this.tool !== "select") return;
    event.stopPropagation();
    this.pick(one.id);
    this.drag(event, handles(one.geometry), one);
  }

  /** @param {any} one @param {number[]} point */
  handle(one, point) {
    const made = this.add("circle", { class: "vc-handle", cx: point[0], cy: -point[1], r: 6 * this.pixel });
    made.addEventListener("pointerdown", (event) => { event.stopPropagation(); this.drag(/** @type {PointerEvent} */ (event), [point], one); });
  }

  /** Moves points until the pointer is let go; a single one snaps. @param {PointerEvent} event @param {number[][]} points @param {any} one */
  drag(event, points, one) {
    const begin = this.at(event), before = points.map((p) => [...p]);
    const rings = one.geometry.type.endsWith("Polygon");
    let moved = false;
    const move = (/** @type {any} */ now) => {
      const to = this.at(now), by = [to[0] - begin[0], to[1] - begin[1]];
      if (!moved && Math.hypot(by[0], by[1]) < 3 * this.pixel) return;
      if (!moved) { moved = true; points.forEach((p, k) => { [p[0], p[1]] = before[k]; }); this.remember(); }
      const alone = points.length === 1 ? this.snapped([before[0][0] + by[0], before[0][1] + by[1]], handles(one.geometry)) : null;
      points.forEach((p, k) => { [p[0], p[1]] = alone ?? [0, 1].map((n) => Math.round((before[k][n] + by[n]) / GRID) * GRID); });
      if (rings) this.together(one.geometry, points);
      this.draw();
    };
    const end = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", end); };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
  }

  /** First and last point of a ring move as one. @param {any} geometry @param {number[][]} points */
  together(geometry, points) {
    for (const ring of geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat()) {
      const first = ring[0], last = ring[ring.length - 1];
      const [from, to] = points.includes(last) ? [last, first] : [first, last];
      [to[0], to[1]] = from;
    }
  }

  /** @param {string | null} id */
  pick(id) {
    this.picked = id;
    this.props();
    this.draw();
  }

  /** @param {any[]} here */
  list(here) {
    const items = find("[data-items]");
    items.replaceChildren(...here.map((one) => {
      const line = document.createElement("li"), button = document.createElement("button");
      button.type = "button";
      button.textContent = `${one.properties.kind.replace("_", " ")} ${one.properties.name || one.id}`;
      button.setAttribute("aria-pressed", String(one.id === this.picked));
      button.dataset.item = one.id;
      button.addEventListener("click", () => { this.pick(one.id); this.svg.focus(); });
      line.append(button);
      return line;
    }));
  }

  props() {
    const place = find("[data-props]"), one = this.one;
    place.replaceChildren();
    if (!one) { place.innerHTML = '<p class="vg-dim">Select a shape on the plan or in the list.</p>'; return; }
    const form = document.createElement("div");
    form.className = "vc-props";
    const title = document.createElement("strong");
    title.textContent = `${one.properties.kind.replace("_", " ")} ${one.id}`;
    form.append(title);
    for (const [name, type] of Object.entries({ ...COMMON, ...KINDS[one.properties.kind].fields })) form.append(this.field(one, name, type));
    place.append(form);
  }

  /** @param {any} one @param {string} name @param {any} type */
  field(one, name, type) {
    const label = document.createElement("label"), words = name.replace(/_m$/, " (m)").replaceAll("_", " ");
    const many = Array.isArray(type);
    const input = /** @type {any} */ (document.createElement(many ? "select" : "input"));
    input.className = type === "tick" ? "form-check-input" : many ? "form-select" : "form-control";
    input.name = name;
    const value = one.properties[name];
    if (many) input.append(...type.map((/** @type {string} */ v) => new Option(v, v, false, v === value)));
    else if (type === "tick") { input.type = "checkbox"; input.checked = Boolean(value); label.className = "vc-tick"; }
    else { input.type = type; input.value = value ?? ""; if (type === "number") input.step = "any"; }
    input.addEventListener("change", () => {
      this.remember();
      const now = type === "tick" ? input.checked : type === "number" ? (input.value === "" ? undefined : Number(input.value)) : input.value;
      if (now === undefined || now === "" || now === false) delete one.properties[name];
      else one.properties[name] = now;
      this.draw();
    });
    label.append(...(type === "tick" ? [input, words] : [words, input]));
    return label;
  }

  /** @param {string} tool */
  use(tool) {
    this.tool = tool;
    this.draft = [];
    for (const one of document.querySelectorAll("[data-tool]")) one.setAttribute("aria-pressed", String(one.getAttribute("data-tool") === tool));
    this.say(tool === "draw" ? "Click corner by corner; Enter or a double click ends it." : "Drag a shape, or one of its corners.");
    this.draw();
  }

  get kind() { return find("[data-kind]").value; }

  /** @param {any} geometry */
  make(geometry) {
    this.remember();
    const kind = this.kind;
    let number = 1;
    while (this.features.some((/** @type {any} */ f) => f.id === `${kind.replace("_", "-")}-${number}`)) number++;
    const id = `${kind.replace("_", "-")}-${number}`;
    const properties = { kind, ...(this.level ? { level: this.level } : {}), ...(KINDS[kind].begin ?? {}) };
    this.features.push({ type: "Feature", id, geometry, properties });
    this.pick(id);
    this.say(`${id} was added.`);
  }

  finish() {
    const need = { point: 1, line: 2, ring: 3 }[KINDS[this.kind].shape];
    const points = this.draft;
    this.draft = [];
    if (points.length < need) { this.say(`A ${this.kind} needs ${need} points.`); this.draw(); return; }
    this.make(geometryOf(this.kind, points));
  }

  remove() {
    if (!this.one) return;
    this.remember();
    this.features = this.features.filter((/** @type {any} */ f) => f.id !== this.picked);
    this.say(`${this.picked} was taken away. Ctrl Z brings it back.`);
    this.pick(null);
  }

  undo() {
    const before = this.past.pop();
    if (before) { this.features = JSON.parse(before); this.pick(null); this.say("Undone."); }
  }

  /** @param {number} by */
  zoom(by) {
    const [x, y, wide, high] = this.box;
    this.box = [x + (wide - wide / by) / 2, y + (high - high / by) / 2, wide / by, high / by];
    this.draw();
  }

  listen() {
    this.svg.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => this.down(event));
    this.svg.addEventListener("dblclick", () => this.tool === "draw" && this.finish());
    this.svg.addEventListener("wheel", (/** @type {WheelEvent} */ event) => { event.preventDefault(); this.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15); }, { passive: false });
    this.svg.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.key(event));
    for (const one of document.querySelectorAll("[data-tool]")) one.addEventListener("click", () => this.use(one.getAttribute("data-tool") ?? ""));
    for (const one of document.querySelectorAll("[data-zoom]")) one.addEventListener("click", () => this.zoom(Number(one.getAttribute("data-zoom"))));
    find("[data-put]").addEventListener("click", () => {
      this.use("select");
      this.make(usual(this.kind, this.snapped([this.box[0] + this.box[2] / 2, -(this.box[1] + this.box[3] / 2)])));
      this.svg.focus();
    });
    find("[data-delete]").addEventListener("click", () => this.remove());
    find("[data-undo]").addEventListener("click", () => this.undo());
    find("[data-save]").addEventListener("click", () => this.save());
    find("[data-level-now]").addEventListener("change", (/** @type {any} */ event) => { this.level = Number(event.target.value) || 0; this.pick(null); });
    addEventListener("beforeunload", (event) => { if (this.dirty) event.preventDefault(); });
  }

  /** @param {PointerEvent} event */
  down(event) {
    this.svg.focus({ preventScroll: true });
    if (this.tool === "draw") {
      const last = this.draft[this.draft.length - 1], point = this.snapped(this.at(event));
      if (!last || Math.hypot(last[0] - point[0], last[1] - point[1]) > GRID / 2) this.draft.push(point);
      if (KINDS[this.kind].shape === "point") this.finish();
      else this.draw();
      return;
    }
    this.pick(null);
    const begin = [event.clientX, event.clientY], box = [...this.box], pixel = this.pixel;
    const move = (/** @type {any} */ now) => {
      this.box = [box[0] - (now.clientX - begin[0]) * pixel, box[1] - (now.clientY - begin[1]) * pixel, box[2], box[3]];
      this.draw();
    };
    const end = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", end); };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = event.shiftKey ? 1 : STEP;
    const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }[event.key];
    if (by && this.one) {
      event.preventDefault();
      this.remember();
      for (const point of handles(this.one.geometry)) { point[0] = +(point[0] + by[0]).toFixed(3); point[1] = +(point[1] + by[1]).toFixed(3); }
      this.draw();
    } else if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); this.remove(); }
    else if (event.key === "Enter" && this.tool === "draw") { event.preventDefault(); this.finish(); }
    else if (event.key === "Escape") { this.draft = []; this.pick(null); }
    else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.undo(); }
  }

  async save() {
    const features = this.features.map((/** @type {any} */ one) => ({ ...one, geometry: { ...one.geometry, coordinates: through(one.geometry.coordinates, this.maps.from) } }));
    const given = document.body.getAttribute("hx-headers:inherited");
    this.say("Saving…");
    const answer = await fetch(this.frame.save, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": given ? JSON.parse(given)["X-CSRFToken"] : "" },
      body: JSON.stringify({ document: { ...this.plan, features }, base: this.frame.version }),
    }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    if (!answer?.ok || !told?.version) { this.say(told?.refused ?? "It was not saved: the house does not answer. Your drawing is still here."); return; }
    this.dirty = false;
    location.href = `${this.frame.show}?version=${told.version}`;
  }
}

const frame = JSON.parse(find("#frame").textContent);
find("[data-kind]").append(...Object.keys(KINDS).map((kind) => new Option(kind.replace("_", " "), kind)));
fetch(frame.document).then((answer) => answer.json()).then((plan) => new Editor(frame, plan));
