import { alike, pathWords } from "./words.js";

const ATTRIBUTES_SHOWN = 3;
const GHOSTS = 12;

export function showHits(list, hits, addressFor) {
  list.replaceChildren(...hits.map((hit, index) => card(hit, index + 1, addressFor(hit.id))));
}

/** Empty places of the cards' own size, so that nothing moves when the cards arrive. */
export function showGhosts(list, limit) {
  list.replaceChildren(...Array.from({ length: Math.min(limit, GHOSTS) }, (_, index) => ghost(index + 1)));
}

function card(hit, rank, address) {
  const item = make("li", "card");
  item.dataset.testid = "result";
  item.dataset.productId = hit.id;

  const link = make("a", "card-title", hit.title || hit.id);
  link.href = address;
  link.dir = "auto";
  link.title = hit.title || hit.id;

  const category = make("p", "card-category", pathWords(hit.category ?? ""));
  category.dir = "auto";
  category.title = category.textContent;

  item.append(picture(hit.image, rank), link, category, score(hit.score), attributes(hit.attributes ?? {}));
  return item;
}

function picture(image, rank) {
  const frame = make("div", "card-picture");
  if (image?.thumbnail_url) {
    const img = make("img");
    img.alt = "";
    img.loading = "lazy";
    img.decoding = "async";
    img.draggable = false;
    img.addEventListener("error", () => img.remove());
    img.src = image.thumbnail_url;
    frame.append(img);
  }
  frame.append(houseNumber(rank));
  return frame;
}

function score(value) {
  const row = make("div", "score");
  row.title = `Cosine similarity ${value}`;
  const bar = make("meter");
  bar.value = value;
  // The words beside it say the same.
  bar.setAttribute("aria-hidden", "true");
  row.append(make("span", "score-words", alike(value)), make("span", "score-exact", value.toFixed(3)), bar);
  return row;
}

function attributes(pairs) {
  const list = make("ul", "attributes");
  const shown = Object.entries(pairs).filter(([, value]) => isPlain(value)).slice(0, ATTRIBUTES_SHOWN);
  list.append(...shown.map(([key, value]) => attribute(key, value)));
  return list;
}

function attribute(key, value) {
  // "Navy" explains itself; "true" and "39.9" do not.
  const item = make("li", "", typeof value === "string" ? value : `${key} ${value}`);
  item.title = `${key}: ${value}`;
  item.dir = "auto";
  return item;
}

const isPlain = (value) => ["string", "number", "boolean"].includes(typeof value) && value !== "";

function ghost(rank) {
  const item = make("li", "card ghost");
  item.setAttribute("aria-hidden", "true");
  const frame = make("div", "card-picture");
  frame.append(houseNumber(rank));
  item.append(frame, make("div", "card-title"), make("div", "card-category"), make("div", "score"), make("div", "attributes"));
  return item;
}

const houseNumber = (rank) => make("span", "house-number", String(rank));

function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}
