// A city over the world base map, in its three themes. Layers of one map are named `city-<id>-…`.
// Labels use the fonts of the device; nothing is fetched but tiles.

const REGULAR = ["Inter, Noto Sans, Liberation Sans, Arial, sans-serif"];
const BOLD = ["Inter Bold, Noto Sans, Liberation Sans, Arial, sans-serif"];

const PALETTES = {
  dark: {
    ground: "#1b2530", water: "#0d1b2b", park: "#1d2f2b", wood: "#1a2c27", industrial: "#202833", venue: "#252d39", hospital: "#33262c",
    building: "#273341", edge: "#33414f", motorway: "#7a8ea6", major: "#65788e", medium: "#516275", minor: "#3f4e5f", service: "#334150", foot: "#3a4756",
    rail: "#4b5868", casing: "#141c26", name: "#9fb0c2", place: "#d3dde8", water_name: "#5f86ad", halo: "#141c26",
    site: "#8fa2b6", medical: "#ff7a70", law: "#6fb2ff", stay: "#b9a4ea", fuel: "#d4a657",
  },
  light: {
    ground: "#f6f5f1", water: "#bcd3e6", park: "#d6e8d3", wood: "#c9dfc6", industrial: "#eae6e1", venue: "#efe9df", hospital: "#f6e0de",
    building: "#e0dbd2", edge: "#cfc8bc", motorway: "#e2a04a", major: "#f0c772", medium: "#ffffff", minor: "#ffffff", service: "#ffffff", foot: "#c9b9a4",
    rail: "#a7a3a0", casing: "#cbc4b8", name: "#4d5966", place: "#1d2731", water_name: "#3f6f9c", halo: "#fbfaf7",
    site: "#5b6875", medical: "#b3231d", law: "#0f5fb8", stay: "#6a4bb0", fuel: "#8a5b00",
  },
  night: {
    ground: "#1a0505", water: "#0a0101", park: "#1c0a06", wood: "#180905", industrial: "#1f0808", venue: "#220a09", hospital: "#2c0a0a",
    building: "#2a0d0b", edge: "#3a1411", motorway: "#9a3a2d", major: "#7e2f25", medium: "#64251d", minor: "#4c1b16", service: "#3a1511", foot: "#431712",
    rail: "#4d1f19", casing: "#100303", name: "#b04a3b", place: "#d05c4a", water_name: "#7e3328", halo: "#150404",
    site: "#a5493b", medical: "#ff6a55", law: "#e58a78", stay: "#c2604f", fuel: "#b9563f",
  },
};

/** @param {...any} stops zoom, value, zoom, value, … */
const byZoom = (...stops) => ["interpolate", ["exponential", 1.5], ["zoom"], ...stops];
const kind = ["get", "kind"];
const is = (/** @type {string} */ fact) => ["==", ["get", fact], 1];

/** @param {Record<string, any>} c */
const roadColour = (c) => ["match", kind, "motorway", c.motorway, "major", c.major, "medium", c.medium, "minor", c.minor, "foot", c.foot, c.service];
const classes = (/** @type {number[]} */ [motorway, major, medium, minor, service, foot]) => ["match", kind, "motorway", motorway, "major", major, "medium", medium, "minor", minor, "foot", foot, service];
const WIDTH = byZoom(8, classes([1, 0.7, 0.4, 0.2, 0, 0]), 12, classes([2.6, 2, 1.4, 0.8, 0.4, 0.3]), 14, classes([5, 4, 3.2, 2, 1, 0.8]), 17, classes([18, 16, 13, 10, 5, 2]));
const CASING = byZoom(8, classes([1.8, 1.4, 1, 0.6, 0, 0]), 12, classes([3.8, 3.2, 2.4, 1.4, 0, 0]), 14, classes([6.6, 5.6, 4.6, 3.2, 0, 0]), 17, classes([20.5, 18.5, 15.5, 12.5, 6.5, 0]));
const ORDER = ["match", kind, "motorway", 5, "major", 4, "medium", 3, "minor", 2, 1];

/** @param {Record<string, any>} c @param {(name: string) => any} of */
function ground(c, of) {
  return [
    { id: "ground", type: "fill", ...of("ground"), paint: { "fill-color": c.ground } },
    { id: "land", type: "fill", ...of("land"), paint: { "fill-color": ["match", kind, "wood", c.wood, "park", c.park, "hospital", c.hospital, ["venue", "square"], c.venue, c.industrial] } },
    { id: "water", type: "fill", ...of("water"), paint: { "fill-color": c.water } },
    { id: "rivers", type: "line", ...of("rivers"), layout: { "line-cap": "round" }, paint: { "line-color": c.water, "line-width": byZoom(9, 0.6, 14, ["match", kind, "river", 4, "canal", 3, 1.2], 17, ["match", kind, "river", 14, "canal", 9, 3]) } },
    { id: "buildings", type: "fill", ...of("buildings"), minzoom: 13.5, paint: { "fill-color": c.building, "fill-outline-color": c.edge, "fill-opacity": ["interpolate", ["linear"], ["zoom"], 13.5, 0, 14.5, 1] } },
  ];
}

