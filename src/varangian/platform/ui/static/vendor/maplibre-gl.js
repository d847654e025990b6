export * from "./maplibre-gl@6.17.0/maplibre-gl.mjs";
