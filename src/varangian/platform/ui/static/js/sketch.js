/** A sketch drawn with a finger, a pen or the mouse: on a grid, or over the picture chosen. It becomes the file of its field. */

const WIDE = 1200, HIGH = 800, GRID = 50, PAPER = "#ffffff", LINES = "#d5dde5";
const WIDTHS = { pen: 5, marker: 16 };

/** @typedef {{ colour: string, width: number, points: number[][] }} Stroke */

/** @param {CanvasRenderingContext2D} pen */
function paper(pen) {
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, WIDE, HIGH);
  pen.strokeStyle = LINES;
  pen.lineWidth = 1;
  pen.beginPath();
  for (let x = GRID; x < WIDE; x += GRID) { pen.moveTo(x, 0); pen.lineTo(x, HIGH); }
  for (let y = GRID; y < HIGH; y += GRID) { pen.moveTo(0, y); pen.lineTo(WIDE, y); }
  pen.stroke();
}

/** @param {CanvasRenderingContext2D} pen @param {Stroke} stroke */
function ink(pen, { colour, width, points }) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.lineCap = pen.lineJoin = "round";
  pen.beginPath();
  pen.moveTo(points[0][0], points[0][1]);
  for (const [x, y] of points.length > 1 ? points.slice(1) : points) pen.lineTo(x, y);
  pen.stroke();
}

/** The picture in the middle, as large as it fits. @param {CanvasRenderingContext2D} pen @param {ImageBitmap} picture */
function under(pen, picture) {
  const scale = Math.min(WIDE / picture.width, HIGH / picture.height);
  const [w, h] = [picture.width * scale, picture.height * scale];
  pen.drawImage(picture, (WIDE - w) / 2, (HIGH - h) / 2, w, h);
}

class Pad {
  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.dialog = dialog;
    this.canvas = /** @type {HTMLCanvasElement} */ (dialog.querySelector("canvas"));
    this.canvas.width = WIDE;
    this.canvas.height = HIGH;
    this.pen = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    /** @type {Stroke[]} */ this.strokes = [];
    /** @type {ImageBitmap | null} */ this.picture = null;
    /** @type {HTMLInputElement | null} */ this.field = null;
    this.canvas.addEventListener("pointerdown", (event) => this.down(event));
    this.canvas.addEventListener("pointermove", (event) => this.move(event));
    dialog.querySelector("[data-sketch-undo]")?.addEventListener("click", () => { this.strokes.pop(); this.draw(); });
    dialog.querySelector("[data-sketch-clear]")?.addEventListener("click", () => { this.strokes = []; this.draw(); });
    dialog.querySelector("[data-sketch-keep]")?.addEventListener("click", () => this.keep());
  }

  /** @param {HTMLInputElement} field */
  async open(field) {
    this.field = field;
    this.strokes = [];
    const file = field.files?.[0];
    this.picture = file ? await createImageBitmap(file).catch(() => null) : null;
    this.draw();
    this.dialog.showModal();
  }

  draw() {
    paper(this.pen);
    if (this.picture) under(this.pen, this.picture);
    for (const stroke of this.strokes) ink(this.pen, stroke);
  }

  /** @param {PointerEvent} event */
  at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * WIDE, ((event.clientY - box.top) / box.height) * HIGH];
  }

  /** @param {PointerEvent} event */
  down(event) {
    this.canvas.setPointerCapture(event.pointerId);
    const chosen = /** @type {HTMLInputElement} */ (this.dialog.querySelector("input[name=sketch-pen]:checked"));
    const width = WIDTHS[/** @type {keyof WIDTHS} */ (chosen.dataset.width ?? "pen")];
    this.strokes.push({ colour: chosen.value, width, points: [this.at(event)] });
    this.draw();
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (!this.canvas.hasPointerCapture(event.pointerId)) return;
    this.strokes.at(-1)?.points.push(this.at(event));
    this.draw();
  }

  keep() {
    this.canvas.toBlob((blob) => {
      if (!blob || !this.field) return;
      const files = new DataTransfer();
      files.items.add(new File([blob], "sketch.png", { type: "image/png" }));
      this.field.files = files.files;
      this.field.dispatchEvent(new Event("change", { bubbles: true }));
      this.dialog.close();
      this.field.focus();
    }, "image/png");
  }
}

/** @param {HTMLElement} dialog */
export function mount(dialog) {
  const pad = new Pad(/** @type {HTMLDialogElement} */ (dialog));
  document.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-sketch-for]");
    const field = document.getElementById(button?.getAttribute("data-sketch-for") ?? "");
    if (field instanceof HTMLInputElement) void pad.open(field);
  });
}
