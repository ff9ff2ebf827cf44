// Small comforts, never needed: the choice of light or dark, and the print button. Every page works without this file.
"use strict";
(() => {
  const root = document.documentElement;
  const chosen = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const keep = (theme) => { try { localStorage.setItem("theme", theme); } catch { /* a browser that keeps nothing */ } };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => chosen() || (system.matches ? "dark" : "light");
  const wear = () => { if (chosen()) root.dataset.theme = chosen(); };
  wear();
  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      const name = () => { button.textContent = theme() === "dark" ? button.dataset.light : button.dataset.dark; };
      button.hidden = false;
      button.addEventListener("click", () => { keep(theme() === "dark" ? "light" : "dark"); wear(); name(); });
      system.addEventListener("change", name);
      name();
    }
    for (const button of document.querySelectorAll("[data-print]")) {
      button.hidden = false;
      button.addEventListener("click", () => print());
    }
    for (const form of document.querySelectorAll("form[data-at-once]")) {
      form.addEventListener("change", () => form.requestSubmit());
    }
  });
})();
