// Small comforts, never needed: the choice of light or dark, the print button, charts to explore. Every page works without this file.
"use strict";
(() => {
  const root = document.documentElement;
  const chosen = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const keep = (theme) => { try { localStorage.setItem("theme", theme); } catch { /* a browser that keeps nothing */ } };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => chosen() || (system.matches ? "dark" : "light");
  const wear = () => { if (chosen()) root.dataset.theme = chosen(); };
  wear();
  // A chart to explore is fetched when it is asked for, and the page never waits for it.
  const explorable = (button) => {
    const place = document.getElementById(button.getAttribute("aria-controls"));
    let open = null;
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-busy") === "true") return;
      if (open) { open.close(); open = null; place.replaceChildren(); place.hidden = true; }
      else {
        button.setAttribute("aria-busy", "true");
        button.textContent = button.dataset.wait;
        place.hidden = false;
        try { open = await (await import(button.dataset.code)).open(place, button.dataset.explore); }
        catch { const told = document.createElement("p"); told.setAttribute("role", "status"); told.textContent = button.dataset.failed; place.replaceChildren(told); }
        button.removeAttribute("aria-busy");
      }
      button.setAttribute("aria-expanded", String(Boolean(open)));
      button.textContent = open ? button.dataset.close : button.dataset.open;
    });
  };
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
    for (const button of document.querySelectorAll("[data-explore]")) explorable(button);
    for (const form of document.querySelectorAll("form[data-at-once]")) {
      form.addEventListener("change", () => form.requestSubmit());
    }
  });
})();
