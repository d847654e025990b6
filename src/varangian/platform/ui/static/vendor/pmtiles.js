export * from "./pmtiles@4.5.0/pmtiles.mjs";
