// ReDoc's menu asks a CDN for its maker's logo, and shows none where that fails. It is told so before it asks.
const LOGO = "https://cdn.redoc.ly/redoc/logo-mini.svg";
const NOTHING = "data:,";
const picture = HTMLImageElement.prototype;
const own = Object.getOwnPropertyDescriptor(picture, "src");
const reachable = (address) => (address === LOGO ? NOTHING : address);
Object.defineProperty(picture, "src", {
  ...own,
  set(address) {
    own.set.call(this, reachable(address));
  },
});
picture.setAttribute = function (name, value) {
  Element.prototype.setAttribute.call(this, name, reachable(value));
};

const SANS = '"Avenir Next", Avenir, "Segoe UI", Ubuntu, "Noto Sans", system-ui, sans-serif';
const MONO = 'ui-monospace, "SF Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace';

Redoc.init(
  "/openapi.json",
  {
    jsonSampleExpandLevel: 3,
    nativeScrollbars: true,
    theme: {
      colors: { primary: { main: "#1f3fb8" } },
      typography: {
        fontFamily: SANS,
        headings: { fontFamily: SANS },
        code: { fontFamily: MONO },
      },
    },
  },
  document.getElementById("docs"),
);
