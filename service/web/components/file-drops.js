/** What is dropped anywhere on the page: onFiles([...]), onNothing() where it was no file after all. One that missed its
 * place would make the browser leave for the file. */
export function takeDrops(onFiles, signal, onNothing = () => {}) {
  const settle = () => document.body.removeAttribute("data-dragging");
  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    document.body.toggleAttribute("data-dragging", true);
  }, { signal });
  addEventListener("dragleave", (event) => event.relatedTarget === null && settle(), { signal });
  addEventListener("drop", (event) => {
    settle();
    if (!carriesFiles(event)) return;
    event.preventDefault();
    const files = [...event.dataTransfer.files];
    if (files.length) onFiles(files);
    else onNothing();
  }, { signal });
  signal.addEventListener("abort", settle);
}

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") ?? false;
