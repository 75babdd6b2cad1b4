/** The filter that an address holds as JSON; anything else is no filter. */
export function filterIn(text) {
  try {
    const filter = JSON.parse(text ?? "{}");
    return filter !== null && typeof filter === "object" && !Array.isArray(filter) ? filter : {};
  } catch {
    return {};
  }
}
