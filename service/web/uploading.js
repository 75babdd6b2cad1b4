const BODILESS = [204, 205, 304];

/** What asks as fetch() does, and tells how much of the body has gone: onProgress(share), 0 to 1. */
export const telling = (onProgress) => (path, { method, headers, body, signal }) =>
  new Promise((resolve, reject) => {
    const asking = new XMLHttpRequest();
    const abort = () => asking.abort();
    const failed = () => reject(signal?.aborted ? signal.reason : new TypeError("The request failed"));
    signal?.throwIfAborted();
    asking.open(method, path);
    asking.responseType = "blob";
    Object.entries(headers).forEach(([name, value]) => asking.setRequestHeader(name, value));
    asking.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 1));
    asking.addEventListener("load", () => resolve(answerOf(asking)));
    asking.addEventListener("error", failed);
    asking.addEventListener("abort", failed);
    asking.addEventListener("loadend", () => signal?.removeEventListener("abort", abort));
    signal?.addEventListener("abort", abort);
    asking.send(body);
  });

function answerOf(asking) {
  const lines = asking.getAllResponseHeaders().trim().split(/\r?\n/).filter(Boolean);
  const headers = lines.map((line) => line.split(/:\s*(.*)/s).slice(0, 2));
  return new Response(BODILESS.includes(asking.status) ? null : asking.response, { status: asking.status, headers });
}
