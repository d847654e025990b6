/** Who is where, on top of a map: asked for once, then moved by the stream; what is not heard turns old by itself. */
import { now, words } from "./ages.js";

const FIELDS = ["device", "lat", "lon", "at", "heard", "heading", "speed", "accuracy", "battery"];

export class Tracks {
  /** @param {string} url */
  constructor(url) {
    this.url = url;
    /** @type {Map<string, any>} */
    this.known = new Map();
    this.shown = "[]";
  }

  async load() {
    if (!this.url) return;
    const answer = await fetch(this.url, { headers: { Accept: "application/json" }, redirect: "error" });
    if (!answer.ok) throw new Error(`answer ${answer.status}`);
    const before = this.known;
    this.known = new Map();
    for (const feature of (await answer.json()).features) {
      const older = before.get(feature.properties.device);
      // the stream may have been quicker than this answer
      const newer = older && Date.parse(older.properties.at) > Date.parse(feature.properties.at);
      this.known.set(feature.properties.device, newer ? older : feature);
    }
  }

  /** Rows as the stream brings them. True when somebody is among them who was not on the map. @param {any[][]} rows */
  move(rows) {
    let strangers = false;
    for (const row of rows) {
      const told = Object.fromEntries(FIELDS.map((name, i) => [name, row[i]]));
      const feature = this.known.get(told.device);
      if (!feature) {
        strangers = true;
      } else if (told.at * 1000 >= Date.parse(feature.properties.at)) {
        const { lat, lon, at, heading, speed, accuracy, battery } = told;
        feature.geometry = { type: "Point", coordinates: [lon, lat] };
        Object.assign(feature.properties, { at: new Date(at * 1000).toISOString(), heading, speed, accuracy });
        if (battery !== null) feature.properties.battery = battery;
      }
    }
    return strangers;
  }

  /** True when time alone has changed what is said of somebody: a still map is not drawn anew. */
  older() {
    const titles = JSON.stringify(this.features().map((feature) => feature.properties.title));
    if (titles === this.shown) return false;
    this.shown = titles;
    return true;
  }

  /** As they are at this moment. */
  features() {
    return [...this.known.values()].map(aged);
  }
}

/** Silent for longer than it may be is lost, which never looks like being there. @param {any} feature */
function aged(feature) {
  const { properties } = feature;
  const silent = (now() - Date.parse(properties.at)) / 1000;
  const lost = silent > properties.lost_after;
  const title = lost ? `${properties.title}, lost ${words(silent)}` : properties.title;
  return { ...feature, properties: { ...properties, title, name: properties.title, lost, state: lost ? "lost" : "live", tone: lost ? "red" : "green" } };
}
