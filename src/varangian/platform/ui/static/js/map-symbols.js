/** Our own map symbols, drawn on a canvas: a shape for the kind of place, the sprite's icon inside; hatching for areas. */

/** category: [shape, icon] */
const PLACES = /** @type {Record<string, [string, string]>} */ ({
  residence: ["house", "home-shield"], hotel: ["square", "bed"], venue: ["square", "building"], office: ["square", "building"],
  airport: ["round", "plane"], station: ["round", "bus"], hospital: ["cross", "first-aid-kit"], haven: ["shield", "shield-check"],
  police: ["shield", "shield"], embassy: ["shield", "flag"], choke: ["diamond", "barrier-block"], danger: ["triangle", "alert-triangle"],
  other: ["round", "map-pin"],
});
export const CATEGORIES = Object.keys(PLACES);
const SIZE = 30, RATIO = 2;

export const COLOURS = /** @type {Record<string, Record<string, string>>} */ ({
  dark: { edge: "#0b1118", fill: "#e8eef5", ink: "#0e1720", line: "#d3dde8", dim: "#8fa2b6", blue: "#5aa9ff", red: "#ff5d52", amber: "#f2b13c", green: "#58c98f", text: "#f1f5f9", halo: "#0b1118" },
  light: { edge: "#ffffff", fill: "#1c2a38", ink: "#ffffff", line: "#24384c", dim: "#6c7c8c", blue: "#0f62c4", red: "#bf211c", amber: "#a86700", green: "#14713f", text: "#101a24", halo: "#ffffff" },
  night: { edge: "#0a0000", fill: "#e0543f", ink: "#120202", line: "#e0654f", dim: "#a23c2d", blue: "#ff9a85", red: "#ff5a42", amber: "#d9523f", green: "#b9432f", text: "#ff7b64", halo: "#0a0000" },
});

/** @type {Promise<Document> | undefined} */
let sprite;

/** @param {string} url */
function icons(url) {
  sprite ??= fetch(url).then((answer) => answer.text()).then((text) => new DOMParser().parseFromString(text, "image/svg+xml"));
  return sprite;
}

/** @param {number} width @param {number} height */
function canvas(width, height) {
  const made = document.createElement("canvas");
  made.width = width;
  made.height = height;
  return /** @type {CanvasRenderingContext2D} */ (made.getContext("2d", { willReadFrequently: true }));
}

/** The outline of a symbol in a box of 30 by 30. @param {string} shape */
function outline(shape) {
  const d = {
    round: "M15 2a13 13 0 1 1 0 26a13 13 0 1 1 0-26Z", square: "M5 3h20a2 2 0 0 1 2 2v20a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2Z",
    house: "M15 1.500 28 11v15a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V11Z", shield: "M15 1.500 27 5v11c0 6-5 10-12 12.500C8 26 3 22 3 16V5Z",
    cross: "M10 2h10v8h8v10h-8v8H10v-8H2V10h8Z", diamond: "M15 1 29 15 15 29 1 15Z", triangle: "M15 2 29 27H1Z",
    arrow: "M15 2 25 27 15 21 5 27Z",
  }[shape];
  return new Path2D(d);
}

/**
 * @param {string} shape
 * @param {string} fill
 * @param {Record<string, string>} c
 * @param {Document} [svg]
 * @param {string} [icon]
 */
function symbol(shape, fill, c, svg, icon) {
  const g = canvas(SIZE * RATIO, SIZE * RATIO);
  g.scale(RATIO, RATIO);
  g.fillStyle = fill;
  g.strokeStyle = c.edge;
  g.lineWidth = 2;
  g.lineJoin = "round";
  const path = outline(shape);
  g.fill(path);
  g.stroke(path);
  if (svg && icon && shape !== "cross" && shape !== "triangle") {
    g.translate(shape === "house" ? 7.5 : 7, shape === "house" ? 10 : 7);
    g.scale(shape === "house" ? 0.62 : 0.667, shape === "house" ? 0.62 : 0.667);
    g.strokeStyle = c.ink;
    g.lineWidth = 2.4;
    g.lineCap = "round";
    for (const part of svg.querySelectorAll(`symbol#${icon} path`)) g.stroke(new Path2D(part.getAttribute("d") ?? ""));
  } else if (shape === "triangle") {
    g.fillStyle = c.ink;
    g.font = "bold 17px sans-serif";
    g.textAlign = "center";
    g.fillText("!", 15, 23.500);
  }
  return g.getImageData(0, 0, SIZE * RATIO, SIZE * RATIO);
}

/** Diagonal lines; red is dense, amber wide: they differ without colour too. @param {string} colour @param {number} step */
function hatch(colour, step) {
  const g = canvas(step, step);
  g.strokeStyle = colour;
  g.globalAlpha = 0.75;
  g.lineWidth = 1.6;
  for (const at of [-step, 0, step]) {
    g.beginPath();
    g.moveTo(at, step);
    g.lineTo(at + step, 0);
    g.stroke();
  }
  return g.getImageData(0, 0, step, step);
}

/**
 * Gives the map every image its layers name.
 * @param {any} map
 * @param {string} theme
 * @param {string} url of the icon sprite
 */
export async function addImages(map, theme, url) {
  const c = COLOURS[theme] ?? COLOURS.dark;
  const svg = await icons(url);
  const images = /** @type {[string, ImageData, number][]} */ ([
    ["hatch-red", hatch(c.red, 8), 1], ["hatch-amber", hatch(c.amber, 14), 1],
    ["member", symbol("arrow", c.blue, c), RATIO], ["member-still", symbol("round", c.blue, c, svg, "user"), RATIO],
    ["member-lost", symbol("round", c.dim, c, svg, "wifi-off"), RATIO], ["principal-lost", symbol("shield", c.dim, c, svg, "crown"), RATIO],
    ["principal", symbol("shield", c.amber, c, svg, "crown"), RATIO],
    ["hazard-red", symbol("triangle", c.red, c), RATIO], ["hazard-amber", symbol("triangle", c.amber, c), RATIO],
  ]);
  for (const [category, [shape, icon]] of Object.entries(PLACES)) {
    const fill = category === "danger" ? c.red : category === "choke" ? c.amber : ["haven", "hospital", "police"].includes(category) ? c.green : c.fill;
    images.push([`place-${category}`, symbol(shape, fill, c, svg, icon), RATIO]);
  }
  for (const [name, image, pixelRatio] of images) {
    // a change of theme keeps the images of the style before it
    if (map.hasImage(name)) map.updateImage(name, image);
    else map.addImage(name, image, { pixelRatio });
  }
}
