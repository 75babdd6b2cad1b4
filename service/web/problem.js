/**
 * A refusal, as the service told it (RFC 9457), or as the page met it. `retryAfterS` is set when it asked for time;
 * `errors` are of the fields that it could not take: { where: ["body", "attributes", "price"], what }.
 */
export class Problem extends Error {
  constructor(code, detail, { status = 0, retryAfterS = null, suggestions = [], errors = [] } = {}) {
    super(detail || code);
    Object.assign(this, { code, detail, status, retryAfterS, suggestions, errors });
  }

  /** Whether asking the same again can end better: what was asked is at fault in most of the 4xx. */
  get mayPass() {
    return this.status < 400 || this.status >= 500 || [401, 403, 408, 429].includes(this.status);
  }

  get isBusy() {
    return this.retryAfterS !== null && [429, 503].includes(this.status);
  }

  static async of(response) {
    const { status } = response;
    const told = isProblem(response) ? await response.json().catch(() => null) : null;
    return new Problem(textIn(told?.code) || ([429, 503].includes(status) ? "overloaded" : "unreadable"), textIn(told?.detail), {
      status,
      retryAfterS: retryAfterS(response),
      suggestions: Array.isArray(told?.suggestions) ? told.suggestions.filter((one) => typeof one === "string") : [],
      errors: Array.isArray(told?.errors) ? told.errors.filter((one) => Array.isArray(one?.where) && textIn(one.what)) : [],
    });
  }

  /** A fault of this page's own is logged for whoever mends it; whoever looks at the page is not shown a stack. */
  static from(error) {
    if (error instanceof Problem) return error;
    console.error(error);
    return new Problem("page_fault", "");
  }
}

// Only a problem document's words are shown: a proxy's error page is no text for a shopper.
const isProblem = (response) => (response.headers.get("Content-Type") ?? "").startsWith("application/problem+json");

const textIn = (value) => (typeof value === "string" ? value : "");

function retryAfterS(response) {
  const header = response.headers.get("Retry-After");
  if (header === null) return null;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null;
}
