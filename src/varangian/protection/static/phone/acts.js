/** What acts are called while they wait, and what they change on this screen before they arrive. */

const NAMES = {
  status: "Status", log: "Log", sighting: "Sighting", duty_start: "Duty start", duty_end: "Stand down",
  handover: "Handover", check: "Check call", ack: "Acknowledged", crowd_click: "Clicked", clip: "Clip",
};

/** Nothing on the screen tells of duress, nor of what was looked at. */
export const SILENT = new Set(["duress", "bolo_view"]);

/** @param {any} act @param {any} snapshot */
export function caption(act, snapshot) {
  const name = NAMES[act.kind] ?? act.kind;
  if (act.kind === "status") {
    const found = snapshot?.statuses.find((status) => status.id === act.body.status);
    return `${name}: ${found ? found.words.toLowerCase() : act.body.status}`;
  }
  if (act.kind === "crowd_click") return `${name}: ${act.body.entered} in, ${act.body.left} out`;
  const words = String(act.body.text ?? "").slice(0, 60);
  return words ? `${name}: ${words}` : name;
}

/**
 * The snapshot as it will be when the queue has arrived.
 * @param {any} snapshot @param {any[]} queue
 */
export function overlaid(snapshot, queue) {
  if (!snapshot) return null;
  const shown = { ...snapshot, duty: snapshot.duty && { ...snapshot.duty } };
  for (const act of queue) {
    if (act.state !== "queued") continue;
    if (act.kind === "status" && shown.duty) {
      shown.duty.status = act.body.status;
      shown.duty.status_at = act.at;
    } else if (act.kind === "duty_start" && !shown.duty) shown.duty = begun(act, snapshot);
    else if (act.kind === "duty_end" || act.kind === "handover") shown.duty = null;
    else if (act.kind === "check" && shown.check) shown.check = { ...shown.check, queued_at: act.at };
    else if (act.kind === "ack") {
      shown.order = withoutAck(shown.order, act.body.id);
      shown.briefs = shown.briefs?.map((row) => row.id === act.body.id ? { ...row, read_at: act.at } : row);
    }
  }
  return shown;
}

function begun(act, snapshot) {
  const place = snapshot.start.find((row) => row.slug === act.body.operation);
  const post = place?.posts.find((row) => row.id === act.body.post);
  return {
    operation: act.body.operation, status: "on_post", status_at: act.at, started_at: act.at,
    call_sign: post?.call_sign || snapshot.me.call_sign, post: post?.title ?? null,
  };
}

function withoutAck(order, id) {
  return order && { ...order, waiting: order.waiting.filter((row) => row.id !== id) };
}
