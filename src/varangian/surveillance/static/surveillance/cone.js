/** Where a camera stands and looks, on the map of its form: click to place, drag or arrow keys to turn. */
import { COLOURS } from "../js/map-symbols.js";
import { theme } from "../js/theme.js";

const METRES = 111195, STEP = 5;
/** @typedef {[number, number]} Spot lon, lat */

const element = /** @type {HTMLElement | null} */ (document.querySelector("[data-cone]"));

class Cone {
  /** @param {HTMLElement} box @param {any} map */
  constructor(box, map) {
    this.box = box;
    this.map = map;
    this.form = /** @type {HTMLFormElement} */ (document.getElementById(box.dataset.cone ?? ""));
    this.handle = document.createElement("button");
    this.held = false;
  }

  start() {
    const { map, handle } = this;
    handle.type = "button";
    handle.className = "vg-cone-handle";
    handle.setAttribute("aria-label", "Turn the camera: left and right arrow turn, up and down change how far it sees");
    map.getContainer().append(handle);
    handle.addEventListener("pointerdown", (event) => { this.held = true; handle.setPointerCapture(event.pointerId); event.preventDefault(); handle.focus(); });
    handle.addEventListener("pointermove", (event) => { if (this.held) this.turn(event); });
    handle.addEventListener("pointerup", () => { this.held = false; });
    handle.addEventListener("keydown", (event) => this.key(event));
    map.on("click", (/** @type {any} */ event) => this.put(event.lngLat));
    for (const one of ["move", "resize"]) map.on(one, () => this.place());
    map.on("style.load", () => this.dress());
    this.form.addEventListener("input", () => this.draw());
    if (map.isStyleLoaded()) this.dress();
    this.draw();
    const at = this.at();
    if (at) map.jumpTo({ center: at, zoom: 16 });
    else this.frame();
  }

  /** Nothing stands yet: the places of the engagement are where a camera will. */
  frame() {
    const all = Object.values(spots());
    if (!all.length) return;
    const lat = all.map((one) => one[0]), lon = all.map((one) => one[1]);
    this.map.fitBounds([[Math.min(...lon), Math.min(...lat)], [Math.max(...lon), Math.max(...lat)]], { padding: 60, maxZoom: 15, duration: 0 });
  }

