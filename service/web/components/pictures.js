/** Takes a picture from file inputs, a drop anywhere on the page, or a paste, until the signal is aborted. */
export function takePictures({ inputs, onPicture, onRefusal, signal }) {
  const take = (files, refusal) => {
    const picture = [...files].find(({ type }) => type.startsWith("image/"));
    if (picture) onPicture(picture);
    else onRefusal(files.length ? "pictures.no_picture" : refusal);
  };
  inputs.forEach((input) => input.addEventListener("change", () => chosen(input, take), { signal }));

  // The whole page takes drops: one that missed the frame would make the browser leave for the file.
  const listen = (name, act) => addEventListener(name, act, { signal });
  const dragging = (is) => document.body.toggleAttribute("data-dragging", is);
  listen("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    dragging(true);
  });
  listen("dragleave", (event) => event.relatedTarget === null && dragging(false));
  listen("drop", (event) => {
    dragging(false);
    if (!carriesFiles(event)) return;
    event.preventDefault();
    take(event.dataTransfer.files, "pictures.no_file");
  });
  // Pasted text is not for us, so it is left alone rather than refused.
  listen("paste", (event) => event.clipboardData?.files.length && take(event.clipboardData.files));
  signal.addEventListener("abort", () => dragging(false));
}

function chosen(input, take) {
  const files = [...input.files];
  // Emptied so that choosing the same file again counts as a change.
  input.value = "";
  if (files.length) take(files);
}

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") ?? false;
