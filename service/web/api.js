/** What went wrong, in words fit to be shown. `retryAfterS` is set when the service asked for time. */
export class Problem extends Error {
  constructor(title, detail, { status = 0, retryAfterS = null } = {}) {
    super(detail || title);
    this.title = title;
    this.detail = detail;
    this.status = status;
    this.retryAfterS = retryAfterS;
  }

  /** Whether asking the same again can end better: what was asked is at fault in most of the 4xx. */
  get mayPass() {
    return this.status < 400 || this.status >= 500 || [408, 429].includes(this.status);
  }
}

export const getStatus = () => call("/v1/status");

export const getCategories = () => call("/v1/categories");

export const getProduct = (id, signal) => call(productPath(id), { signal });

export function similarToProduct(id, { category, limit }, signal) {
  const parameters = new URLSearchParams({ limit });
  if (category) parameters.set("category", category);
  return call(`${productPath(id)}/similar?${parameters}`, { signal });
}

export function similarToImage(image, { category, limit }, signal) {
  const form = new FormData();
  form.set("image", image);
  form.set("limit", limit);
  if (category) form.set("category", category);
  return call("/v1/search/upload", { method: "POST", body: form, signal });
}

// Encoded as one segment, slashes too: written as separate segments, an id holding "/../" would be
// resolved away by the browser.
const productPath = (id) => `/v1/products/${encodeURIComponent(id)}`;

async function call(path, options = {}) {
  const response = await reach(path, options);
  if (!response.ok) throw await problemIn(response);
  try {
    return await response.json();
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Problem("The answer could not be read", "Something other than the Vizinho API answered.");
  }
}

async function reach(path, options) {
  try {
    return await fetch(path, { ...options, headers: { Accept: "application/json" } });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Problem("The service cannot be reached", "Check that it is running, then try again.");
  }
}

async function problemIn(response) {
  const { status } = response;
  const document = isProblem(response) ? await response.json().catch(() => null) : null;
  return new Problem(
    text(document?.title) || "The service could not answer",
    text(document?.detail) || `It answered with status ${status}.`,
    { status, retryAfterS: retryAfterS(response) },
  );
}

// Only a problem document's words are shown: a proxy's error page is no text for a shopper.
const isProblem = (response) => (response.headers.get("Content-Type") ?? "").startsWith("application/problem+json");

const text = (value) => (typeof value === "string" ? value : "");

function retryAfterS(response) {
  const header = response.headers.get("Retry-After");
  if (header === null) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null;
}
