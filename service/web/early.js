// A classic script, so that it runs before the first paint: nobody is to see the other theme flash by.
try {
  const theme = localStorage.getItem("vizinho.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // A browser that keeps nothing for this page shows what the system prefers.
}
