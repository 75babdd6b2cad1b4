import { takeDrops } from "./file-drops.js";

/** Takes a picture from file inputs, a drop anywhere on the page, or a paste, until the signal is aborted. */
export function takePictures({ inputs, onPicture, onRefusal, signal }) {
  const take = (files) => {
    const picture = [...files].find(({ type }) => type.startsWith("image/"));
    if (picture) onPicture(picture);
    else onRefusal("pictures.no_picture");
  };
  inputs.forEach((input) => input.addEventListener("change", () => chosen(input, take), { signal }));
  takeDrops(take, signal, () => onRefusal("pictures.no_file"));
  // Pasted text is not for us, so it is left alone rather than refused.
  addEventListener("paste", ({ clipboardData }) => clipboardData?.files.length && take(clipboardData.files), { signal });
}

function chosen(input, take) {
  const files = [...input.files];
  // Emptied so that choosing the same file again counts as a change.
  input.value = "";
  if (files.length) take(files);
}
