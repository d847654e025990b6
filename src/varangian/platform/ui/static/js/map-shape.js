/** A point, a circle or an outline drawn on the map. The fields of a form hold it: what is drawn is written there, what is written there is drawn. */
import { ring as round } from "./map-layers.js";
import { COLOURS } from "./map-symbols.js";
import { theme } from "./theme.js";

const METRES = 111195, NEAR = { mouse: 12, touch: 24 }, SMALL = 28;
const LEAST = 20, MOST = 50000;
const KEYS = ["Delete", "Backspace"];

/** @typedef {[number, number]} Spot lon, lat */
/** @typedef {{ role: string, at: Spot, index: number }} Handle */

const cosine = (/** @type {number} */ lat) => Math.cos((lat * Math.PI) / 180);

/** @param {Spot} a @param {Spot} b */
const metres = (a, b) => Math.hypot((a[0] - b[0]) * cosine((a[1] + b[1]) / 2), a[1] - b[1]) * METRES;

/** @param {string} text @returns {Spot | null} */
function spot(text) {
  const [lat, lon, ...more] = text.replace(";", ",").split(",").map((part) => part.trim());
  const found = [Number(lat), Number(lon)];
  if (!lat || !lon || more.length || !found.every(Number.isFinite) || Math.abs(found[0]) > 90 || Math.abs(found[1]) > 180) return null;
  return [found[1], found[0]];
}

const said = (/** @type {Spot} */ [lon, lat]) => `${lat.toFixed(6)}, ${lon.toFixed(6)}`;

/** @param {Spot[]} line */
function km2(line) {
  const east = METRES * cosine(line[0][1]);
  const sum = line.reduce((all, [x, y], i) => {
    const [u, v] = line[(i + 1) % line.length];
    return all + ((x - line[0][0]) * (v - line[0][1]) - (u - line[0][0]) * (y - line[0][1])) * east * METRES;
  }, 0);
  return Math.abs(sum) / 2e6;
}

/** @param {Spot} a @param {Spot} b @param {Spot} c */
const turn = (a, b, c) => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));

/** Whether two sides that are no neighbours cross. @param {Spot[]} line */
function crosses(line) {
  const n = line.length;
  for (let i = 0; i < n; i += 1) {
    for (let j = i + 2; j < n; j += 1) {
      if (i === 0 && j === n - 1) continue;
      const [a, b, c, d] = [line[i], line[i + 1], line[j], line[(j + 1) % n]];
      if (turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0) return true;
    }
  }
  return false;
}

class Shape {
  /** @param {any} island @param {HTMLFormElement} form @param {HTMLElement} tools */
  constructor(island, form, tools) {
    this.map = island.map;
    this.form = form;
    this.tools = tools;
    /** @type {Spot | null} */ this.middle = null;
    /** @type {Spot[]} */ this.corners = [];
    this.radius = 200;
    this.selected = -1;
    this.adding = false;
    /** @type {Handle | null} */ this.held = null;
    this.read();
    this.adding = this.corners.length < 3;
  }

