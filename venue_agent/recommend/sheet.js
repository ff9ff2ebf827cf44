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
  // As the agent normalises an address: no case, no +tag, no dots before gmail.com.
  const address = (text) => {
    const [name, domain] = text.toLowerCase().replace(/\s/g, "").split("@");
    const gmail = domain === "gmail.com" || domain === "googlemail.com";
    const plain = name.split("+")[0];
    return `${gmail ? plain.replaceAll(".", "") : plain}@${gmail ? "gmail.com" : domain}`;
  };
  const hashed = async (text) => {
    const bytes = new TextEncoder().encode("farandole/counter-sheet/1:" + text);
    const made = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(made, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  who.addEventListener("input", async () => {
    const asked = who.value.trim();
    const name = asked.includes("@") ? await hashed(address(asked)) : asked;
    if (asked !== who.value.trim()) return; // another letter was typed meanwhile
    // C0012 is found as c0012 too: nobody should have to look for the shift key.
    const known = [name, name.toUpperCase(), name.toLowerCase()].find((each) => Object.hasOwn(held.people, each));
    const found = known === undefined ? null : held.lists[held.people[known]];
    list.replaceChildren();
    said.textContent = asked && !found ? said.dataset.none : "";
    for (const line of found ?? []) {
      const item = document.createElement("li");
      item.append(part("strong", "name", line.name), " ", part("span", "kind", line.kind));
      if (line.show) item.append(part("span", "show", line.show));
      item.append(part("span", "why", line.why));
      list.append(item);
    }
  });
})();
