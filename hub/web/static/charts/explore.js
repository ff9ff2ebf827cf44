// A chart to explore, beside the one that the server drew: loaded when it is asked for, never needed. It fetches published figures,
// draws on a canvas, and says each of them in a sentence that the keyboard reaches and a screen reader speaks.
import * as charts from "./echarts.min.js";
import { DRAWINGS, SYMBOL_SIGNS, symbolOf } from "./drawings.js";
import { LOCALES } from "./locale.js";

for (const [code, words] of Object.entries(LOCALES)) charts.registerLocale(code, words);
const still = matchMedia("(prefers-reduced-motion: reduce)");
const coarse = matchMedia("(pointer: coarse)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const SERIES = { light: ["#135560", "#b8480f", "#6a4aa3", "#7a5200", "#a3315f", "#3c6b1f"], dark: ["#86cfdb", "#f0996f", "#b9a2ea", "#e6bd62", "#f08fb4", "#9fd07a"] };

// The inks of the page, as they are now: light, dark or high contrast.
function inks(place) {
  const probe = document.createElement("span");
  probe.hidden = true;
  place.append(probe);
  const of = (name) => { probe.style.color = `var(--${name})`; return getComputedStyle(probe).color; };
  const ink = Object.fromEntries(["ink", "soft", "line", "paper", "panel", "card", "fill", "span", "accent", "few"].map((name) => [name, of(name)]));
  const half = (one, other) => `rgb(${[0, 1, 2].map((i) => Math.round((one[i] + other[i]) / 2)).join(", ")})`;
  ink.hatch = half(...[ink.few, ink.paper].map((colour) => colour.match(/\d+/g).map(Number)));
  ink.shades = ["h1", "h2", "h3", "h4", "h5", "h6"].map(of);
  [ink.onFive, ink.onSix] = [of("on-h5"), of("on-h6")];
  const theme = document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");
  ink.series = SERIES[theme];
  probe.remove();
  return ink;
}

// A sentence on lines of a tooltip; a brace of a name can start no style of rich text.
function folded(text, most) {
  const lines = [""];
  for (const word of text.replaceAll("{", "{\u2060").split(" ")) {
    const last = lines[lines.length - 1];
    if (last && last.length + word.length >= most) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.join("\n");
}

function element(name, attributes = {}, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

class Explorer {
  constructor(place, data) {
    this.data = data;
    this.view = { sureOnly: false, zoom: 1, hidden: new Set(), width: 0, coarse: coarse.matches };
    this.at = -1;
    this.controls = element("div", { class: "controls" });
    this.stage = element("div", { class: "stage", role: "application", tabindex: "0", "aria-label": data.about });
    this.canvas = element("div");
    this.stage.append(this.canvas);
    this.reading = element("p", { class: "reading", "aria-live": "polite" }, coarse.matches ? data.say.touch : data.say.hint);
    const { few, dotted, interval, pale } = data.say;
    const legend = { heat: few, areas: few, ring: pale, flows: pale, spans: `${interval} ${dotted}` }[data.kind];
    place.append(this.controls, this.stage, element("p", { class: "note" }, legend), this.reading);
    this.chart = charts.init(this.canvas, null, { renderer: "canvas", locale: data.lang });
    this.offer();
    this.draw();
    this.listen();
  }

  offer() {
    const { say } = this.data;
    const check = (text, sign, on, change) => {
      const label = element("label");
      const box = element("input", { type: "checkbox" });
      box.checked = on;
      box.addEventListener("change", () => { change(box.checked); this.draw(); });
      label.append(box, " ");
      if (sign) label.append(sign);
      label.append(text);
      this.controls.append(label);
    };
    check(say.sure_only, null, false, (on) => { this.view.sureOnly = on; });
    const series = this.data.kind === "spans" ? this.data.panels[0].series : [];
    if (series.length > 1) {
      series.forEach((each, at) => {
        const sign = element("span", { class: "sign", "aria-hidden": "true", "data-series": at }, `${SYMBOL_SIGNS[symbolOf(at)]} `);
        check(each.name, sign, true, (on) => { this.view.hidden[on ? "delete" : "add"](each.name); });
      });
    }
  }

  zoomers() {
    if (this.zoomed) return;
    this.zoomed = true;
    const { say } = this.data;
    const button = (text, act) => {
      const made = element("button", { type: "button" }, text);
      made.addEventListener("click", () => { act(); this.draw(true); });
      this.controls.append(made);
    };
    button(say.bigger, () => { this.view.zoom = Math.min(6, this.view.zoom * 1.4); });
    button(say.smaller, () => { this.view.zoom = Math.max(1, this.view.zoom / 1.4); });
    button(say.whole, () => { this.view.zoom = 1; this.anew = true; });
  }

  draw(zoomOnly = false) {
    this.view.width = this.stage.clientWidth;
    const ink = inks(this.stage);
    const drawn = DRAWINGS[this.data.kind](this.data, ink, this.view, charts);
    this.items = drawn.items;
    this.edges = Boolean(drawn.edges);
    if (drawn.zooms) this.zoomers();
    for (const sign of this.controls.querySelectorAll("[data-series]")) sign.style.color = ink.series[Number(sign.dataset.series) % ink.series.length];
    this.canvas.style.height = `${Math.round(drawn.height)}px`;
    this.chart.resize();
    const option = {
      animation: !still.matches, animationDuration: 400, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink.ink },
      aria: { enabled: true, label: { enabled: true, description: this.data.about } },
      tooltip: { renderMode: "richText", confine: true, backgroundColor: ink.card, borderColor: ink.few, textStyle: { color: ink.ink, fontSize: 13 }, formatter: (one) => folded(one.data?.said ?? "", 44) },
      ...drawn.option,
    };
    this.chart.setOption(option, { notMerge: !zoomOnly || this.anew, lazyUpdate: false });
    this.anew = false;
  }

  // Goes to one figure: it stands out, and its sentence is read.
  go(to) {
    const type = this.edges ? { dataType: "edge" } : {};
    const target = (item) => ({ seriesIndex: item.series ?? 0, dataIndex: item.at, ...type });
    if (this.items[this.at]) this.chart.dispatchAction({ type: "downplay", ...target(this.items[this.at]) });
    this.at = Math.max(0, Math.min(this.items.length - 1, to));
    const item = this.items[this.at];
    if (!item) return;
    this.chart.dispatchAction({ type: "highlight", ...target(item) });
    this.reading.textContent = item.said;
  }

  // The figure a line above or below, in the same column.
  beside(step) {
    const now = this.items[this.at];
    if (!now || now.y === undefined) return this.at + step;
    const near = this.items.findIndex((one) => one.x === now.x && one.y === now.y + step && (one.series ?? 0) === (now.series ?? 0));
    return near < 0 ? this.at : near;
  }

  listen() {
    const moves = {
      ArrowRight: () => this.at + 1, ArrowLeft: () => this.at - 1, ArrowDown: () => this.beside(1), ArrowUp: () => this.beside(-1),
      Home: () => 0, End: () => this.items.length - 1,
    };
    this.stage.addEventListener("keydown", (event) => {
      const move = moves[event.key];
      if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.go(move());
    });
    const read = (one) => { if (one.data?.said) this.reading.textContent = one.data.said; };
    this.chart.on("mouseover", read);
    this.chart.on("click", read);
    const again = () => this.draw();
    this.watchers = [new ResizeObserver(() => { if (this.stage.clientWidth !== this.view.width) this.draw(); }), new MutationObserver(again)];
    this.watchers[0].observe(this.stage);
    this.watchers[1].observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    dark.addEventListener("change", again);
    this.forget = () => dark.removeEventListener("change", again);
  }

  close() {
    for (const watcher of this.watchers) watcher.disconnect();
    this.forget();
    this.chart.dispose();
  }
}

// Fetches what there is to explore and draws it in *place*; what goes wrong goes through.
export async function open(place, address) {
  const answer = await fetch(address, { credentials: "omit", redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  const data = await answer.json();
  return new Explorer(place, data);
}
