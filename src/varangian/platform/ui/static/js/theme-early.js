// Before the first paint: the theme this person chose last.
(() => {
  const known = ["dark", "light", "night"];
  let theme = "dark";
  try { theme = localStorage.getItem("vg-theme") || theme; } catch { /* storage is shut: the default */ }
  if (!known.includes(theme)) theme = "dark";
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.bsTheme = theme === "light" ? "light" : "dark";
})();
