import { lasting } from "./kept.js";
import { en } from "./words/en.js";
import { pt } from "./words/pt.js";

const LANGUAGES = {
  en: { words: en, locale: "en" },
  pt: { words: pt, locale: "pt-BR" },
};

let spoken = lasting.get("language") ?? navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in LANGUAGES);
if (!(spoken in LANGUAGES)) spoken = "en";

export const language = () => spoken;

export const locale = () => LANGUAGES[spoken].locale;

export function speak(wanted) {
  spoken = wanted;
  lasting.set("language", wanted);
}

/** The words for a key. `{name}` is filled from the values; of `{one, other}` the `count` chooses. */
export function t(key, values = {}) {
  const found = LANGUAGES[spoken].words[key];
  if (found === undefined) throw new Error(`No words for ${key}`);
  const text = typeof found === "string" ? found : found[pluralOf(values.count)];
  return text.replace(/\{(\w+)\}/g, (_, name) => shown(values[name]));
}

export const hasWords = (key) => key in LANGUAGES[spoken].words;

export const number = (value, options) => new Intl.NumberFormat(locale(), options).format(value);

export const percent = (share) => number(share, { style: "percent" });

export const pathWords = (path) => path.split("/").join(" \u203a ");

// Portuguese has a form for millions that none of these sentences needs.
const pluralOf = (count) => (new Intl.PluralRules(locale()).select(count) === "one" ? "one" : "other");

const shown = (value) => (typeof value === "number" ? number(value) : String(value));
