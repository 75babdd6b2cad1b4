import { locale, t } from "../words.js";

/** The words that stand in the shell's HTML. */
export function sayShell() {
  document.documentElement.lang = locale();
  document.querySelectorAll("[data-t]").forEach((element) => { element.textContent = t(element.dataset.t); });
  document.querySelectorAll("[data-t-label]").forEach((element) => { element.ariaLabel = t(element.dataset.tLabel); });
}
