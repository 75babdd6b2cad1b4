import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { t } from "../words.js";
import { openLightbox } from "./lightbox.js";
import { showing } from "./original.js";

/** A product's pictures: one large, the others small beside it, and each of them in full when it is asked for. */
export function gallery({ id, title, images }, signal) {
  let at = 0;
  const name = title || id;
  const large = make("img", { alt: name });
  const open = () => openLightbox({ name, images, at, signal, onTurn: choose });
  const frame = make("button", { type: "button", class: "gallery-main", "aria-label": t("product.enlarge", { name }), data: { testid: "enlarge" }, on: { click: open } }, large, make("span", { class: "gallery-hint" }, icon("search")));
  const small = images.map((image, index) => thumbnail(image, t("product.picture_of", { at: index + 1, count: images.length }), () => choose(index)));

  function choose(index) {
    at = index;
    showing(large, images[at]);
    small.forEach((button, place) => button.setAttribute("aria-pressed", String(place === at)));
  }

  choose(0);
  const strip = images.length > 1 && make("ul", { class: "gallery-strip", role: "list" }, ...small.map((button) => make("li", {}, button)));
  return make("div", { class: "gallery" }, frame, strip);
}

function thumbnail({ thumbnail_url: source }, name, act) {
  return make("button", { type: "button", class: "gallery-thumb", "aria-label": name, on: { click: act } }, make("img", { src: source, alt: "", loading: "lazy" }));
}
