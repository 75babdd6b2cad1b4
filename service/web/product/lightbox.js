import { openDialog } from "../components/dialog.js";
import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { t } from "../words.js";
import { showing } from "./original.js";

/** A product's pictures in full, one at a time; the arrow keys turn the pages. */
export function openLightbox({ name, images, at, signal, onTurn }) {
  const picture = make("img", { alt: name, data: { testid: "full-picture" } });
  const count = make("p", { class: "lightbox-count", role: "status" });
  const original = make("a", { target: "_blank", rel: "noopener" }, t("product.original"));
  const back = turner("product.previous_picture", "lightbox-back", () => turn(-1));
  const on = turner("product.next_picture", "lightbox-on", () => turn(1));

  function turn(step) {
    at = (at + step + images.length) % images.length;
    showing(picture, images[at]);
    original.href = images[at].url;
    count.textContent = t("product.picture_of", { at: at + 1, count: images.length });
    onTurn(at);
  }

  turn(0);
  const several = images.length > 1;
  const foot = make("div", { class: "lightbox-foot" }, several && back, several && count, several && on, original);
  const { dialog } = openDialog({ title: name, content: [make("div", { class: "lightbox-picture" }, picture), foot], class: "lightbox", signal });
  dialog.addEventListener("keydown", ({ key }) => several && turn({ ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0));
}

const turner = (words, kind, act) => make("button", { type: "button", class: `switch ${kind}`, "aria-label": t(words), on: { click: act } }, icon("forward"));
