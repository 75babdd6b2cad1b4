import { getStatus } from "../api.js";
import { make } from "../components/dom.js";
import { t } from "../words.js";

let asked = null;

/** What the service says of itself. Asked once, for whoever wants to know. */
export function serviceStatus() {
  asked ??= getStatus().catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}

/** The banner above all views, and the line below them. */
export async function tellService() {
  try {
    const status = await serviceStatus();
    tellWeights(status.embedder.trained);
    document.getElementById("about").textContent = aboutWords(status);
  } catch {
    // The view meets the same trouble, and says so where it is looked for.
  }
}

/** Every search's answer says it as well. */
export function tellWeights(trained) {
  const banner = document.getElementById("untrained-banner");
  banner.hidden = trained;
  banner.replaceChildren(make("strong", {}, t("banner.untrained")), " ", t("banner.means"), " ", make("code", {}, "VIZINHO_WEIGHTS"));
}

const aboutWords = ({ version, products, embedder: { backbone, weights, device } }) =>
  t("shell.about", { version, count: products, backbone, weights, device });
