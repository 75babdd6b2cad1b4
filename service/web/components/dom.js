/**
 * make("a", { class: "card", href, on: { click }, data: { testid: "result" } }, "text", child, ...)
 * Null, undefined and false attributes and children are left out; true is an attribute without a value.
 */
export function make(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

export function makeSvg(tag, attributes = {}, ...children) {
  return furnish(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

const absent = (value) => value === null || value === undefined || value === false;

function furnish(element, { on = {}, data = {}, style = {}, ...attributes }, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (!absent(value)) element.setAttribute(name, value === true ? "" : value);
  }
  Object.entries(data).filter(([, value]) => !absent(value)).forEach(([name, value]) => { element.dataset[name] = value; });
  // By CSSOM: the page's policy allows no style attributes.
  Object.entries(style).forEach(([name, value]) => element.style.setProperty(name, value));
  Object.entries(on).forEach(([name, act]) => element.addEventListener(name, act));
  element.append(...children.flat().filter((child) => !absent(child)));
  return element;
}
