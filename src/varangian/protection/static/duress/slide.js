/** The slide: to the end is a press. It springs back the same whether it was one or not. */

import { press, start } from "./press.js";

const ENOUGH = 0.85, STEP = 20;

for (const slide of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-duress-slide]"))) {
  start({ keyUrl: slide.dataset.keyUrl ?? "", pressUrl: slide.dataset.pressUrl ?? "" });
  const knob = /** @type {HTMLElement} */ (slide.querySelector(".dr-knob"));
  let from = 0, share = 0, held = false;

  const room = () => slide.clientWidth - knob.offsetWidth - 4;
  const move = (part) => {
    share = Math.max(0, Math.min(1, part));
    knob.style.transform = `translateX(${share * room()}px)`;
    knob.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  };
  const back = () => {
    slide.setAttribute("data-back", "");
    move(0);
  };

  knob.addEventListener("pointerdown", (event) => {
    held = true;
    from = event.clientX;
    slide.removeAttribute("data-back");
    knob.setPointerCapture(event.pointerId);
  });
  knob.addEventListener("pointermove", (event) => {
    if (held) move((event.clientX - from) / room());
  });
  const released = () => {
    if (!held) return;
    held = false;
    if (share >= ENOUGH) void press();
    back();
  };
  knob.addEventListener("pointerup", released);
  knob.addEventListener("pointercancel", released);
  knob.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    event.preventDefault();
    move(share + (event.key === "ArrowRight" ? STEP : -STEP) / 100);
    if (share < 0.99) return;
    void press();
    back();
  });
  knob.addEventListener("blur", back);
}
