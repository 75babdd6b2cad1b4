import { openDialog } from "../components/dialog.js";
import { make } from "../components/dom.js";
import { keys } from "../keys.js";
import { t } from "../words.js";

/** Asks for a key in a dialog; null when none is given. */
export async function askForKey(problem) {
  const field = make("input", {
    name: "key", class: "text", type: "password", autocomplete: "off", spellcheck: "false", required: true, pattern: "\\s*[!-~]+\\s*",
    "aria-describedby": "key-why", data: { testid: "key" },
  });
  const content = [
    make("p", { id: "key-why" }, t(reasonOf(problem))),
    make("label", { class: "field" }, make("span", {}, t("key.label")), field),
    make("p", { class: "quiet" }, t("key.kept")),
  ];
  const chosen = await openDialog({ title: t("key.title"), content, confirm: t("key.use"), focus: field, class: "dialog-narrow" }).closed;
  return chosen ? field.value.trim() : null;
}

function reasonOf({ status }) {
  if (status === 403) return "key.may_not";
  return keys.held ? "key.unknown" : "key.none";
}
