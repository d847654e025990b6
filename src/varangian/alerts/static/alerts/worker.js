/** The push worker of a desk: shows a code, opens the alert. It keeps nothing and fetches nothing. */
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let told = { words: "ALERT, open Varangian", url: "/alerts/", code: "" };
  try { told = { ...told, ...event.data.json() }; } catch { /* a push without words still rings */ }
  event.waitUntil(self.registration.showNotification("Varangian", {
    body: told.words, tag: told.code, renotify: Boolean(told.code), requireInteraction: true, data: told.url,
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = String(event.notification.data || "/alerts/");
  event.waitUntil(self.clients.matchAll({ type: "window" }).then((open) => {
    const ours = open.find((one) => new URL(one.url).origin === self.location.origin);
    return ours ? ours.focus().then((one) => one.navigate(url)) : self.clients.openWindow(url);
  }));
});
