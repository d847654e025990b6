/** What the screen knows: one object that all parts read and only app.js writes. */

export const state = {
  user: "",
  /** @type {any} as the house gave it */
  snapshot: null,
  /** @type {any} with what is queued laid over it */
  shown: null,
  queue: [],
  recent: [],
  count: 0,
  wire: "",
  /** @type {string | null} when the house was last heard */
  heardAt: null,
  sealed: false,
  wiped: false,
};
