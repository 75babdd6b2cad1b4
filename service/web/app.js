import { addressOf, amend, currentSearch, visit } from "./address.js";
import { Answer } from "./answer.js";
import { getCategories, getProduct, getStatus, Problem, similarToImage, similarToProduct } from "./api.js";
import { chooseCategory, fillCategories } from "./categories.js";
import { takePictures } from "./intake.js";
import { StatusLine } from "./statusline.js";
import { Subject } from "./subject.js";
import { keep, kept } from "./uploads.js";
import { pathWords, plural } from "./words.js";

const BOOT_GRACE_MS = 500;

const at = (id) => document.getElementById(id);
const category = at("category-select");
const limit = at("limit-select");
const subject = new Subject({
  image: at("query-image"), verb: at("drop-verb"), title: at("subject-title"), note: at("subject-note"),
});
const answer = new Answer(at("results"), new StatusLine(at("state")));

// Hits seen so far, so that the query picture changes at once when one of them is chosen.
const seen = new Map();
let running = new AbortController();
let catalogueIsEmpty = false;

async function show(search) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  showControls(search);
  if (search.product !== null) {
    showProduct(search.product, signal);
    await run(search, signal, () => similarToProduct(search.product, search, signal));
  } else if (kept(search.upload)) {
    subject.showUpload(kept(search.upload));
    document.title = "Vizinho";
    await run(search, signal, () => similarToImage(kept(search.upload), search, signal));
  } else {
    showStart(search);
  }
}

async function run(search, signal, ask) {
  answer.load(search.limit);
  try {
    const found = await ask();
    // An answer that was already being read when its search was abandoned is not stopped by the abort.
    if (!signal.aborted) showFound(search, found);
  } catch (error) {
    if (!signal.aborted) answer.fail(asProblem(error), () => show(search));
  }
}

function showFound(search, found) {
  if (found.embedder?.trained === false) at("untrained-banner").hidden = false;
  found.results.forEach((hit) => seen.set(hit.id, hit));
  if (found.results.length) answer.show(found, search.category, (id) => addressOf(toProduct(search, id)));
  else if (catalogueIsEmpty) answer.showEmptyCatalogue(start);
  else answer.showNothing(search.category, () => go({ ...search, category: "" }));
}

function showStart(search) {
  document.title = "Vizinho";
  subject.clear();
  if (catalogueIsEmpty) answer.showEmptyCatalogue(start);
  else if (search.upload) answer.invite(search.limit, "That picture is no longer held here. Give it again to search.");
  else answer.invite(search.limit);
}

function showControls(search) {
  chooseCategory(category, search.category);
  if (![...limit.options].some(({ value }) => value === String(search.limit))) limit.add(new Option(search.limit));
  limit.value = String(search.limit);
}

async function showProduct(id, signal) {
  const hit = seen.get(id);
  nameProduct(hit ?? { id });
  if (hit) return;
  try {
    const product = await getProduct(id, signal);
    if (!signal.aborted) nameProduct({ ...product, image: product.images?.[0] });
  } catch {
    // The search for its neighbours meets the same trouble and says so.
  }
}

function nameProduct({ id, title, category: path, image }) {
  subject.showProduct(title || id, pathWords(path ?? ""), image?.thumbnail_url);
  document.title = `Like ${title || id} \u00b7 Vizinho`;
}

const toProduct = (search, id) => ({ ...search, product: id, upload: null });

function go(search) {
  visit(search);
  return show(search);
}

/** A change of the controls is a step to go back to only when it is a search. */
function change(part) {
  const search = { ...currentSearch(), ...part };
  if (search.product === null && !kept(search.upload)) amend(search);
  else visit(search);
  show(search);
}

function openHit(event) {
  const chosen = event.target.closest("[data-product-id]");
  const wantsTab = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (!chosen || wantsTab) return;
  event.preventDefault();
  go(toProduct(currentSearch(), chosen.dataset.productId));
  scrollTo(0, 0);
  // The chosen card is about to go, and the keyboard's place with it.
  at("answer-heading").focus({ preventScroll: true });
}

async function start() {
  const [status, tree] = await Promise.allSettled([getStatus(), getCategories()]);
  if (status.status === "fulfilled") showService(status.value);
  if (tree.status === "fulfilled") fillCategories(category, tree.value);
  const failed = [status, tree].find((outcome) => outcome.status === "rejected");
  const search = currentSearch();
  if (search.product !== null || kept(search.upload)) return;
  if (failed) answer.fail(asProblem(failed.reason), start);
  else showStart(search);
}

function showService({ version, products, embedder }) {
  catalogueIsEmpty = products === 0;
  at("product-count").textContent = plural(products, "product");
  at("untrained-banner").hidden = embedder.trained;
  at("colophon").textContent = `Vizinho ${version} \u00b7 ${embedder.backbone}, ${embedder.weights} weights, on ${embedder.device}`;
}

// A fault of this page's own is logged for whoever mends it; whoever searches is not shown a stack.
function asProblem(error) {
  if (error instanceof Problem) return error;
  console.error(error);
  return new Problem("Something went wrong on this page", "Try again, or reload the page.");
}

const reveal = () => document.body.removeAttribute("data-booting");

takePictures({
  input: at("file-input"),
  onPicture: (picture) => go({ ...currentSearch(), product: null, upload: keep(picture) }),
  onRefusal: (words) => {
    running.abort();
    answer.refuse(words);
  },
});
category.addEventListener("change", () => change({ category: category.value }));
limit.addEventListener("change", () => change({ limit: Number(limit.value) }));
at("results").addEventListener("click", openHit);
// Followed as a link it would leave a history entry that has forgotten the uploaded picture.
at("skip").addEventListener("click", (event) => {
  event.preventDefault();
  at("answer-heading").focus();
});
addEventListener("popstate", () => show(currentSearch()));

show(currentSearch());
// Hidden until the service has said whether the banner is needed, which would push everything down.
start().finally(reveal);
setTimeout(reveal, BOOT_GRACE_MS);
