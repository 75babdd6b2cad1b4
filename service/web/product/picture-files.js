import { takeDrops } from "../components/file-drops.js";

/** Picture files from an input, a drop anywhere on the page, or a paste: several at once. */
export function takeFiles({ input, onFiles, onRefusal, signal }) {
  const take = (files) => {
    const pictures = files.filter(mayBePicture);
    if (pictures.length) onFiles(pictures);
    if (pictures.length < files.length) onRefusal(files.find((file) => !mayBePicture(file)).name);
  };

  input.addEventListener("change", () => {
    take([...input.files]);
    // Emptied so that choosing the same file again counts as a change.
    input.value = "";
  });
  takeDrops(take, signal);
  addEventListener("paste", ({ clipboardData }) => clipboardData?.files.length && take([...clipboardData.files]), { signal });
}

// Of some kinds of picture the system does not know the type; the service looks for itself.
const mayBePicture = ({ type }) => type === "" || type.startsWith("image/");
