import { showAdding, showEditing } from "./editing.js";
import { showProduct } from "./reading.js";

/** /product?id=… shows one, with &edit=1 it is changed, and without an id one is added. */
export function show(context) {
  const id = context.params.get("id");
  if (!id) return showAdding(context);
  return context.params.has("edit") ? showEditing(context, id) : showProduct(context, id);
}
