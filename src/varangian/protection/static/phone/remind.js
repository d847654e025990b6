/** The phone's own reminder of a check call: a minute before, and once when it is due. */

import { now } from "./clock.js";
import { say } from "./dom.js";

const BEFORE_S = 60;
let said = "";

/** @param {any} due of the check call, with `due_at` */
export function remind(due) {
  if (!due?.due_at || due.queued_at) return;
  const left = (Date.parse(due.due_at) - now()) / 1000;
  if (left > BEFORE_S) return;
  const stage = `${due.due_at} ${left > 0 ? "soon" : "now"}`;
  if (said === stage) return;
  said = stage;
  navigator.vibrate?.(left > 0 ? [60, 60, 60] : [180]);
  say(left > 0 ? "Check call due within a minute" : "Check call is due");
  if (document.hidden) void show();
}

/** Over the lock screen where the holder allowed it; it does not say of whom or where. */
async function show() {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const worker = await navigator.serviceWorker.ready;
  await worker.showNotification("Varangian", { body: "Check call", tag: "check", silent: true });
}
