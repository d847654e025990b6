/** The layers over the base map, and the shapes made ready for them. */
import { CATEGORIES, COLOURS } from "./map-symbols.js";

const FONT = ["Inter Bold, Noto Sans, Liberation Sans, Arial, sans-serif"];
const get = (/** @type {string} */ name) => ["get", name];
const kind = (/** @type {string} */ name) => ["==", get("kind"), name];

/**
 * The layers for one theme, lowest first; all read the source `ours`.
 * @param {string} theme
 * @returns {any[]}
 */
export function layers(theme) {
  const c = COLOURS[theme] ?? COLOURS.dark;
  return [...areas(c), ...lines(c), ...points(c)];
}

/** @param {Record<string, string>} c */
function areas(c) {
  const tone = (/** @type {string} */ red, /** @type {string} */ amber) => ["case", ["==", get("tone"), "red"], red, amber];
  const area = ["all", kind("hazard"), ["==", ["geometry-type"], "Polygon"]];
  return [
    { id: "hazard-fill", type: "fill", source: "ours", filter: area, paint: { "fill-color": tone(c.red, c.amber), "fill-opacity": 0.09 } },
    { id: "hazard-hatch", type: "fill", source: "ours", filter: area, paint: { "fill-pattern": ["case", ["==", get("tone"), "red"], ["image", "hatch-red"], ["image", "hatch-amber"]], "fill-opacity": 0.55 } },
    { id: "fence", type: "line", source: "ours", filter: ["all", kind("fence"), ["==", ["geometry-type"], "Polygon"]], paint: { "line-color": c.blue, "line-width": 1.6, "line-dasharray": [4, 2] } },
    { id: "camera-view", type: "fill", source: "ours", filter: ["all", kind("camera"), ["==", ["geometry-type"], "Polygon"]], paint: { "fill-color": c.blue, "fill-opacity": 0.2 } },
    { id: "camera-edge", type: "line", source: "ours", filter: ["all", kind("camera"), ["==", ["geometry-type"], "Polygon"]], paint: { "line-color": c.blue, "line-width": 1.2 } },
    { id: "hazard-edge", type: "line", source: "ours", filter: area, paint: { "line-color": tone(c.red, c.amber), "line-width": ["case", ["==", get("tone"), "red"], 2.6, 1.6] } },
  ];
}

/** @param {Record<string, string>} c */
function lines(c) {
  const round = { "line-cap": "round", "line-join": "round" };
  const moving = ["==", get("state"), "under_way"];
  const over = ["in", get("state"), ["literal", ["complete", "arrived", "cancelled"]]];
  const movement = ["all", kind("movement"), ["==", ["geometry-type"], "LineString"]];
  const implied = ["==", get("implied"), true];
  const route = (/** @type {string} */ rank) => ["all", kind("route"), ["==", get("rank"), rank]];
  const colour = ["case", moving, c.blue, over, c.dim, c.line];
  const width = ["case", moving, 4, over, 1.6, 2.4];
  return [
    { id: "movement-case", type: "line", source: "ours", filter: movement, layout: round, paint: { "line-color": c.halo, "line-width": ["+", width, 2.5], "line-opacity": 0.8 } },
    { id: "movement", type: "line", source: "ours", filter: ["all", movement, ["!", implied]], layout: round, paint: { "line-color": colour, "line-width": width } },
    { id: "movement-implied", type: "line", source: "ours", filter: ["all", movement, implied], paint: { "line-color": colour, "line-width": width, "line-dasharray": [2.2, 1.8] } },
    { id: "extent", type: "line", source: "ours", filter: kind("extent"), paint: { "line-color": c.dim, "line-width": 1.2, "line-dasharray": [5, 4] } },
    { id: "trail", type: "line", source: "ours", filter: kind("trail"), layout: round, paint: { "line-color": c.blue, "line-width": 2.5, "line-opacity": 0.75 } },
    { id: "route-primary", type: "line", source: "ours", filter: route("primary"), layout: round, paint: { "line-color": c.green, "line-width": 3 } },
    { id: "route-alternate", type: "line", source: "ours", filter: route("alternate"), paint: { "line-color": c.green, "line-width": 3, "line-dasharray": [3, 2] } },
    { id: "route-emergency", type: "line", source: "ours", filter: route("emergency"), layout: round, paint: { "line-color": c.red, "line-width": 3.2, "line-dasharray": [0.1, 2] } },
    {
      id: "movement-name", type: "symbol", source: "ours", filter: movement,
      layout: { "symbol-placement": "line-center", "text-field": get("title"), "text-font": FONT, "text-size": 11.5, "text-offset": [0, -0.9], "text-max-angle": 40 },
      paint: { "text-color": ["case", moving, c.blue, c.text], "text-halo-color": c.halo, "text-halo-width": 1.6 },
    },
  ];
}

