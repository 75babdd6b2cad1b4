import { getCategories, getProduct, getStats } from "../api.js";
import { make } from "../components/dom.js";
import { toast } from "../components/toast.js";
import { Problem } from "../problem.js";
import { address } from "../router.js";
import { t } from "../words.js";
import { ProductForm } from "./form.js";
import { showProduct } from "./reading.js";
import { add, change } from "./saving.js";
import { guardUnsaved } from "./unsaved.js";

const NOTHING = { id: "", title: "", category: "", attributes: {}, images: [] };
const VALUES_OFFERED = 50;

export async function showAdding(context) {
  head(context, t("product.adding"));
  const product = { ...NOTHING, category: context.params.get("category") ?? "" };
  await showForm(context, { product, isNew: true, leave: address("/catalogue", { category: product.category }) });
}

export async function showEditing(context, id) {
  const heading = head(context, t("product.editing", { name: id }));
  const product = await getProduct(id, context.signal);
  heading.textContent = t("product.editing", { name: product.title || id });
  await showForm(context, { product, isNew: false, leave: address("/product", { id }) });
}

function head({ root, title }, words) {
  const heading = make("h1", { dir: "auto" }, words);
  root.replaceChildren(heading);
  title(words);
  return heading;
}

async function showForm(context, said) {
  const { root, signal, announce } = context;
  const [tree, known] = await Promise.all([getCategories(signal), knownAttributes(signal)]);
  signal.throwIfAborted();
  const form = new ProductForm({ ...said, tree, known, signal, announce, onSave: save });
  const release = guardUnsaved(() => form.isChanged, context);
  root.append(form.element);

  async function save() {
    try {
      const id = await (said.isNew ? add : change)(form, signal);
      release();
      toast(t(said.isNew ? "product.added" : "product.saved"));
      await showSaved(context, id);
    } catch (error) {
      if (!signal.aborted) form.showProblem(Problem.from(error), () => form.element.requestSubmit());
    }
  }
}

/** In the form's stead: who goes back from here wants no form that is done with. */
async function showSaved(context, id) {
  context.amend({ id });
  context.root.replaceChildren();
  const showing = showProduct({ ...context, params: new URLSearchParams({ id }) }, id);
  const heading = context.root.querySelector("h1");
  heading.tabIndex = -1;
  scrollTo(0, 0);
  heading.focus({ preventScroll: true });
  await showing;
}

/** What the catalogue's attributes hold. Who does not get it told writes on without: the service looks at it again. */
async function knownAttributes(signal) {
  try {
    const { distributions } = await getStats({ top: VALUES_OFFERED }, signal);
    const own = distributions.filter(({ name, kind }) => kind !== "category" && name !== "dominant_colours");
    return new Map(own.map(({ name, kind, values }) => [name, { kind, values: kind === "keyword" ? values.map(({ value }) => value) : [] }]));
  } catch (error) {
    signal.throwIfAborted();
    Problem.from(error);
    return new Map();
  }
}
