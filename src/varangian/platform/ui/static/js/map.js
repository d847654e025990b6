/** The map island: our tiles, the features of `data-map`, popups as plain text, and the same things as a list. */
import { AttributionControl, Map as MapLibre, NavigationControl, Popup, ScaleControl, addProtocol } from "../vendor/maplibre-gl.js";
import { Protocol } from "../vendor/pmtiles.js";
import { style } from "../map/style.js";
import { now, words } from "./ages.js";
import { hears } from "./live.js";
import { Cities } from "./map-city.js";
import { ASKABLE, bounds, layers, ready } from "./map-layers.js";
import { addImages } from "./map-symbols.js";
import { theme } from "./theme.js";
import { Tracks } from "./tracks.js";

const KINDS = /** @type {Record<string, string>} */ ({ movement: "Movement", place: "Place", hazard: "Hazard", route: "Route", member: "Team", principal: "Principal", camera: "Camera", fence: "Fence", extent: "Map", trail: "Trail" });
const EMPTY = { type: "FeatureCollection", features: [] };
let registered = false;

/** @param {HTMLElement} element */
export function mount(element) {
  if (!registered) addProtocol("pmtiles", new Protocol().tile);
  registered = true;
  const box = /** @type {HTMLElement} */ (element.querySelector(".map"));
  box.dataset.theme = theme();
  let map;
  try {
    map = new MapLibre({ container: box, style: style(theme()), center: [15, 40], zoom: 1.2, attributionControl: false, cooperativeGestures: false, dragRotate: false, pitchWithRotate: false, maxZoom: 17 });
  } catch {
    note(element, "This browser cannot draw the map. The list below has the same.");
    element.querySelector("details")?.setAttribute("open", "");
    void load(element).then((data) => list(element, data, null)).catch(() => undefined);
    return;
  }
  new Island(element, map).start();
}

class Island {
  /** @param {HTMLElement} element @param {any} map */
  constructor(element, map) {
    this.element = element;
    this.map = map;
    this.data = EMPTY;
    this.base = EMPTY;
    this.cities = new Cities(map, element.dataset.cities ?? "");
    this.tracks = new Tracks(element.dataset.positions ?? "");
    this.drawn = 0;
    this.fitted = false;
    this.reachOf = { whole: /** @type {any} */ (null), now: /** @type {any} */ (null) };
    this.timer = 0;
    this.shape = /** @type {any} */ (null);
    this.popup = new Popup({ closeButton: true, maxWidth: "280px", focusAfterOpen: false });
  }

