/**
 * The page's views. `nav` is the words of its place in the navigation; a view without it is reached from others.
 * Each module exports show(context): see router.js.
 */
export const views = [
  { path: "/", name: "search", nav: "nav.search", load: () => import("./search/view.js") },
  { path: "/catalogue", name: "catalogue", nav: "nav.catalogue", load: () => import("./catalogue/view.js") },
  { path: "/insights", name: "insights", nav: "nav.insights", load: () => import("./insights/view.js") },
  { path: "/import", name: "import", nav: "nav.import", load: () => import("./import/view.js") },
  { path: "/product", name: "product", load: () => import("./product/view.js") },
];
