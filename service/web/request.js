import { keys } from "./keys.js";
import { Problem } from "./problem.js";

/**
 * fetch(), with the key where one is held or asked for. An answer that is not OK is thrown as a Problem. `through` is
 * what asks in fetch's stead.
 */
export async function request(path, { json, headers, through = fetch, ...options } = {}) {
  const body = json === undefined ? {} : { body: JSON.stringify(json), headers: { "Content-Type": "application/json" } };
  const asking = { method: json === undefined ? "GET" : "POST", ...options, ...body };
  for (;;) {
    const { held, asked } = keys;
    const response = await reach(through, path, { ...asking, headers: { Accept: "application/json", ...body.headers, ...headers, ...shown(held) } });
    if (response.ok) return response;
    const problem = await Problem.of(response);
    if (!wantsKey(problem)) throw problem;
    // Whoever was asked while this one was under way has answered for it too.
    if (keys.asked === asked && keys.held === held) await keys.wanted(problem);
    options.signal?.throwIfAborted();
    if (keys.held === held) throw problem;
  }
}

export async function requestJson(path, options = {}) {
  const response = await request(path, options);
  try {
    return await response.json();
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Problem("unreadable", "");
  }
}

const shown = (key) => (key ? { Authorization: `Bearer ${key}` } : {});

const wantsKey = ({ status, code }) => status === 401 || (status === 403 && code === "forbidden");

async function reach(through, path, options) {
  try {
    return await through(path, options);
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Problem("unreachable", "");
  }
}
