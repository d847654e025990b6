/** Web push as one channel of several: it says that something waits, never what. */

import { el, icon } from "./dom.js";
import { get, post } from "./wire.js";

const bytes = (words) => Uint8Array.from(atob(words.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

/** A row for the sheet More; nothing where the house or the browser has no push. */
export function pushRow() {
  const { pushKeyUrl, pushUrl } = document.body.dataset;
  if (!pushKeyUrl || !pushUrl || !("PushManager" in window)) return null;
  const state = el("span", { class: "ph-end" }, Notification.permission === "granted" ? "on" : "off");
  const row = el("button", { type: "button", class: "ph-row" }, el("span", { class: "ph-lead" }, icon("bell"), "Alerts on this phone"), state);
  row.addEventListener("click", async () => {
    try {
      if (await Notification.requestPermission() !== "granted") throw new Error("refused");
      const worker = await navigator.serviceWorker.ready;
      const { key } = await get(pushKeyUrl);
      const found = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
      await post(pushUrl, { ...found.toJSON(), label: "Phone of the detail" });
      state.textContent = "on";
    } catch {
      state.textContent = "not allowed here";
    }
  });
  return row;
}
