/* Keeps the screen Now at hand without a net. Only files that anybody may see: what the detail
   knows is sealed in the page's own store and never passes through here. */

const CACHE = `varangian-phone-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    const keep = async (path) => {
      const answer = await fetch(path, { cache: "reload", credentials: "same-origin" });
      if (answer.ok && !answer.redirected) await cache.put(path, answer);
      else throw new Error(`not to be had: ${path}`);
    };
    await Promise.all(SHELL.map(keep));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("varangian-phone-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  const path = decodeURIComponent(url.pathname);
  if (SHELL.includes(path) && (path !== "/m/" || event.request.mode === "navigate")) event.respondWith(kept(event.request, path));
});

async function kept(request, path) {
  const cache = await caches.open(CACHE);
  const found = await cache.match(path);
  if (!found) return fetch(request);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("Range") ?? "");
  return range ? slice(await found.arrayBuffer(), range) : found;
}

/** A part of the map file, as its reader asks for it. */
function slice(whole, [, from, to]) {
  const first = Number(from), last = Math.min(to ? Number(to) : whole.byteLength - 1, whole.byteLength - 1);
  if (first > last) return new Response(null, { status: 416 });
  return new Response(whole.slice(first, last + 1), {
    status: 206,
    headers: { "Content-Range": `bytes ${first}-${last}/${whole.byteLength}`, "Content-Length": String(last - first + 1) },
  });
}

self.addEventListener("push", (event) => {
  let said = {};
  try { said = event.data?.json() ?? {}; } catch { /* a call without words is a call */ }
  const show = self.registration.showNotification("Varangian", {
    body: said.words || "ALERT, open Varangian", tag: said.code || "alert", renotify: true, requireInteraction: true,
    icon: "/static/phone/icon-192.png", badge: "/static/phone/badge-96.png",
  });
  const tell = self.clients.matchAll().then((open) => open.forEach((one) => one.postMessage("push")));
  event.waitUntil(Promise.all([show, tell]));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: "window" });
    const here = open.find((one) => new URL(one.url).pathname === "/m/");
    if (!here) return self.clients.openWindow("/m/#asked");
    here.postMessage({ open: "asked" });
    return here.focus();
  })());
});
