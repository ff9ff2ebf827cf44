// Asks for the stages anew every two seconds, while the page is looked at; without this file, « Actualiser » does.
"use strict";
(() => {
  const place = document.querySelector("[data-again]");
  if (!place) return;
  let last = "";
  const again = async () => {
    if (document.hidden || place.contains(document.activeElement)) return;
    try {
      const answer = await fetch(place.dataset.again + location.search, { credentials: "same-origin", redirect: "error" });
      if (!answer.ok) return;
      const text = await answer.text();
      if (text !== last) { place.innerHTML = text; last = text; }
    } catch { /* the next try may do better */ }
  };
  setInterval(again, 2000);
})();
