import { deleteProduct } from "../api.js";
import { openDialog } from "../components/dialog.js";
import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { problemPanel } from "../components/problem-panel.js";
import { toast } from "../components/toast.js";
import { Problem } from "../problem.js";
import { t } from "../words.js";

/** Asks, removes the product, and leads to where it stood. */
export function removeButton(product, { root, signal, go }) {
  const name = product.title || product.id;
  const button = make("button", { type: "button", class: "button quiet-button", data: { testid: "delete" }, on: { click: ask } }, icon("trash"), t("product.delete"));

  async function ask() {
    const content = [make("p", {}, t("product.delete_what", { name, count: product.images.length }))];
    if (await openDialog({ title: t("product.delete_title"), content, confirm: t("product.delete"), danger: true, class: "dialog-narrow", signal }).closed) await remove();
  }

  async function remove() {
    root.querySelector(".problem")?.remove();
    button.ariaBusy = "true";
    try {
      await gone(product.id);
    } catch (error) {
      // The signal is not handed on: a removal goes on though its view is left, and then there is nobody to tell.
      if (!signal.aborted) button.closest(".acts").after(problemPanel(Problem.from(error), { again: remove }));
      return;
    } finally {
      button.ariaBusy = null;
    }
    toast(t("product.deleted", { name }));
    if (!signal.aborted) await go("/catalogue", { category: product.category });
  }

  return button;
}

/** Whoever was faster has done the same. */
async function gone(id) {
  try {
    await deleteProduct(id);
  } catch (error) {
    if (error.code !== "unknown_product") throw error;
  }
}
