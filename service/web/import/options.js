import { make } from "../components/dom.js";
import { t } from "../words.js";

const LAYOUTS = ["auto", "folder", "styles", "fashion", "names", "table"];

/** How the file is to be read, where it does not say so itself. */
export function importOptions() {
  const layout = make("select", { name: "layout" }, ...LAYOUTS.map((one) => make("option", { value: one }, t(`import.layout.${one}`))));
  const map = make("textarea", { class: "text", name: "map", rows: 3, spellcheck: "false", maxlength: 10_000, placeholder: "id=sku\nprice:number=Price" });
  const from = text("category_from", { maxlength: 1000, placeholder: "gender,type" });
  const separator = text("separator", { maxlength: 10, value: "|" });
  const folder = text("folder", { maxlength: 1000 });
  const limit = text("limit", { type: "number", min: 0, step: 1, inputmode: "numeric" });
  const anew = make("input", { type: "checkbox", name: "replace", value: "true" });
  const element = make("details", { class: "import-options", data: { testid: "options" } }, make("summary", {}, t("import.options")),
    make("div", { class: "option-fields" },
      field("import.layout", layout), field("import.map", map, "import.map_hint"), field("import.category_from", from, "import.category_from_hint"),
      field("import.separator", separator), field("import.folder", folder, "import.folder_hint"), field("import.limit", limit, "import.limit_hint"),
      make("label", { class: "tick" }, anew, make("span", {}, t("import.replace")))));
  const value = () => ({
    layout: layout.value, map: map.value, category_from: from.value.trim(), separator: separator.value, folder: folder.value.trim(), limit: limit.value,
    replace: anew.checked ? "true" : "",
  });
  return { element, value };
}

const text = (name, more) => make("input", { class: "text", name, autocomplete: "off", spellcheck: "false", ...more });

function field(words, control, hint = null) {
  const id = `option-${control.name}`;
  control.id = id;
  const note = hint && make("span", { class: "field-hint", id: `${id}-hint` }, t(hint));
  if (note) control.setAttribute("aria-describedby", note.id);
  return make("div", { class: "field" }, make("label", { for: id }, t(words)), control, note);
}