  start() {
    const { map } = this;
    map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new ScaleControl({ maxWidth: 90 }), "bottom-left");
    map.addControl(new AttributionControl({ compact: true }), "bottom-right");
    map.touchZoomRotate.disableRotation();
    map.once("idle", () => this.element.querySelector(".maplibregl-compact-show")?.classList.remove("maplibregl-compact-show"));
    map.getCanvas().setAttribute("aria-label", "Map; arrow keys move, plus and minus zoom. The same as a list below.");
    map.on("style.load", () => void this.dress());
    map.on("click", (/** @type {any} */ event) => this.asked(event));
    map.on("mousemove", (/** @type {any} */ event) => { if (!this.shape) map.getCanvas().style.cursor = this.at(event.point) ? "pointer" : ""; });
    document.addEventListener("varangian:theme", () => {
      /** @type {HTMLElement} */ (this.element.querySelector(".map")).dataset.theme = theme();
      map.setStyle(style(theme()));
    });
    document.addEventListener("varangian:news", (event) => {
      const { topic, data } = /** @type {CustomEvent} */ (event).detail;
      if (topic === "positions" && data) this.moved(data);
      else if (hears(this.element, topic)) this.later();
    });
    document.addEventListener("varangian:healed", () => this.later());
    if (this.tracks.url) setInterval(() => this.tracks.older() && this.aged(), 1000);
    void this.cities.start();
    void this.refresh();
    Object.assign(this.element, { map });
    this.element.dispatchEvent(new CustomEvent("varangian:map", { detail: { map } }));
    if (this.element.dataset.draws) void import("./map-shape.js").then(({ draws }) => { this.shape = draws(this); });
  }

  /** @param {any[][]} rows */
  moved(rows) {
    if (!this.tracks.url) return;
    if (this.tracks.move(rows)) this.later();
    cancelAnimationFrame(this.drawn);
    this.drawn = requestAnimationFrame(() => this.draw());
  }

  /** What does not move, and who does, as of now. */
  draw() {
    if (document.hidden) return;
    this.data = { type: "FeatureCollection", features: [...this.base.features, ...this.tracks.features()] };
    this.map.getSource("ours")?.setData(this.data);
  }

  aged() {
    this.draw();
    list(this.element, this.data, (feature) => this.show(feature));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.refresh(), 150);
  }

  async refresh() {
    try {
      const [base] = await Promise.all([load(this.element), this.tracks.load()]);
      this.base = ready(base);
      this.data = { type: "FeatureCollection", features: [...this.base.features, ...this.tracks.features()] };
      note(this.element, this.data.features.length || this.element.dataset.cone ? "" : "Nothing is on the map yet: place a movement or a place.");
    } catch (error) {
      note(this.element, `The map data did not come (${/** @type {Error} */ (error).message}). What you see may be old.`);
      return;
    }
    this.map.getSource("ours")?.setData(this.data);
    list(this.element, this.data, (feature) => this.show(feature));
    this.fit();
  }

  async dress() {
    const sprite = document.querySelector("use")?.getAttribute("href")?.split("#")[0] ?? "";
    await addImages(this.map, theme(), sprite);
    this.cities.dress(theme());
    if (!this.map.getSource("ours")) this.map.addSource("ours", { type: "geojson", data: this.data });
    for (const layer of layers(theme())) if (!this.map.getLayer(layer.id)) this.map.addLayer(layer);
    this.shape?.dress();
    this.fit();
  }

  fit() {
    const box = bounds(this.data.features.length ? this.data : this.base);
    if (this.fitted || this.shape?.handles().length || !box || !this.map.getSource("ours")) return;
    this.fitted = true;
    this.map.fitBounds(box, { padding: 56, maxZoom: this.closest, duration: 0 });
    this.reachOf = { whole: box, now: bounds({ features: this.data.features.filter(isNow) }) };
    if (this.reachOf.now) this.fitTo(this.reachOf.now, 0);
    const switcher = /** @type {HTMLElement} */ (this.element.querySelector("[data-map-fit]"));
    switcher.hidden = !this.reachOf.now;
    switcher.addEventListener("click", (event) => {
      const button = /** @type {Element} */ (event.target).closest("[data-fit]");
      const wanted = button?.getAttribute("data-fit") === "now" ? this.reachOf.now : this.reachOf.whole;
      if (button && wanted) this.fitTo(wanted, 400);
    });
  }

  /** @param {any} box @param {number} duration */
  fitTo(box, duration) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.map.fitBounds(box, { padding: 64, maxZoom: this.closest, duration: still ? 0 : duration });
  }

  /** What is as small as the view of a camera is looked at from nearer. */
  get closest() { return Number(this.element.dataset.closest) || 12; }

  /** @param {any} point */
  at(point) {
    const near = [[point.x - 6, point.y - 6], [point.x + 6, point.y + 6]];
    const known = ASKABLE.filter((id) => this.map.getLayer(id));
    return known.length ? this.map.queryRenderedFeatures(near, { layers: known })[0] : undefined;
  }

  /** @param {any} event */
  asked(event) {
    const feature = this.at(event.point);
    if (feature && !this.shape) this.popup.setLngLat(event.lngLat).setDOMContent(card(feature.properties)).addTo(this.map);
  }

  /** @param {any} feature */
  show(feature) {
    const box = bounds({ features: [feature] });
    if (!box) return;
    this.fitTo(box, 500);
    const middle = [(box[0][0] + box[1][0]) / 2, (box[0][1] + box[1][1]) / 2];
    this.popup.setLngLat(middle).setDOMContent(card(feature.properties)).addTo(this.map);
  }
}

/** Where somebody is at this moment. @param {any} feature */
const isNow = ({ properties }) => properties.focus || properties.state === "under_way" || ["member", "principal"].includes(properties.kind);

/** @param {HTMLElement} element */
async function load(element) {
  const answer = await fetch(element.dataset.map ?? "", { headers: { Accept: "application/json" }, redirect: "error" });
  if (!answer.ok) throw new Error(`answer ${answer.status}`);
  return answer.json();
}

/** @param {HTMLElement} element @param {string} text */
function note(element, text) {
  const line = /** @type {HTMLElement} */ (element.querySelector("[data-map-note]"));
  line.textContent = text;
  line.hidden = !text;
}

/** @param {any} properties */
function facts(properties) {
  const state = properties.state ? String(properties.state).replaceAll("_", " ") : "";
  const battery = typeof properties.battery === "number" ? `battery ${Math.round(properties.battery * 100)} %` : "";
  const age = properties.at ? `${words((now() - Date.parse(properties.at)) / 1000)} ago` : "";
  return [KINDS[properties.kind] ?? properties.kind, properties.category, properties.rank, state, properties.implied ? "implied" : "", age, battery].filter(Boolean).join(" · ");
}

/** @param {any} properties */
function card(properties) {
  const made = document.createElement("div");
  const title = document.createElement(properties.url ? "a" : "strong");
  title.textContent = properties.title ?? "";
  if (title instanceof HTMLAnchorElement) title.href = properties.url;
  const line = document.createElement("div");
  line.className = "vg-dim";
  line.textContent = facts(properties);
  made.append(title, line);
  if (properties.text) made.append(properties.text);
  return made;
}

/** @param {HTMLElement} element @param {any} data @param {((feature: any) => void) | null} show */
function list(element, data, show) {
  const target = element.querySelector("[data-map-list]");
  const rows = data.features.filter((/** @type {any} */ f) => f.properties.title && !(f.geometry.type === "Polygon" && f.properties.radius_km));
  target?.replaceChildren(...rows.map((/** @type {any} */ feature) => {
    const row = document.createElement("li");
    row.append(card(feature.properties));
    if (show) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "vg-link";
      button.textContent = "Show";
      button.setAttribute("aria-label", `Show ${feature.properties.title} on the map`);
      button.addEventListener("click", () => show(feature));
      row.append(button);
    }
    return row;
  }));
}
