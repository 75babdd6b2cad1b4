import { make } from "../components/dom.js";
import { icon } from "../components/icons.js";
import { lasting } from "../kept.js";
import { t } from "../words.js";

const preferred = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : preferred.matches);

export function themeSwitch(onChange) {
  preferred.onchange = onChange;
  const act = () => {
    turn(isDark() ? "light" : "dark");
    onChange();
  };
  const words = t(isDark() ? "theme.light" : "theme.dark");
  return make("button", { type: "button", id: "theme", class: "switch", title: words, "aria-label": words, data: { testid: "theme" }, on: { click: act } }, icon(isDark() ? "sun" : "moon"));
}

/** What the system prefers anyhow is not kept: it may change its mind, at dusk say. */
function turn(theme) {
  if ((theme === "dark") === preferred.matches) {
    delete root.dataset.theme;
    lasting.remove("theme");
  } else {
    root.dataset.theme = theme;
    lasting.set("theme", theme);
  }
}
