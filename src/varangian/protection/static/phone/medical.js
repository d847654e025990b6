/** The medical card: fetched once after a fresh proof, then at hand for the duty, sealed. */

import { clock } from "./clock.js";
import { el, icon } from "./dom.js";
import * as store from "./store.js";
import { sheet } from "./sheet.js";
import { NoNet, Refusal, SignedOut, post } from "./wire.js";

/** @param {any} shown */
export async function medical(shown) {
  const kept = await store.kept("medical");
  if (kept && kept.principal === shown.medical.principal) return card(kept.card, shown);
  const proof = el("a", { class: "ph-main", href: "/account/reauthenticate/?next=/m/" }, icon("shield"), "Prove that it is you");
  try {
    const found = await post("/m/api/medical", {});
    await store.keep("medical", { principal: shown.medical.principal, card: found });
    card(found, shown);
  } catch (error) {
    if (error instanceof NoNet) return sheet("Medical card", el("p", {}, "There is no network, and the card has not been opened on this phone during this duty. Open it once while you have a net."));
    if (error instanceof Refusal && error.status !== 401) return sheet("Medical card", el("p", {}, error.message));
    if (!(error instanceof Refusal || error instanceof SignedOut)) throw error;
    sheet("Medical card", el("p", {}, "The medical card opens after a fresh proof that it is you. It then stays at hand on this phone until you stand down, also without network. Who opened it is kept."), proof);
  }
}

function card(found, shown) {
  const checked = found.checked ? `Checked ${new Date(found.checked).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" })}` : "Never checked";
  sheet(`Medical card, ${found.code_name}`, el("p", { class: "ph-dim" }, `${checked}. Shown ${clock(Date.now(), shown.operation?.zone)}.`),
    el("dl", { class: "ph-facts" }, found.lines.map((line) => [el("dt", {}, line.title), el("dd", {}, line.text)])));
}
