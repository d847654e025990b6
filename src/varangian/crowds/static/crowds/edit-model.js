/** What the editor knows of a plan: kinds, their fields, and metres on the screen. */

const TEXT = "text", NUMBER = "number", TICK = "tick";
const LEADS = ["inside", "outside"], WAYS = ["both", "in", "out"];
const USES = ["standing", "seated", "circulation", "backstage"];
const OVERLOOKS = ["window", "balcony", "gallery", "roof", "other"];

/** @type {Record<string, any>} */
const DOOR = { leads: LEADS, width_m: NUMBER, direction: WAYS, entrance: TICK, locked: TICK, steps: TICK, turnstiles: NUMBER };

/** shape: how it is drawn; fields: what may be said of it beside name, note and level.
 * @type {Record<string, {shape: "ring" | "line" | "point", fields: Record<string, any>, begin?: Record<string, any>}>} */
export const KINDS = {
  area: { shape: "ring", fields: {} },
  wall: { shape: "line", fields: { thickness_m: NUMBER, glass: TICK } },
  door: { shape: "line", fields: DOOR, begin: { leads: "outside" } },
  gate: { shape: "line", fields: DOOR, begin: { leads: "outside", entrance: true } },
  stair: { shape: "line", fields: { to_level: NUMBER, width_m: NUMBER }, begin: { to_level: 1, width_m: 1.2 } },
  zone: { shape: "ring", fields: { use: USES, people: NUMBER, seats: NUMBER, p: NUMBER, s: NUMBER } },
  stage: { shape: "ring", fields: {} },
  barrier: { shape: "line", fields: { thickness_m: NUMBER, load_kn_m: NUMBER, opaque: TICK } },
  queue: { shape: "ring", fields: {} },
  screening: { shape: "point", fields: { per_hour: NUMBER } },
  seats: { shape: "point", fields: {} },
  safe_room: { shape: "point", fields: {} },
  vehicle: { shape: "point", fields: {} },
  post: { shape: "point", fields: { cover: TICK } },
  way: { shape: "line", fields: { rope: TICK, minutes: NUMBER } },
  stay: { shape: "point", fields: { minutes: NUMBER } },
  overlook: { shape: "line", fields: { use: OVERLOOKS } },
};
export const COMMON = { name: TEXT, note: TEXT, level: NUMBER };
const SCALES = { metres: 1, centimetres: 0.01, millimetres: 0.001, feet: 0.3048 };

/** From coordinates of the plan to metres and back; degrees are laid flat about the plan's origin.
 * @param {{units: string, origin: number[] | null}} frame */
export function frameOf(frame) {
  if (frame.units !== "degrees") {
    const by = SCALES[/** @type {keyof typeof SCALES} */ (frame.units)] ?? 1;
    return { to: (/** @type {number[]} */ p) => [p[0] * by, p[1] * by], from: (/** @type {number[]} */ p) => p.map((v) => +(v / by).toFixed(4)) };
  }
  const [lon, lat] = frame.origin ?? [0, 0], turn = (lat * Math.PI) / 180;
  const squeezed = 1 - 0.00669437999014 * Math.sin(turn) ** 2;
  const north = (Math.PI / 180) * 6378137 * (1 - 0.00669437999014) / squeezed ** 1.5;
  const east = (Math.PI / 180) * 6378137 * Math.cos(turn) / Math.sqrt(squeezed);
  return {
    to: (/** @type {number[]} */ p) => [(p[0] - lon) * east, (p[1] - lat) * north],
    from: (/** @type {number[]} */ p) => [+(lon + p[0] / east).toFixed(8), +(lat + p[1] / north).toFixed(8)],
  };
}

/** Every point of nested coordinates through ``change``. @param {any} coordinates @param {(p: number[]) => number[]} change @returns {any} */
export function through(coordinates, change) {
  return typeof coordinates[0] === "number" ? change(coordinates) : coordinates.map((/** @type {any} */ one) => through(one, change));
}

/** The points that can be taken hold of, as references into the geometry. @param {any} geometry @returns {number[][]} */
export function handles(geometry) {
  const found = [];
  const walk = (/** @type {any} */ value) => { if (typeof value[0] === "number") found.push(value); else value.forEach(walk); };
  walk(geometry.coordinates);
  return found;
}

/** @param {string} kind @param {number[][]} points */
export function geometryOf(kind, points) {
  const shape = KINDS[kind].shape;
  if (shape === "point") return { type: kind === "seats" ? "MultiPoint" : "Point", coordinates: kind === "seats" ? [points[0]] : points[0] };
  if (shape === "line") return { type: "LineString", coordinates: points };
  return { type: "Polygon", coordinates: [[...points, [...points[0]]]] };
}

/** A shape of usual size about a place. @param {string} kind @param {number[]} at */
export function usual(kind, [x, y]) {
  const shape = KINDS[kind].shape;
  if (shape === "point") return geometryOf(kind, [[x, y]]);
  const half = kind === "door" ? 0.6 : kind === "gate" ? 1.2 : 2.5;
  if (shape === "line") return geometryOf(kind, [[x - half, y], [x + half, y]]);
  return geometryOf(kind, [[x - 2.5, y - 2], [x + 2.5, y - 2], [x + 2.5, y + 2], [x - 2.5, y + 2]]);
}
