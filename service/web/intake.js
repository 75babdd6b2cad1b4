/** Takes a picture from the file input, a drop anywhere on the page, or a paste. */
export function takePictures({ input, onPicture, onRefusal }) {
  const take = (files, refusal) => {
    const picture = [...files].find((file) => file.type.startsWith("image/"));
    if (picture) onPicture(picture);
    else onRefusal(files.length ? "That file is not a picture." : refusal);
  };

  input.addEventListener("change", () => {
    if (input.files.length) take(input.files);
    // Emptied so that choosing the same file again counts as a change.
    input.value = "";
  });

  // The whole page takes drops: one that missed the frame would make the browser leave for the file.
  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    document.body.toggleAttribute("data-dragging", true);
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) document.body.removeAttribute("data-dragging");
  });
  addEventListener("drop", (event) => {
    document.body.removeAttribute("data-dragging");
    if (!carriesFiles(event)) return;
    event.preventDefault();
    take(event.dataTransfer.files, "That drop held no picture file. Save the picture first, then drop the file.");
  });

  addEventListener("paste", (event) => {
    // Pasted text is not for us, so it is left alone rather than refused.
    if (event.clipboardData?.files.length) take(event.clipboardData.files);
  });
}

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") ?? false;
