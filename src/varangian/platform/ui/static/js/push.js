/**
 * Web push for this browser. `subscribe(registration)` is what the phone calls with its own worker;
 * a [data-push] button on a page does it with the worker that its data-worker names.
 */
import { say } from "./live.js";

/** @param {string} text */
function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

function csrf() {
  const given = document.body.getAttribute("hx-headers:inherited");
  return given ? JSON.parse(given)["X-CSRFToken"] : "";
}

/** Ask the browser, tell the house. @param {ServiceWorkerRegistration} registration @param {string} [label] @param {string} [token] */
export async function subscribe(registration, label = "", token = csrf()) {
  if (await Notification.requestPermission() !== "granted") throw new Error("The browser does not allow notifications for this address.");
  const { key } = await (await fetch("/alerts/push/key/")).json();
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  const answer = await fetch("/alerts/push/", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ ...made.toJSON(), label }),
  });
  if (!answer.ok) throw new Error("The house did not take this browser. Is web push switched on?");
}

/** @param {HTMLElement} button */
export function mount(button) {
  if (!("serviceWorker" in navigator && "PushManager" in window)) {
    button.setAttribute("disabled", "");
    button.title = "This browser knows no web push, or the page is not on https.";
    return;
  }
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    try {
      const worker = await navigator.serviceWorker.register(button.dataset.worker ?? "", { scope: button.dataset.scope });
      await subscribe(worker, button.dataset.label);
      location.reload();
    } catch (error) {
      say(error instanceof Error ? error.message : "This browser cannot be reached by push.");
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