/** @param {Record<string, any>} c @param {(name: string) => any} of */
function ways(c, of) {
  const round = { "line-cap": "round", "line-join": "round", "line-sort-key": ORDER };
  const surface = ["!", is("tunnel")];
  return [
    { id: "rails", type: "line", ...of("rails"), filter: surface, paint: { "line-color": c.rail, "line-width": byZoom(10, 0.5, 14, 1.2, 17, 3), "line-dasharray": [4, 1.5] } },
    { id: "tunnels", type: "line", ...of("roads"), filter: is("tunnel"), layout: { "line-sort-key": ORDER }, paint: { "line-color": roadColour(c), "line-width": WIDTH, "line-dasharray": [1.2, 0.8], "line-opacity": 0.55 } },
    { id: "casing", type: "line", ...of("roads"), filter: surface, minzoom: 9, layout: { ...round, "line-cap": "butt" }, paint: { "line-color": c.casing, "line-width": CASING } },
    { id: "roads", type: "line", ...of("roads"), filter: ["all", surface, ["!=", kind, "foot"]], layout: round, paint: { "line-color": roadColour(c), "line-width": WIDTH } },
    { id: "foot", type: "line", ...of("roads"), filter: ["all", surface, ["==", kind, "foot"]], minzoom: 14, paint: { "line-color": c.foot, "line-width": WIDTH, "line-dasharray": [2, 1.5] } },
    { id: "bridges", type: "line", ...of("roads"), filter: is("bridge"), minzoom: 13, layout: { ...round, "line-cap": "butt" }, paint: { "line-color": c.name, "line-width": 1, "line-gap-width": CASING, "line-opacity": 0.8 } },
  ];
}

/** @param {Record<string, any>} c @param {(name: string) => any} of */
function names(c, of) {
  const halo = { "text-halo-color": c.halo, "text-halo-width": 1.4 };
  const sign = ["match", kind, ["hospital", "clinic", "pharmacy", "ambulance_station"], c.medical, ["police", "embassy", "fire_station", "courthouse", "townhall"], c.law, ["hotel"], c.stay, ["fuel", "charging"], c.fuel, c.site];
  return [
    { id: "water-names", type: "symbol", ...of("water"), minzoom: 12, filter: ["has", "name"], layout: { "text-field": ["get", "name"], "text-font": REGULAR, "text-size": 12, "text-max-width": 8 }, paint: { "text-color": c.water_name, ...halo } },
    { id: "road-names", type: "symbol", ...of("roads"), minzoom: 12.5, filter: ["has", "name"], layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-font": REGULAR, "text-size": byZoom(13, 10, 17, 13), "symbol-sort-key": ["-", ORDER], "symbol-spacing": 320, "text-max-angle": 35 }, paint: { "text-color": c.name, ...halo } },
    { id: "sites", type: "circle", ...of("sites"), minzoom: 12, paint: { "circle-radius": byZoom(12, 2, 15, 4, 17, 6), "circle-color": sign, "circle-stroke-color": c.halo, "circle-stroke-width": 1.2 } },
    { id: "site-names", type: "symbol", ...of("sites"), minzoom: 14, layout: { "text-field": ["get", "name"], "text-font": REGULAR, "text-size": 11, "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 0.7, "text-max-width": 8, "text-optional": true }, paint: { "text-color": sign, ...halo } },
    { id: "places", type: "symbol", ...of("places"), filter: ["!=", kind, "city"], layout: { "text-field": ["get", "name"], "text-font": BOLD, "text-size": byZoom(9, 10.5, 14, ["match", kind, ["town", "suburb", "borough"], 15, 12]), "text-max-width": 7, "text-letter-spacing": 0.04 }, paint: { "text-color": c.place, ...halo } },
  ];
}

/** The name of the source of a map, and the beginning of the names of its layers. @param {string} id */
export const named = (id) => `city-${id}`;

/**
 * The layers of one city: what goes under the labels of the world, and its own labels.
 * @param {string} theme @param {string} id of the map
 * @returns {{ under: any[], labels: any[] }}
 */
export function layers(theme, id) {
  const c = PALETTES[theme] ?? PALETTES.dark;
  const source = named(id);
  const of = (/** @type {string} */ name) => ({ source, "source-layer": name });
  const own = (/** @type {any} */ layer) => ({ ...layer, id: `${source}-${layer.id}` });
  return { under: [...ground(c, of), ...ways(c, of)].map(own), labels: names(c, of).map(own) };
}

/** Words for the foot of a map. @param {{name: string, licence: string, data_date: string | null, data_age: string}} city */
export function credit(city) {
  const date = city.data_date ? `data of ${city.data_date}, ${city.data_age}` : "age of the data unknown";
  return `${city.licence} · ${city.name}: ${date}`;
}
