/** What an attribute may hold, and how a person writes it. */
export const KINDS = ["text", "number", "bool", "list"];

export function kindOf(value) {
  if (Array.isArray(value)) return "list";
  if (typeof value === "boolean") return "bool";
  return typeof value === "number" ? "number" : "text";
}

/** As it stands in a field. */
export function written(value) {
  return Array.isArray(value) ? value.join("\n") : String(value);
}

/** What was meant; undefined where nothing was, NaN where it is no number. */
export function meant(kind, text) {
  const said = text.trim();
  if (kind === "list") return listed(said);
  if (said === "") return undefined;
  if (kind === "bool") return said === "true";
  return kind === "number" ? numberIn(said) : said;
}

function listed(text) {
  const values = text.split("\n").map((line) => line.trim()).filter(Boolean);
  return values.length ? values : undefined;
}

// A comma is how half the world writes a decimal point; with both, nobody can tell which is which.
function numberIn(text) {
  const number = Number(/^[^.]*,[^.,]*$/.test(text) ? text.replace(",", ".") : text);
  return Number.isFinite(number) ? number : NaN;
}

export const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
