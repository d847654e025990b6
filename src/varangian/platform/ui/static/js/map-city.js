/** City maps over the world map: each is laid when the view comes near it, and credited while it shows. */
import { credit, layers, named } from "../map/city.js";

const NEAR_ZOOM = 8, FIRST_LABEL = "airports", FIRST_OURS = "airport-names";
/** @type {Promise<any[]> | undefined} */
let asked;

/** @param {string} url */
function cities(url) {
  asked ??= fetch(url, { headers: { Accept: "application/json" }, redirect: "error" })
    .then((answer) => (answer.ok ? answer.json() : { maps: [] }))
    .then((said) => said.maps)
    .catch(() => []);
  return asked;
}

export class Cities {
  /** @param {any} map @param {string} url where the house lists its maps */
  constructor(map, url) {
    this.map = map;
    this.url = url;
    this.theme = "dark";
    /** @type {any[]} */
    this.known = [];
    this.note = document.createElement("p");
    this.note.className = "vg-map-credit vg-dim";
    this.note.hidden = true;
  }

  async start() {
    if (!this.url) return;
    this.map.getContainer().after(this.note);
    this.map.on("moveend", () => this.lay());
    document.addEventListener("varangian:news", (event) => {
      if (/** @type {CustomEvent} */ (event).detail.topic === "maps") void this.again();
    });
    this.known = await cities(this.url);
    this.lay();
  }

  async again() {
    asked = undefined;
    this.known = await cities(this.url);
    this.lay();
  }

  /** After a new style nothing of ours is there any more. @param {string} theme */
  dress(theme) {
    this.theme = theme;
    this.lay();
  }

  lay() {
    if (!this.map.getLayer(FIRST_LABEL)) return;
    const near = this.map.getZoom() >= NEAR_ZOOM ? this.known.filter((city) => meets(this.map.getBounds(), city.bounds)) : [];
    for (const city of near) if (!this.map.getSource(named(city.id))) this.add(city);
    this.note.textContent = near.map(credit).join(" · ");
    this.note.hidden = !near.length;
  }

  /** @param {any} city */
  add(city) {
    const { under, labels } = layers(this.theme, city.id);
    this.map.addSource(named(city.id), { type: "vector", url: `pmtiles://${new URL(city.url, location.href).href}` });
    for (const layer of under) this.map.addLayer(layer, FIRST_LABEL);
    for (const layer of labels) this.map.addLayer(layer, FIRST_OURS);
  }
}

/** @param {any} view @param {number[]} box west, south, east, north */
function meets(view, [west, south, east, north]) {
  return view.getWest() <= east && view.getEast() >= west && view.getSouth() <= north && view.getNorth() >= south;
}
