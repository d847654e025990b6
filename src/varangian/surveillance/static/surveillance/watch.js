/** Live pictures: each view plays its own short list, says how old it is, and is ended when the page is left. */
const LATE = 6000, TRY_AGAIN = 1500;

/** @param {HTMLElement} figure */
function play(figure) {
  const video = /** @type {HTMLVideoElement} */ (figure.querySelector("video"));
  const address = figure.dataset.view ?? "";
  let moved = 0, at = -1, hls = /** @type {any} */ (null), stopped = false, run = "";

  /** @param {string} words @param {string} tone */
  const say = (words, tone) => {
    const badge = /** @type {HTMLElement} */ (figure.querySelector("[data-view-state]"));
    if (badge.textContent !== words) badge.textContent = words;
    badge.className = `vg-badge vg-${tone}`;
  };

  /** The list is empty until the reader of the camera has its first part. */
  async function begin() {
    if (stopped) return;
    const answer = await fetch(address, { redirect: "error" }).catch(() => null);
    if (answer?.status === 404 || answer?.status === 403) return over();
    if (answer?.status !== 200) {
      say("waits for the picture", "amber");
      setTimeout(begin, TRY_AGAIN);
      return;
    }
    run = runOf(await answer.text());
    start();
  }

  function start() {
    hls?.destroy();
    const Hls = /** @type {any} */ (window).Hls;
    if (!Hls?.isSupported()) {
      video.src = address;
      void video.play().catch(() => undefined);
      return;
    }
    hls = new Hls({ enableWorker: false, liveSyncDurationCount: 2, liveMaxLatencyDurationCount: 5, maxBufferLength: 8, backBufferLength: 4, maxLiveSyncPlaybackRate: 1.3, manifestLoadingMaxRetry: 2 });
    hls.on(Hls.Events.LEVEL_LOADED, (/** @type {string} */ _, /** @type {any} */ data) => {
      const now = runOf(data.details.fragments.map((/** @type {any} */ one) => one.relurl).join("\n"));
      if (now && now !== run) { run = now; again(); }
    });
    hls.on(Hls.Events.ERROR, (/** @type {string} */ _, /** @type {any} */ error) => { if (error.fatal) again(); });
    hls.loadSource(address);
    hls.attachMedia(video);
    void video.play().catch(() => undefined);
  }

  function again() {
    hls?.destroy();
    hls = null;
    setTimeout(begin, TRY_AGAIN);
  }

  function over() {
    stopped = true;
    hls?.destroy();
    say("this view is over: open it again", "red");
  }

  setInterval(() => {
    if (stopped) return;
    if (video.currentTime !== at) {
      at = video.currentTime;
      moved = Date.now();
      if (at > 0) say("live", "blue");
    } else if (moved && Date.now() - moved > LATE) {
      say("no new picture", "red");
      moved = Date.now();
      if (hls) again();
    }
  }, 500);
  window.addEventListener("pagehide", () => {
    const form = new FormData();
    form.set("csrfmiddlewaretoken", token());
    if (!stopped) navigator.sendBeacon(figure.dataset.end ?? "", form);
    stopped = true;
  });
  void begin();
}

/** @param {string} text the part of each address that names the opening of the stream */
const runOf = (text) => /\/views\/[^/]+\/([^/]+)\/\d+\.ts/.exec(text.trim().split("\n").pop() ?? "")?.[1] ?? "";

function token() {
  const told = document.body.getAttribute("hx-headers:inherited") ?? "{}";
  return JSON.parse(told)["X-CSRFToken"] ?? "";
}

for (const figure of document.querySelectorAll("[data-view]")) play(/** @type {HTMLElement} */ (figure));
