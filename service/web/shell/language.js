import { make } from "../components/dom.js";
import { language, speak } from "../words.js";

const OTHER = { en: { to: "pt", lang: "pt-BR", short: "PT", name: "Português" }, pt: { to: "en", lang: "en", short: "EN", name: "English" } };

/** Offers the other language, in that language. */
export function languageSwitch(onChange) {
  const { to, lang, short, name } = OTHER[language()];
  const act = () => {
    speak(to);
    onChange();
  };
  return make("button", { type: "button", id: "language", class: "switch", lang, title: name, "aria-label": name, data: { testid: "language" }, on: { click: act } }, short);
}
