import { hasWords, locale, number, t } from "../words.js";

export const hasEnded = ({ state }) => !["queued", "running"].includes(state);

/** What it does, where the page has words for it; else in those of the service. */
export function doingWords({ doing }) {
  const key = `import.doing.${(doing.toLowerCase().match(/\w+/g) ?? []).join("_")}`;
  return hasWords(key) ? { text: t(key) } : { text: doing, lang: "en" };
}

/** As long as the rest takes if it goes on as it went so far; "" where that cannot be told yet. */
export function restWords({ state, started, read, expected }, now = Date.now()) {
  const passedS = (now - Date.parse(started)) / 1000;
  if (state !== "running" || !expected || read < 10 || passedS < 3) return "";
  return t("import.rest", { time: timeWords((passedS * Math.max(0, expected - read)) / read) });
}

export function timeWords(seconds) {
  const unit = seconds < 90 ? ["second", seconds] : seconds < 5400 ? ["minute", seconds / 60] : ["hour", seconds / 3600];
  return number(Math.max(1, Math.round(unit[1])), { style: "unit", unit: unit[0], unitDisplay: "long" });
}

export const sizeWords = (bytes) => {
  const [unit, of] = bytes < 1e3 ? ["byte", 1] : bytes < 1e6 ? ["kilobyte", 1e3] : bytes < 1e9 ? ["megabyte", 1e6] : ["gigabyte", 1e9];
  return number(bytes / of, { style: "unit", unit, maximumFractionDigits: bytes / of < 10 ? 1 : 0 });
};

export const momentWords = (moment) => new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(moment));
