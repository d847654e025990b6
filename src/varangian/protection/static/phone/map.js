/** Havens and hospitals on the map that the phone has with it. */

import { el } from "./dom.js";

/** @param {any} shown */
export function shelterMap(shown) {
  const rows = shown.shelters.filter((row) => row.position);
  if (!rows.length) return null;
  const place = el("div", { class: "ph-map", role: "img", "aria-label": `Map with ${rows.length} havens and hospitals` });
  requestAnimationFrame(() => draw(place, rows).catch(() => place.remove()));
  return place;
}

async function draw(place, rows) {
  const { base, draw: markers, streets } = await import("./map-draw.js");
  const map = base(place, rows);
  markers(map, rows);
  await streets(map, place);
}
