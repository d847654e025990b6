/** Pictures made small before they are kept, and voice notes. */

const SIDE = 1600, QUALITY = 0.82, LONGEST_S = 180;
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

/** What is too large for a weak link is made smaller; what cannot be read is sent as it is. @param {File} file */
export async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  } catch {
    return file;
  }
}

/** @returns {Promise<{stop: () => Promise<Blob>, ended: Promise<void>}>} a running recording */
export async function record() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 24_000 });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  const ended = new Promise((done) => { recorder.onstop = () => done(undefined); });
  recorder.start(1000);
  const limit = setTimeout(() => recorder.state === "recording" && recorder.stop(), LONGEST_S * 1000);
  const stop = async () => {
    clearTimeout(limit);
    if (recorder.state !== "inactive") recorder.stop();
    await ended;
    stream.getTracks().forEach((track) => track.stop());
    return new Blob(parts, { type: (mimeType ?? "audio/webm").split(";")[0] });
  };
  return { stop, ended };
}

export const canRecord = () => Boolean(navigator.mediaDevices?.getUserMedia && window.MediaRecorder);

/** Where this phone is, if it says so soon. @returns {Promise<Record<string, any>>} */
export function here() {
  return new Promise((done) => {
    if (!navigator.geolocation) return done({});
    const found = ({ coords }) => done({ position: [coords.latitude, coords.longitude], accuracy: Math.round(coords.accuracy) });
    navigator.geolocation.getCurrentPosition(found, () => done({}), { enableHighAccuracy: true, timeout: 4000, maximumAge: 30_000 });
  });
}