  start() {
    const { map } = this;
    map.doubleClickZoom.disable();
    map.on("click", (/** @type {any} */ event) => this.put(event));
    map.on("dblclick", (/** @type {any} */ event) => this.twice(event));
    for (const [down, move, up, how] of [["mousedown", "mousemove", "mouseup", "mouse"], ["touchstart", "touchmove", "touchend", "touch"]]) {
      map.on(down, (/** @type {any} */ event) => this.grab(event, move, up, /** @type {"mouse" | "touch"} */ (how)));
    }
    map.on("mousemove", (/** @type {any} */ event) => this.point(event));
    map.getCanvas().addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.key(event));
    this.form.addEventListener("input", () => { this.read(); this.draw(); });
    this.tools.addEventListener("click", (event) => this.tool(/** @type {Element} */ (event.target).closest("[data-draw]")?.getAttribute("data-draw") ?? ""));
    if (map.getSource("ours")) this.dress();
    this.draw();
    this.look(0);
  }

  get kind() { return this.field("kind").value; }

  /** @param {string} name */
  field(name) { return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name)); }

  read() {
    this.middle = spot(this.field("position").value);
    this.radius = Number(this.field("radius_m")?.value) || 0;
    this.corners = (this.field("ring")?.value ?? "").split("\n").map(spot).filter((one) => one !== null);
    this.selected = -1;
    for (const part of this.form.querySelectorAll("[data-when]")) {
      part.toggleAttribute("hidden", !(/** @type {HTMLElement} */ (part).dataset.when ?? "").split(" ").includes(this.kind));
    }
  }

  write() {
    this.field("position").value = this.middle ? said(this.middle) : "";
    if (this.kind !== "point") {
      this.field("radius_m").value = String(Math.round(this.radius));
      this.field("ring").value = this.corners.map(said).join("\n");
    }
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
    this.draw();
  }

  /** @returns {Spot[]} */
  line() {
    if (this.kind === "outline") return this.corners;
    return this.kind === "circle" && this.middle ? /** @type {Spot[]} */ (round(this.middle, this.radius / 1000).slice(0, -1)) : [];
  }

  /** @returns {Handle[]} */
  handles() {
    if (this.kind === "point") return this.middle ? [{ role: "middle", at: this.middle, index: 0 }] : [];
    if (this.kind === "circle") {
      if (!this.middle) return [];
      const edge = /** @type {Spot} */ ([this.middle[0] + this.radius / (METRES * cosine(this.middle[1])), this.middle[1]]);
      return [{ role: "edge", at: edge, index: 0 }, { role: "middle", at: this.middle, index: 0 }];
    }
    const n = this.kind === "outline" ? this.corners.length : 0;
    /** @type {Handle[]} */
    const found = this.corners.slice(0, n).map((at, index) => ({ role: index === this.selected ? "selected" : "corner", at, index }));
    if (n < 3) return found;
    const half = (/** @type {Spot} */ a, /** @type {Spot} */ b) => /** @type {Spot} */ ([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);
    if (!this.adding) found.push(...this.corners.map((at, index) => ({ role: "between", at: half(at, this.corners[(index + 1) % n]), index })));
    const sum = this.corners.reduce((all, at) => [all[0] + at[0] / n, all[1] + at[1] / n], [0, 0]);
    found.push({ role: "middle", at: /** @type {Spot} */ (sum), index: 0 });
    return found;
  }

  dress() {
    const c = COLOURS[theme()] ?? COLOURS.dark;
    if (!this.map.getSource("drawn")) this.map.addSource("drawn", { type: "geojson", data: this.data() });
    const of = (/** @type {string} */ type) => ["==", ["geometry-type"], type];
    const role = (/** @type {string} */ name, /** @type {any} */ yes, /** @type {any} */ no) => ["case", ["==", ["get", "role"], name], yes, no];
    for (const layer of [
      { id: "drawn-fill", type: "fill", source: "drawn", filter: of("Polygon"), paint: { "fill-color": c.blue, "fill-opacity": 0.16 } },
      { id: "drawn-line", type: "line", source: "drawn", filter: ["!", of("Point")], layout: { "line-join": "round" }, paint: { "line-color": ["case", ["==", ["get", "fault"], true], c.red, c.blue], "line-width": 2.6 } },
      { id: "drawn-handle", type: "circle", source: "drawn", filter: of("Point"), paint: { "circle-radius": role("between", 4.5, role("middle", 8, 7)), "circle-color": role("selected", c.amber, role("middle", c.blue, c.halo)), "circle-stroke-color": c.blue, "circle-stroke-width": role("between", 1.4, 2.4), "circle-opacity": role("between", 0.7, 1) } },
    ]) if (!this.map.getLayer(layer.id)) this.map.addLayer(layer);
  }

  data() {
    const line = this.line();
    const ring = [...line, line[0]];
    const shape = line.length > 2 ? { type: "Polygon", coordinates: [ring] } : { type: "LineString", coordinates: line };
    const features = this.handles().map(({ role, at, index }) => ({ type: "Feature", properties: { role, index }, geometry: { type: "Point", coordinates: at } }));
    if (line.length > 1) features.unshift(/** @type {any} */ ({ type: "Feature", properties: { fault: crosses(line) }, geometry: shape }));
    return { type: "FeatureCollection", features };
  }

  draw() {
    this.map.getSource("drawn")?.setData(this.data());
    for (const button of this.tools.querySelectorAll("[data-draw]")) {
      const name = button.getAttribute("data-draw");
      if (name === this.kind || name === "add") button.setAttribute("aria-pressed", String(name !== "add" || this.adding));
      else button.removeAttribute("aria-pressed");
      if (name === "add" || name === "remove") button.toggleAttribute("hidden", this.kind !== "outline");
      if (name === "middle") button.toggleAttribute("hidden", this.kind === "outline" || this.kind === "leash");
    }
    const note = /** @type {HTMLElement} */ (document.querySelector("[data-draw-note]"));
    const words = this.words();
    if (note.textContent !== words) note.textContent = words;
  }

  words() {
    const line = this.line();
    if (this.kind === "leash") return "A leash has no place of its own: it moves with the principal.";
    if (this.kind === "point") return this.middle ? "Drag the mark to move it, or click where it belongs." : "Click the map where it is, or write it into the form.";
    if (this.kind === "circle" && !this.middle) return "Click the map where the middle is, or write it into the form.";
    const size = line.length > 2 ? km2(line) : 0;
    const area = size < 0.1 ? `${Math.round(size * 1e6).toLocaleString("en-GB")} m²` : `${size.toFixed(2)} km²`;
    if (this.kind === "circle") return `Radius ${Math.round(this.radius)} m, ${area}. Drag the middle to move it, the edge to make it wider.`;
    if (line.length < 3) return `${line.length} of at least 3 corners: click the map for the next.`;
    if (crosses(line)) return "Two sides of the outline cross: move or remove a corner.";
    return `${line.length} corners, ${area}. ${this.adding ? "Click for the next corner; the first again, or Enter, ends it." : "Drag a corner, or the small dot between two for a new one."}`;
  }

  /** So near that it can be worked on. @param {number} duration */
  look(duration) {
    const line = this.kind === "point" && this.middle ? [this.middle] : this.line();
    if (!line.length) return;
    const lon = line.map((at) => at[0]), lat = line.map((at) => at[1]);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.fitBounds([[Math.min(...lon), Math.min(...lat)], [Math.max(...lon), Math.max(...lat)]], { padding: 90, maxZoom: 16, duration: still ? 0 : duration });
  }

  /** @param {any} at @param {"mouse" | "touch"} how */
  near(at, how = "mouse") {
    /** @type {[Handle | null, number]} */
    let best = [null, NEAR[how]];
    for (const handle of this.handles()) {
      const here = this.map.project(handle.at), far = Math.hypot(here.x - at.x, here.y - at.y);
      if (far < best[1]) best = [handle, far];
    }
    return best[0];
  }

  /** @param {any} event @param {string} move @param {string} up @param {"mouse" | "touch"} how */
  grab(event, move, up, how) {
    if (event.points?.length > 1) return;
    const handle = this.near(event.point, how);
    if (!handle) return;
    event.preventDefault();
    this.held = handle;
    if (handle.role === "between") {
      this.corners.splice(handle.index + 1, 0, handle.at);
      this.held = { role: "corner", at: handle.at, index: handle.index + 1 };
    }
    if (this.held.role === "corner") this.selected = this.held.index;
    const drag = (/** @type {any} */ one) => this.drag(one.lngLat);
    this.map.on(move, drag);
    this.map.once(up, () => { this.map.off(move, drag); this.write(); setTimeout(() => { this.held = null; }, 0); });
    this.draw();
  }

  /** @param {{ lng: number, lat: number }} to */
  drag({ lng, lat }) {
    const held = /** @type {Handle} */ (this.held), at = /** @type {Spot} */ ([lng, lat]);
    if (held.role === "edge" && this.middle) this.radius = Math.min(MOST, Math.max(LEAST, metres(this.middle, at)));
    else if (held.role !== "middle") this.corners[held.index] = at;
    else if (this.kind !== "outline") this.middle = at;
    else this.corners = this.corners.map(([x, y]) => [x + lng - held.at[0], y + lat - held.at[1]]);
    held.at = at;
    this.draw();
  }

  /** @param {any} event */
  put(event) {
    const handle = this.near(event.point), at = /** @type {Spot} */ ([event.lngLat.lng, event.lngLat.lat]);
    if (this.kind === "point" && !handle) {
      this.middle = at;
      this.write();
    } else if (this.kind === "circle" && !this.middle) {
      this.middle = at;
      this.radius = this.radius || 200;
      this.write();
      const handles = this.handles().map((one) => this.map.project(one.at));
      if (Math.hypot(handles[0].x - handles[1].x, handles[0].y - handles[1].y) < SMALL) this.look(300);
    } else if (this.kind === "outline" && this.adding && handle?.role !== "middle") {
      if (handle) this.adding = this.corners.length < 3 || handle.index !== 0;
      else this.corners.push(at);
      this.write();
    }
  }

  /** Ends the outline, or takes a corner away. @param {any} event */
  twice(event) {
    const handle = this.near(event.point);
    event.preventDefault();
    if (this.kind !== "outline") return;
    if (!this.adding && handle && handle.role !== "middle") this.remove(handle.index);
    else if (this.corners.length >= 3) this.adding = false;
    this.draw();
  }

  /** @param {number} index */
  remove(index) {
    this.corners.splice(index, 1);
    this.selected = -1;
    if (this.corners.length < 3) this.adding = true;
    this.write();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (this.kind !== "outline") return;
    if (KEYS.includes(event.key) && this.corners.length) this.tool("remove");
    else if (event.key === "Enter" && this.corners.length >= 3) this.tool("add");
    else return;
    event.preventDefault();
  }

  /** @param {any} event */
  point(event) {
    const open = this.kind === "point" || this.kind === "circle" ? !this.middle : this.kind === "outline" && this.adding;
    this.map.getCanvas().style.cursor = this.held || this.near(event.point) ? "move" : open ? "crosshair" : "";
  }

  /** @param {string} name */
  tool(name) {
    if (name === "circle" || name === "outline") {
      this.field("kind").value = name;
      this.read();
      this.adding = this.corners.length < 3;
    }
    if (name === "add") this.adding = this.corners.length < 3 || !this.adding;
    if (name === "remove" && this.corners.length) this.remove(this.selected < 0 ? this.corners.length - 1 : this.selected);
    if (name === "clear") [this.middle, this.corners, this.adding, this.selected] = [null, [], true, -1];
    if (name === "middle") this.middle = [this.map.getCenter().lng, this.map.getCenter().lat];
    if (name === "clear" || name === "middle") this.write();
    this.draw();
    if (name === "middle") this.look(300);
  }
}

/** @param {any} island */
export function draws(island) {
  const form = document.getElementById(island.element.dataset.draws), tools = document.querySelector("[data-draw-tools]");
  if (!(form instanceof HTMLFormElement) || !(tools instanceof HTMLElement)) return null;
  tools.hidden = false;
  const shape = new Shape(island, form, tools);
  shape.start();
  return shape;
}
