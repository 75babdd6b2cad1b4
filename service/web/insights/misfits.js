import { listMisfits } from "../api.js";
import { make } from "../components/dom.js";
import { t } from "../words.js";
import { misfitRow } from "./misfit.js";
import { Walked } from "./walked.js";

/** Products whose neighbours stand elsewhere, each with what they suggest. */
export class Misfits extends Walked {
  constructor({ left }) {
    super({
      left, part: "misfits", lead: t("insights.misfits_lead"),
      slider: { label: t("insights.agreement"), name: "agreement", least: 0.55, most: 1, step: 0.05, start: 0.8 },
      wanted: 10, list: () => make("ol", { class: "misfits", role: "list" }), draw: misfitRow,
      nothing: { title: t("insights.no_misfits"), what: t("insights.no_misfits.what") },
      look: listMisfits, found: "products",
      say: ({ examined, found }) => `${t("insights.asked", { count: examined })} ${t("insights.strays", { count: found })}`,
    });
  }
}
