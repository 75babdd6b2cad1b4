import { getProduct } from "../api.js";
import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { address } from "../router.js";
import { t } from "../words.js";
import { facts } from "./facts.js";
import { gallery } from "./gallery.js";
import { neighbours } from "./neighbours.js";
import { removeButton } from "./removal.js";
import { trail } from "./trail.js";

/** One product as it stands in the catalogue, and what looks like it. */
export async function showProduct(context, id) {
  const { root, signal, title } = context;
  const heading = make("h1", { dir: "auto" }, id);
  const way = trail("");
  const empty = make("div", { class: "gallery" }, make("div", { class: "gallery-main" }));
  const about = make("div", { class: "about" }, heading);
  root.replaceChildren(way, make("div", { class: "sheet" }, empty, about));
  title(id);
  const product = await getProduct(id, signal);
  signal.throwIfAborted();
  title(product.title || id);
  heading.textContent = product.title || id;
  // The heading stays where it is: it has the focus, which an element that is moved loses.
  way.replaceWith(trail(product.category));
  empty.replaceWith(gallery(product, signal));
  about.append(facts(product), acts(product, context));
  const around = neighbours(product, context);
  root.append(around.element);
  await around.load();
}

function acts(product, context) {
  const { id } = product;
  return make("div", { class: "acts" },
    make("a", { class: "button", href: address("/", { product: id }), data: { testid: "more-like-this" } }, icon("search"), t("product.like_this")),
    make("a", { class: "button quiet-button", href: address("/product", { id, edit: 1 }), data: { testid: "edit" } }, icon("edit"), t("product.edit")),
    removeButton(product, context));
}
