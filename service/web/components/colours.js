import { hasWords, t } from "../words.js";
import { make } from "./dom.js";

/** A shade that stands for each of the names the service gives to colours. */
const SHADES = {
  black: "#1c1c1f", grey: "#949496", white: "#ffffff", beige: "#e3d3b8", brown: "#7b5133", red: "#d62631", burgundy: "#6a1a2a",
  orange: "#f08a34", yellow: "#f2d12e", olive: "#73703c", green: "#2e7a40", teal: "#1f7f80", turquoise: "#4cc4c4", blue: "#2f6fc9",
  navy: "#1c2747", purple: "#62378a", pink: "#ec7fa6",
};

export const shadeOf = (name) => SHADES[name] ?? "transparent";

export const colourWords = (name) => (hasWords(`colour.${name}`) ? t(`colour.${name}`) : name);

/** A dot of the colour; its name stands beside it, or is given to what holds it. */
export const swatch = (name) => make("span", { class: "swatch", "aria-hidden": "true", style: { "--shade-shown": shadeOf(name) } });
