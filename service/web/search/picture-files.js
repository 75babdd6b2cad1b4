const MOST_PIXELS = 1600;
const MOST_BYTES = 2_000_000;
const QUALITY = 0.92;

/** A phone's photograph, made small enough to travel fast. The network looks at far fewer pixels than that. */
export async function shrunk(file) {
  const bitmap = await decoded(file);
  if (bitmap === null) return file;
  const longest = Math.max(bitmap.width, bitmap.height);
  if (file.size <= MOST_BYTES && longest <= 2 * MOST_PIXELS) return file;
  const scale = Math.min(1, MOST_PIXELS / longest);
  return drawn(bitmap, { left: 0, top: 0, right: 1, bottom: 1 }, scale, file.name);
}

/** A part of a picture, as a picture. One that the browser cannot draw stays whole. */
export async function cropped(file, crop) {
  const bitmap = await decoded(file);
  return bitmap === null ? file : drawn(bitmap, crop, 1, file.name);
}

export async function asBase64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

// Upright, as the person who took it sees it: the default of "from-image" turns it by its EXIF.
const decoded = (file) => createImageBitmap(file).catch(() => null);

async function drawn(bitmap, { left, top, right, bottom }, scale, name) {
  const [x, y] = [Math.round(left * bitmap.width), Math.round(top * bitmap.height)];
  const width = Math.max(1, Math.round((right - left) * bitmap.width));
  const height = Math.max(1, Math.round((bottom - top) * bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const pen = canvas.getContext("2d");
  // JPEG knows no transparency: what shows nothing is white, as the service sees it too.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, x, y, width, height, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  return new File([blob], name ?? "picture.jpg", { type: "image/jpeg" });
}