/** @param {Record<string, string>} c */
function points(c) {
  const named = { "text-field": get("title"), "text-font": FONT, "text-size": 11.5, "text-anchor": "top", "text-offset": [0, 1.5], "text-optional": true, "text-max-width": 9 };
  const ink = { "text-color": c.text, "text-halo-color": c.halo, "text-halo-width": 1.6 };
  const category = ["case", ["in", get("category"), ["literal", CATEGORIES]], get("category"), "other"];
  const point = ["==", ["geometry-type"], "Point"];
  return [
    { id: "stay", type: "circle", source: "ours", filter: ["all", kind("movement"), point], paint: { "circle-radius": 20, "circle-color": "transparent", "circle-stroke-width": 3, "circle-stroke-color": ["case", ["==", get("state"), "under_way"], c.blue, c.dim] } },
    { id: "place", type: "symbol", source: "ours", filter: kind("place"), layout: { ...named, "icon-image": ["concat", "place-", category], "icon-size": 0.9, "icon-allow-overlap": true }, paint: ink },
    { id: "hazard", type: "symbol", source: "ours", filter: ["all", kind("hazard"), point], layout: { ...named, "icon-image": ["case", ["==", get("tone"), "red"], "hazard-red", "hazard-amber"], "icon-allow-overlap": true }, paint: { ...ink, "text-color": ["case", ["==", get("tone"), "red"], c.red, c.amber] } },
    { id: "member", type: "symbol", source: "ours", filter: kind("member"), layout: { ...named, "icon-image": ["case", ["==", get("lost"), true], "member-lost", ["==", ["typeof", get("heading")], "number"], "member", "member-still"], "icon-size": 0.7, "icon-rotate": ["case", ["==", get("lost"), true], 0, ["coalesce", get("heading"), 0]], "icon-rotation-alignment": "map", "icon-allow-overlap": true }, paint: { ...ink, "text-color": ["case", ["==", get("lost"), true], c.red, c.text] } },
    { id: "camera", type: "circle", source: "ours", filter: ["all", kind("camera"), point], paint: { "circle-radius": 6, "circle-color": c.blue, "circle-stroke-color": c.halo, "circle-stroke-width": 2 } },
    { id: "camera-name", type: "symbol", source: "ours", filter: ["all", kind("camera"), point], layout: { ...named, "text-offset": [0, 0.8] }, paint: { ...ink, "text-color": c.blue } },
    { id: "fence-name", type: "symbol", source: "ours", filter: ["all", kind("fence"), point], layout: { ...named, "text-offset": [0, 0] }, paint: { ...ink, "text-color": c.blue } },
    { id: "principal", type: "symbol", source: "ours", filter: kind("principal"), layout: { ...named, "icon-image": ["case", ["==", get("lost"), true], "principal-lost", "principal"], "icon-allow-overlap": true }, paint: { ...ink, "text-color": ["case", ["==", get("lost"), true], c.red, c.text] } },
  ];
}

