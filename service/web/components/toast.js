import { make } from "./dom.js";

const SHOWN_MS = 6000;

/** A sentence at the foot of the page that goes by itself; `action` is { label, act }. */
export function toast(text, { action = null } = {}) {
  const note = make("div", { class: "toast" }, make("span", {}, text));
  const leave = setTimeout(() => note.remove(), SHOWN_MS);
  if (action) {
    const act = () => {
      clearTimeout(leave);
      note.remove();
      action.act();
    };
    note.append(make("button", { type: "button", class: "link", on: { click: act } }, action.label));
  }
  document.getElementById("toasts").append(note);
}
