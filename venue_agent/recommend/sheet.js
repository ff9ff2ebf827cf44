"use strict";
(() => {
  const held = JSON.parse(document.getElementById("data").textContent);
  const who = document.getElementById("who");
  const said = document.getElementById("said");
  const list = document.getElementById("list");
  const part = (tag, kind, text) => {
    const made = document.createElement(tag);
    made.className = kind;
    made.textContent = text;
    return made;
  };
  who.addEventListener("input", () => {
    const asked = who.value.trim();
    const found = Object.hasOwn(held.people, asked) ? held.lists[held.people[asked]] : null;
    list.replaceChildren();
    said.textContent = asked && !found ? said.dataset.none : "";
    for (const line of found ?? []) {
      const item = document.createElement("li");
      item.append(part("strong", "name", line.name), " ", part("span", "kind", line.kind));
      item.append(part("span", "why", line.why));
      list.append(item);
    }
  });
})();