/** Layers whose features can be asked. */
export const ASKABLE = ["principal", "member", "camera", "hazard", "place", "stay", "movement", "movement-implied", "movement-case", "route-primary", "route-alternate", "route-emergency", "hazard-fill", "trail"];

/**
 * Flights become great circles, points with a radius become areas with their symbol in the middle.
 * @param {any} collection GeoJSON
 * @returns {any}
 */
export function ready(collection) {
  const features = [];
  for (const feature of collection.features ?? []) {
    const { geometry, properties } = feature;
    if (!geometry) continue;
    if (geometry.type === "LineString" && properties.mode === "flight") {
      features.push({ ...feature, geometry: { type: "LineString", coordinates: arc(geometry.coordinates) } });
    } else {
      features.push(feature);
      if (geometry.type === "Point" && properties.radius_km) {
        features.push({ type: "Feature", properties, geometry: { type: "Polygon", coordinates: [ring(geometry.coordinates, properties.radius_km)] } });
      }
    }
  }
  return { type: "FeatureCollection", features };
}

const RAD = Math.PI / 180;

/** @param {number[][]} line lon, lat */
function arc(line) {
  const whole = [line[0]];
  for (let i = 1; i < line.length; i += 1) whole.push(...between(line[i - 1], line[i]));
  for (let i = 1; i < whole.length; i += 1) {
    while (whole[i][0] - whole[i - 1][0] > 180) whole[i] = [whole[i][0] - 360, whole[i][1]];
    while (whole[i][0] - whole[i - 1][0] < -180) whole[i] = [whole[i][0] + 360, whole[i][1]];
  }
  return whole;
}

/** @param {number[]} from @param {number[]} to */
function between(from, to) {
  const v = (/** @type {number[]} */ [lon, lat]) => [Math.cos(lat * RAD) * Math.cos(lon * RAD), Math.cos(lat * RAD) * Math.sin(lon * RAD), Math.sin(lat * RAD)];
  const a = v(from), b = v(to);
  const angle = Math.acos(Math.min(1, Math.max(-1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2])));
  const steps = Math.max(1, Math.ceil(angle / (2 * RAD)));
  const found = [];
  for (let i = 1; i < steps; i += 1) {
    const p = Math.sin((1 - i / steps) * angle) / Math.sin(angle), q = Math.sin((i / steps) * angle) / Math.sin(angle);
    const [x, y, z] = a.map((value, k) => p * value + q * b[k]);
    found.push([Math.atan2(y, x) / RAD, Math.atan2(z, Math.hypot(x, y)) / RAD]);
  }
  return [...found, to];
}

/** @param {number[]} centre @param {number} km */
export function ring([lon, lat], km) {
  const points = [];
  const d = km / 6371.009;
  for (let i = 0; i <= 64; i += 1) {
    const bearing = (i / 64) * 2 * Math.PI, from = lat * RAD;
    const there = Math.asin(Math.sin(from) * Math.cos(d) + Math.cos(from) * Math.sin(d) * Math.cos(bearing));
    const turn = Math.atan2(Math.sin(bearing) * Math.sin(d) * Math.cos(from), Math.cos(d) - Math.sin(from) * Math.sin(there));
    points.push([lon + turn / RAD, there / RAD]);
  }
  return points;
}

/** @param {any} collection @returns {[[number, number], [number, number]] | null} */
export function bounds(collection) {
  let box = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (/** @type {any} */ at) => {
    if (typeof at[0] === "number") box = [Math.min(box[0], at[0]), Math.min(box[1], at[1]), Math.max(box[2], at[0]), Math.max(box[3], at[1])];
    else at.forEach(walk);
  };
  const own = collection.features.filter((/** @type {any} */ f) => f.properties.kind !== "hazard");
  for (const feature of own.length ? own : collection.features) walk(feature.geometry.coordinates);
  return Number.isFinite(box[0]) ? [[box[0], box[1]], [box[2], box[3]]] : null;
}
