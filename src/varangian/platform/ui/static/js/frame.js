/** Starts every module of a page with the frame; maps and time lines only where there are some. */
import * as ages from "./ages.js";
import * as dialogs from "./dialogs.js";
import * as drafts from "./drafts.js";
import * as find from "./find.js";
import * as forms from "./forms.js";
import * as keys from "./keys.js";
import * as live from "./live.js";
import * as rows from "./rows.js";
import * as theme from "./theme.js";

for (const part of [theme, dialogs, ages, forms, drafts, rows, keys, find, live]) part.start();

// On a phone the chosen tab may lie outside the strip. The page itself stays where it is.
for (const tab of document.querySelectorAll(".vg-tabs [aria-current]")) {
  const strip = /** @type {HTMLElement} */ (tab.parentElement);
  const [chosen, frame] = [tab.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += chosen.left + chosen.width / 2 - (frame.left + frame.width / 2);
}

/** @param {string} selector @param {() => Promise<{mount: (element: HTMLElement) => void}>} load */
async function islands(selector, load) {
  const found = document.querySelectorAll(selector);
  if (!found.length) return;
  const { mount } = await load();
  for (const element of found) mount(/** @type {HTMLElement} */ (element));
}
void islands("[data-timeline]", () => import("./timeline.js"));
void islands("[data-sketch]", () => import("./sketch.js"));
void islands("[data-map]", () => import("./map.js"));
void islands("[data-roster]", () => import("./roster.js"));
void islands("[data-push]", () => import("./push.js"));
