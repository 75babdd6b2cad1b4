import { t } from "../words.js";
import { make } from "./dom.js";
import { icon } from "./icons.js";

let opened = 0;

/**
 * Opens a modal dialog over the page and gives { close, closed, dialog }. `content` is nodes. With `confirm`, words, it
 * is a form with two buttons; `danger` colours the confirming one. `closed` is a promise of whether it was confirmed.
 * `signal` closes it when its view is left.
 */
export function openDialog({ title, content, confirm = null, danger = false, focus = null, class: kind = "", signal = null }) {
  let confirmed = false;
  const close = () => dialog.close();
  const heading = make("h2", { id: `dialog-${++opened}` }, title);
  const leave = make("button", { type: "button", class: "switch", "aria-label": t("dialog.close"), on: { click: close } }, icon("close"));
  const submit = (event) => {
    event.preventDefault();
    confirmed = true;
    close();
  };
  const body = confirm === null ? make("div", { class: "dialog-body" }, ...content)
    : make("form", { class: "dialog-body", on: { submit } }, ...content, buttons(confirm, danger, close));
  const dialog = make("dialog", { class: `dialog ${kind}`, "aria-labelledby": heading.id }, make("header", { class: "dialog-head" }, heading, leave), body);
  const closed = new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(confirmed);
    });
  });
  // A click on what is around it: the dialog itself is the target only there.
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  signal?.addEventListener("abort", close, { once: true });
  document.body.append(dialog);
  dialog.showModal();
  focus?.focus();
  return { close, closed, dialog };
}

const buttons = (confirm, danger, close) =>
  make("div", { class: "dialog-buttons" },
    make("button", { type: "button", class: "button quiet-button", on: { click: close } }, t("dialog.cancel")),
    make("button", { class: danger ? "button danger" : "button", data: { testid: "confirm" } }, confirm));
