// The world base map in three themes: dark, light, and night (red light, for vehicles).
// Labels use the fonts of the device: there is no `glyphs` entry and nothing is fetched but tiles.

export const ATTRIBUTION = "Natural Earth · GeoNames CC BY 4.0";

const REGULAR = ["Inter, Noto Sans, Liberation Sans, Arial, sans-serif"];
const BOLD = ["Inter Bold, Noto Sans, Liberation Sans, Arial, sans-serif"];

const PALETTES = {
  dark: {
    water: "#0c131d", shelf: "#13202f", land: "#1c2632", coast: "#41566e", border: "#4a5b70",
    country: "#8797aa", city: "#c3cedb", capital: "#eef2f7", dot: "#93a4b8", airport: "#6fa8dc",
    halo: "#141c26",
  },
  light: {
    water: "#cfdde8", shelf: "#bdd0df", land: "#f6f5f1", coast: "#8ba3b6", border: "#b3a9a0",
    country: "#6b7480", city: "#333c47", capital: "#11181f", dot: "#4d5966", airport: "#1d5f9e",
    halo: "#fbfaf7",
  },
  night: {
    water: "#080101", shelf: "#140404", land: "#1d0606", coast: "#5e1a14", border: "#6b2018",
    country: "#96352a", city: "#c64a3a", capital: "#e8604c", dot: "#a33a2d", airport: "#b5402f",
    halo: "#150404",
  },
};

/** @param {number[]} stops zoom, value, zoom, value, … */
const byZoom = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];

/** @param {typeof PALETTES.dark} c */
function ground(c) {
  const line = { "line-join": "round", "line-cap": "round" };
  const layer = (name) => ({ source: "world", "source-layer": name });
  return [
    { id: "water", type: "background", paint: { "background-color": c.water } },
    {
      id: "shelf", type: "line", ...layer("coast"), layout: line,
      paint: {
        "line-color": c.shelf, "line-width": byZoom(0, 4, 4, 14, 8, 26), "line-blur": byZoom(0, 3, 4, 10, 8, 18),
      },
    },
    { id: "land", type: "fill", ...layer("land"), paint: { "fill-color": c.land } },
    // Invisible: for asking which country a point is in, and for others to colour by `iso`.
    { id: "countries", type: "fill", ...layer("countries"), paint: { "fill-opacity": 0 } },
    {
      id: "coast", type: "line", ...layer("coast"), layout: line,
      paint: { "line-color": c.coast, "line-width": byZoom(0, 0.4, 4, 0.8, 8, 1.2) },
    },
    {
      id: "borders", type: "line", ...layer("borders"), layout: line,
      paint: {
        "line-color": c.border, "line-width": byZoom(0, 0.4, 4, 0.9, 8, 1.6), "line-dasharray": [4, 2],
      },
    },
  ];
}

/** @param {typeof PALETTES.dark} c */
function marks(c) {
  const isCapital = ["==", ["get", "capital"], 1];
  return [
    {
      id: "airports", type: "circle", source: "world", "source-layer": "airports", minzoom: 5,
      paint: {
        "circle-radius": byZoom(5, 1.8, 8, 3.5), "circle-color": c.land,
        "circle-stroke-color": c.airport, "circle-stroke-width": 1.4,
      },
    },
    {
      id: "cities", type: "circle", source: "world", "source-layer": "cities", maxzoom: 11,
      paint: {
        "circle-radius": byZoom(2, ["case", isCapital, 1.8, 1.4], 8, ["case", isCapital, 4, 3]),
        "circle-color": ["case", isCapital, c.capital, c.dot],
        "circle-stroke-color": c.halo, "circle-stroke-width": 1,
      },
    },
  ];
}

/** @param {typeof PALETTES.dark} c */
function names(c) {
  const isCapital = ["==", ["get", "capital"], 1];
  const halo = { "text-halo-color": c.halo, "text-halo-width": 1.3, "text-halo-blur": 0.4 };
  const beside = {
    "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 0.5,
    "text-justify": "auto", "text-max-width": 9,
  };
  return [
    {
      id: "airport-names", type: "symbol", source: "world", "source-layer": "airports", minzoom: 6,
      layout: { ...beside, "text-field": ["get", "iata"], "text-font": REGULAR, "text-size": 10.5 },
      paint: { "text-color": c.airport, ...halo },
    },
    {
      id: "city-names", type: "symbol", source: "world", "source-layer": "cities",
      filter: ["!", isCapital],
      layout: {
        ...beside, "text-field": ["get", "name"], "text-font": REGULAR,
        "text-size": byZoom(
          2, 10, 4, ["step", ["get", "people"], 10.5, 1e6, 11.5, 5e6, 13.5],
          8, ["step", ["get", "people"], 12, 1e6, 14, 5e6, 17],
        ),
        "symbol-sort-key": ["-", ["get", "people"]],
      },
      paint: { "text-color": c.city, ...halo },
    },
    // Later layers are placed first: a capital wins over the name of its country, which moves aside.
    {
      id: "country-names", type: "symbol", source: "world", "source-layer": "country_labels", maxzoom: 8,
      layout: {
        "text-field": ["get", "name"], "text-font": BOLD, "text-variable-anchor": ["center", "top", "bottom"],
        "text-radial-offset": 1.1, "text-transform": "uppercase",
        "text-letter-spacing": 0.12, "text-max-width": 7, "text-padding": 6,
        "text-size": byZoom(
          1, 9, 3, ["step", ["get", "rank"], 12, 3, 10], 7, ["step", ["get", "rank"], 18, 3, 14],
        ),
        "symbol-sort-key": ["get", "rank"],
      },
      paint: { "text-color": c.country, ...halo },
    },
    {
      id: "capital-names", type: "symbol", source: "world", "source-layer": "cities", filter: isCapital,
      layout: {
        ...beside, "text-field": ["get", "name"], "text-font": BOLD,
        "text-size": byZoom(2, 10.5, 8, 16), "symbol-sort-key": ["-", ["get", "people"]],
      },
      paint: { "text-color": c.capital, ...halo },
    },
  ];
}

/**
 * A MapLibre style. The page must have registered the `pmtiles` protocol.
 * @param {"dark" | "light" | "night"} theme
 * @param {string} tiles address of world.pmtiles; by default the file beside this module
 */
export function style(theme, tiles = new URL("world.pmtiles", import.meta.url).href) {
  const colours = PALETTES[theme] ?? PALETTES.dark;
  return {
    version: 8,
    name: `varangian-${theme}`,
    sources: { world: { type: "vector", url: `pmtiles://${tiles}`, attribution: ATTRIBUTION } },
    layers: [...ground(colours), ...marks(colours), ...names(colours)],
  };
}
