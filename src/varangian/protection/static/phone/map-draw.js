/** The map itself, loaded only when it is looked at. */

import { AttributionControl, Map as MapLibre, Marker, NavigationControl, addProtocol, setWorkerUrl } from "../vendor/maplibre-gl.js";
import { PMTiles, Protocol } from "../vendor/pmtiles.js";
import { credit, layers, named } from "../map/city.js";
import { style } from "../map/style.js";
import { el, icon } from "./dom.js";
import { held } from "./map-store.js";

const SIGNS = { safe_haven: "shield" };
const FIRST_LABEL = "airports", FIRST_NAME = "airport-names";
let protocol = null;

/** Tiles out of the phone's own memory. */
class Held {
  /** @param {string} mark @param {ArrayBuffer} bytes */
  constructor(mark, bytes) {
    this.mark = mark;
    this.bytes = bytes;
  }

  getKey() {
    return this.mark;
  }

  /** @param {number} offset @param {number} length */
  async getBytes(offset, length) {
    return { data: this.bytes.slice(offset, offset + length) };
  }
}

/** @param {HTMLElement} place @param {any[]} rows */
export function base(place, rows) {
  if (!protocol) {
    protocol = new Protocol();
    addProtocol("pmtiles", protocol.tile);
    setWorkerUrl("/m/map-worker.mjs");
  }
  place.classList.add("map");
  place.dataset.theme = document.documentElement.dataset.theme;
  const [lat, lon] = rows[0].position;
  const map = new MapLibre({ container: place, style: style(place.dataset.theme), center: [lon, lat], zoom: 8, attributionControl: false, dragRotate: false, maxZoom: 16 });
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new AttributionControl({ compact: true }), "bottom-right");
  return map;
}

/** Streets over the world, as far as this phone has them, and whose data they are. @param {any} map @param {HTMLElement} place */
export async function streets(map, place) {
  const found = await held();
  if (!found.length) return;
  if (!map.isStyleLoaded()) await new Promise((done) => map.once("load", done));
  for (const { row, bytes } of found) {
    protocol.add(new PMTiles(new Held(row.mark, bytes)));
    const { under, labels } = layers(place.dataset.theme, row.mark);
    map.addSource(named(row.mark), { type: "vector", url: `pmtiles://${row.mark}` });
    for (const layer of under) map.addLayer(layer, FIRST_LABEL);
    for (const layer of labels) map.addLayer(layer, FIRST_NAME);
  }
  place.after(el("p", { class: "ph-dim ph-map-credit" }, found.map(({ row }) => credit(row)).join(" · ")));
  place.dataset.streets = "yes";
}

/** @param {any} map @param {any[]} rows */
export function draw(map, rows) {
  for (const { position: [lat, lon], kind, name } of rows) {
    const pin = el("span", { class: "ph-pin", title: name, dataset: { kind } }, icon(SIGNS[kind] ?? "heartbeat"));
    new Marker({ element: pin }).setLngLat([lon, lat]).addTo(map);
  }
  const lons = rows.map((row) => row.position[1]), lats = rows.map((row) => row.position[0]);
  map.fitBounds([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]], { padding: 44, maxZoom: 13, animate: false });
}