  /** @param {string} name */
  field(name) { return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name)); }

  /** @param {string} name */
  number(name) { return Number(this.field(name).value) || 0; }

  /** @returns {Spot | null} */
  at() {
    const [lat, lon] = this.field("position").value.split(",").map((part) => Number(part.trim() || "x"));
    return Number.isFinite(lat) && Number.isFinite(lon) && Math.abs(lat) <= 90 ? [lon, lat] : null;
  }

  /** @param {Spot} at @param {number} angle @param {number} metres @returns {Spot} */
  away([lon, lat], angle, metres) {
    const turn = (angle * Math.PI) / 180;
    return [lon + (Math.sin(turn) * metres) / (METRES * Math.cos((lat * Math.PI) / 180)), lat + (Math.cos(turn) * metres) / METRES];
  }

  data() {
    const at = this.at();
    if (!at) return { type: "FeatureCollection", features: [] };
    const width = Math.min(360, this.number("width_deg")), reach = this.number("reach_m"), first = this.number("bearing") - width / 2;
    const steps = Math.max(2, Math.round(width / 5));
    const edge = Array.from({ length: steps + 1 }, (_, n) => this.away(at, first + (width * n) / steps, reach));
    const ring = width >= 360 ? [...edge, edge[0]] : [at, ...edge, at];
    return { type: "FeatureCollection", features: [
      { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } },
      { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: at } },
    ] };
  }

  dress() {
    const c = COLOURS[theme()] ?? COLOURS.dark;
    if (!this.map.getSource("cone")) this.map.addSource("cone", { type: "geojson", data: this.data() });
    const of = (/** @type {string} */ type) => ["==", ["geometry-type"], type];
    for (const layer of [
      { id: "cone-fill", type: "fill", source: "cone", filter: of("Polygon"), paint: { "fill-color": c.blue, "fill-opacity": 0.25 } },
      { id: "cone-line", type: "line", source: "cone", filter: of("Polygon"), paint: { "line-color": c.blue, "line-width": 2 } },
      { id: "cone-camera", type: "circle", source: "cone", filter: of("Point"), paint: { "circle-radius": 7, "circle-color": c.blue, "circle-stroke-color": c.halo, "circle-stroke-width": 2 } },
    ]) if (!this.map.getLayer(layer.id)) this.map.addLayer(layer);
    this.draw();
  }

  draw() {
    this.map.getSource("cone")?.setData(this.data());
    this.place();
    const note = document.querySelector("[data-cone-note]");
    const at = this.at();
    if (note && at) note.textContent = `Looks to ${this.number("bearing")}°, ${this.number("width_deg")}° wide, ${this.number("reach_m")} m far. Drag the dot to turn it, or use the arrow keys on the dot.`;
  }

  place() {
    const at = this.at();
    this.handle.hidden = !at;
    if (!at) return;
    const { x, y } = this.map.project(this.away(at, this.number("bearing"), this.number("reach_m")));
    Object.assign(this.handle.style, { left: `${x}px`, top: `${y}px` });
  }

  /** @param {{ lng: number, lat: number }} to */
  put({ lng, lat }) {
    const first = !this.at();
    this.write({ position: `${lat.toFixed(6)}, ${lng.toFixed(6)}` });
    if (first && this.map.getZoom() < 15) this.map.easeTo({ center: [lng, lat], zoom: 16 });
  }

  /** @param {PointerEvent} event */
  turn(event) {
    const at = this.at();
    if (!at) return;
    const box = this.map.getCanvas().getBoundingClientRect(), here = this.map.project(at);
    const [dx, dy] = [event.clientX - box.left - here.x, event.clientY - box.top - here.y];
    const to = this.map.unproject([here.x + dx, here.y + dy]);
    const metres = Math.hypot((to.lng - at[0]) * Math.cos((at[1] * Math.PI) / 180), to.lat - at[1]) * METRES;
    const bearing = Math.round((Math.atan2(dx, -dy) * 180) / Math.PI + 360) % 360;
    this.write({ bearing, reach_m: Math.max(5, Math.min(2000, Math.round(metres))) });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const turns = /** @type {Record<string, number>} */ ({ ArrowLeft: -STEP, ArrowRight: STEP });
    const reaches = /** @type {Record<string, number>} */ ({ ArrowUp: STEP, ArrowDown: -STEP });
    if (event.key in turns) this.write({ bearing: (this.number("bearing") + turns[event.key] + 360) % 360 });
    else if (event.key in reaches) this.write({ reach_m: Math.max(5, Math.min(2000, this.number("reach_m") + reaches[event.key])) });
    else return;
    event.preventDefault();
  }

  /** @param {Record<string, string | number>} given */
  write(given) {
    for (const [name, value] of Object.entries(given)) this.field(name).value = String(value);
    this.form.dispatchEvent(new Event("change", { bubbles: true }));
    this.draw();
  }
}

/** @returns {Record<string, Spot>} latitude and longitude of the places that can be chosen */
function spots() {
  return JSON.parse(document.getElementById("camera-spots")?.textContent ?? "{}");
}

/** A place chosen in the form puts the camera there, with a map or without one. */
function follow() {
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById(element?.dataset.cone ?? ""));
  const named = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form?.elements.namedItem(name));
  named("place")?.addEventListener("change", () => {
    const spot = spots()[named("place").value];
    if (!spot) return;
    named("position").value = spot.map((one) => one.toFixed(6)).join(", ");
    form?.dispatchEvent(new Event("input", { bubbles: true }));
    /** @type {any} */ (element)?.map?.easeTo({ center: [spot[1], spot[0]], zoom: 17 });
  });
}

follow();
const known = /** @type {any} */ (element)?.map;
if (element && known) new Cone(element, known).start();
else element?.addEventListener("varangian:map", (event) => new Cone(element, /** @type {CustomEvent} */ (event).detail.map).start());
