const numbers = new Intl.NumberFormat("en");

export const countOf = (number) => numbers.format(number);

export const plural = (number, noun) => `${countOf(number)} ${noun}${number === 1 ? "" : "s"}`;

export const pathWords = (path) => path.split("/").join(" \u203a ");

export function alike(score) {
  // Rounding alone would call two different pictures 100 % alike.
  const percent = score >= 0.9995 ? 100 : Math.min(99, Math.round(score * 100));
  return `${Math.max(0, percent)} % alike`;
}
