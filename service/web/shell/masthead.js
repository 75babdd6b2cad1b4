import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { keys } from "../keys.js";
import { t } from "../words.js";
import { languageSwitch } from "./language.js";
import { themeSwitch } from "./theme.js";

/** The navigation, and the switches beside it. */
export class Masthead {
  #current = null;

  constructor(views, { onLanguage }) {
    this.views = views;
    this.onLanguage = onLanguage;
    this.nav = document.getElementById("nav");
    this.switches = document.getElementById("switches");
  }

  show() {
    // Whoever pressed a switch keeps the focus, though the switch is made anew.
    const pressed = this.switches.contains(document.activeElement) ? document.activeElement.id : null;
    this.nav.replaceChildren(...this.views.filter(({ nav }) => nav).map((view) => this.#link(view)));
    this.switches.replaceChildren(...[keys.held && forgetKey(), languageSwitch(this.onLanguage), themeSwitch(() => this.show())].filter(Boolean));
    if (pressed) document.getElementById(pressed)?.focus();
  }

  mark(view) {
    this.#current = view;
    this.show();
  }

  #link(view) {
    return make("a", { href: view.path, "aria-current": view === this.#current ? "page" : null }, t(view.nav));
  }
}

function forgetKey() {
  const forget = () => keys.forget();
  return make("button", { type: "button", id: "forget-key", class: "switch", title: t("key.forget"), "aria-label": t("key.forget"), on: { click: forget } }, icon("key"), icon("close"));
}
