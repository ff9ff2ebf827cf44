// Turns the data of a drawing into what ECharts draws. Names and sentences stay text: canvas alone, no markup, no template of theirs.
const FAINT = 0.12;
const WIDE = 620; // pixels under which names are shortened or numbered
const SYMBOLS = ["circle", "square", "up", "diamond", "down", "cross"];

const dim = (wording, view) => (view.sureOnly && wording !== "presque-sur" ? FAINT : 1);
const hatch = (ink) => (ink.pattern ??= { color: ink.hatch, dashArrayX: [1, 0], dashArrayY: [1, 6], rotation: -Math.PI / 4, symbol: "rect" });
const shaded = (shade, ink) => (shade > 0 ? { color: ink.shades[shade - 1] } : { color: ink.paper, decal: hatch(ink) });
const inked = (shade, ink) => (shade === 5 ? ink.onFive : shade === 6 ? ink.onSix : shade === 0 ? ink.few : ink.ink);
const short = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const started = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);

function heat(data, ink, view) {
  const wide = view.width >= WIDE;
  const bold = view.width / (data.columns.length + (wide ? 4 : 2)) >= 34;
  const heads = data.columns.map((name, i) => (data.numbered ? String(i + 1) : name));
  const lines = data.lines.map((name, i) => (data.numbered ? `${i + 1}  ${name}` : started(name)));
  return {
    height: 64 + 40 * lines.length,
    option: {
      grid: { left: 8, right: 8, top: 8, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: heads, position: "top", axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: ink.soft, interval: 0, formatter: (name) => short(name, wide ? 14 : 5) } },
      yAxis: { type: "category", data: lines, inverse: true, axisLine: { show: false }, axisTick: { show: false }, axisLabel: { color: ink.ink, fontSize: 13, formatter: (name) => short(name, wide ? 34 : 15) } },
      series: [{
        type: "heatmap", id: "main",
        data: data.cells.map((cell) => ({
          value: [cell.x, cell.y, cell.shade], said: cell.said,
          itemStyle: { ...shaded(cell.shade, ink), borderColor: ink.paper, borderWidth: 2, borderRadius: 3, opacity: dim(cell.wording, view) },
          label: { show: bold, color: dim(cell.wording, view) < 1 ? ink.soft : inked(cell.shade, ink), formatter: () => cell.text },
        })),
        emphasis: { itemStyle: { borderColor: ink.accent, borderWidth: 3 } },
      }],
    },
    items: data.cells.map((cell, at) => ({ at, said: cell.said, x: cell.x, y: cell.y })),
  };
}

function ring(data, ink, view) {
  const wide = view.width >= WIDE;
  const size = Math.min(view.width, 620);
  const linked = data.places.map((name, i) => ({ name, i })).filter(({ i }) => data.links.some((link) => link.from === i || link.to === i));
  const at = new Map(linked.map(({ i }, place) => [i, place]));
  return {
    height: size,
    option: {
      series: [{
        type: "chord", id: "main", radius: wide ? ["60%", "64%"] : ["52%", "56%"], padAngle: 3, minAngle: 2,
        label: { color: ink.ink, fontSize: 13, formatter: (one) => (wide ? short(one.name, 24) : String(linked[one.dataIndex].i + 1)) },
        data: linked.map(({ name, i }) => ({ id: `place-${i}`, name, said: `${i + 1}. ${name}`, itemStyle: { color: ink.shades[5] } })),
        links: data.links.map((link) => ({
          source: at.get(link.from), target: at.get(link.to), value: link.value, said: link.said,
          lineStyle: { color: "source", opacity: dim(link.wording, view) < 1 ? 0.04 : link.wording === "presque-sur" ? 0.6 : 0.3 },
        })),
        emphasis: { focus: "adjacency", lineStyle: { opacity: 0.9 } },
        blur: { lineStyle: { opacity: 0.06 } },
      }],
    },
    edges: true,
    items: data.links.map((link, at) => ({ at, said: link.said })),
  };
}

function flows(data, ink, view) {
  const top = data.links[0].value;
  const wide = view.width >= WIDE;
  return {
    height: Math.max(320, Math.min(620, (view.width * data.height) / data.width)),
    zooms: true,
    option: {
      series: [{
        type: "graph", id: "main", layout: "none", roam: view.coarse ? false : "move", zoom: view.zoom, left: "8%", right: "8%", top: "8%", bottom: "12%", preserveAspect: true,
        edgeSymbol: ["none", "arrow"], symbolSize: 13,
        itemStyle: { color: ink.card, borderColor: ink.span, borderWidth: 2 },
        label: { show: true, color: ink.ink, fontSize: 12, position: "bottom", formatter: (one) => (wide ? `${one.dataIndex + 1}  ${short(one.name, 22)}` : String(one.dataIndex + 1)), textBorderColor: ink.card, textBorderWidth: 3 },
        labelLayout: { hideOverlap: true },
        data: data.places.map((name, i) => ({ id: `place-${i}`, name, said: `${i + 1}. ${name}`, ...data.at[i] })),
        links: data.links.map((link) => ({
          source: link.from, target: link.to, value: link.value, said: link.said, symbolSize: 6 + (8 * link.value) / top,
          lineStyle: { color: ink.fill, curveness: 0.22, width: 1.2 + (12 * link.value) / top, opacity: dim(link.wording, view) < 1 ? 0.05 : link.wording === "presque-sur" ? 0.85 : 0.5 },
        })),
        emphasis: { focus: "adjacency", label: { fontWeight: 700 }, lineStyle: { color: ink.accent, opacity: 1 } },
        blur: { lineStyle: { opacity: 0.05 }, itemStyle: { opacity: 0.4 }, label: { opacity: 0.3 } },
      }],
    },
    edges: true,
    items: data.links.map((link, at) => ({ at, said: link.said })),
  };
}

const SVG = "http://www.w3.org/2000/svg";
function outlines(data) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", data.box.join(" "));
  for (const area of data.areas) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("name", area.code);
    path.setAttribute("d", area.path);
    svg.append(path);
  }
  return svg;
}

function areas(data, ink, view, charts) {
  const name = "departements";
  charts.registerMap(name, { svg: outlines(data) });
  const held = data.areas.filter((area) => area.wording);
  const style = (area) => ({ ...(area.shade < 0 ? { color: ink.panel } : shaded(area.shade, ink)), borderColor: ink.few, borderWidth: 0.7, opacity: area.wording ? dim(area.wording, view) : 1 });
  return {
    height: Math.min(640, view.width * 0.95),
    zooms: true,
    option: {
      series: [{
        type: "map", id: "main", map: name, roam: view.coarse ? false : "move", zoom: view.zoom, selectedMode: false, top: 8, bottom: 8,
        itemStyle: { areaColor: ink.panel, borderColor: ink.few, borderWidth: 0.7 },
        data: [...held, ...data.areas.filter((area) => !area.wording)].map((area) => ({ name: area.code, value: Math.max(0, area.shade), said: area.said, itemStyle: { ...style(area), areaColor: style(area).color } })),
        label: { show: false },
        emphasis: { label: { show: false }, itemStyle: { areaColor: ink.accent, borderColor: ink.ink, borderWidth: 2 } },
      }],
    },
    items: held.map((area, at) => ({ at, said: area.said })),
  };
}

// One interval: a line with its ends, and a mark at the figure; none where chance covers it.
function mark(symbol, x, y, size) {
  const h = size / 2;
  const shapes = {
    circle: { type: "circle", shape: { cx: x, cy: y, r: h } },
    square: { type: "rect", shape: { x: x - h, y: y - h, width: size, height: size } },
    up: { type: "polygon", shape: { points: [[x, y - h], [x + h, y + h], [x - h, y + h]] } },
    down: { type: "polygon", shape: { points: [[x, y + h], [x + h, y - h], [x - h, y - h]] } },
    diamond: { type: "polygon", shape: { points: [[x, y - h - 1], [x + h + 1, y], [x, y + h + 1], [x - h - 1, y]] } },
    cross: { type: "polygon", shape: { points: [[x - h, y - 2], [x - 2, y - 2], [x - 2, y - h], [x + 2, y - h], [x + 2, y - 2], [x + h, y - 2], [x + h, y + 2], [x + 2, y + 2], [x + 2, y + h], [x - 2, y + h], [x - 2, y + 2], [x - h, y + 2]] } },
  };
  return shapes[symbol];
}

function interval(points, ink, { colour, symbol, shift, view }) {
  return (params, api) => {
    const point = points[params.dataIndex];
    const [left, y0] = api.coord([point.low, point.line]);
    const [right] = api.coord([point.high, point.line]);
    const y = y0 + shift;
    const opacity = dim(point.wording, view);
    const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: colour, lineWidth: 2, opacity, lineDash: point.value === null ? [3, 3] : null }, emphasis: { style: { stroke: ink.accent, lineWidth: 3 } } });
    const children = [
      { type: "rect", shape: { x: Math.min(left, right) - 6, y: y - 9, width: Math.abs(right - left) + 12, height: 18 }, style: { fill: "transparent" } },
      line(left, y, right, y), line(left, y - 4, left, y + 4), line(right, y - 4, right, y + 4),
    ];
    if (point.value !== null) {
      const [x] = api.coord([point.value, point.line]);
      children.push({ ...mark(symbol, x, y, 11), style: { fill: colour, stroke: ink.card, lineWidth: 1, opacity }, emphasis: { style: { fill: ink.accent } } });
    }
    return { type: "group", children };
  };
}

function spans(data, ink, view) {
  const wide = view.width >= 760 && data.panels.length > 1;
  const across = wide ? data.panels.length : 1;
  const shownOf = (panel) => panel.series.filter((each) => !view.hidden.has(each.name));
  const tall = (panel) => 52 + panel.lines.length * Math.max(36, 16 + 17 * shownOf(panel).length); // with its axis
  const option = { grid: [], xAxis: [], yAxis: [], series: [] };
  const items = [];
  const number = new Intl.NumberFormat(data.lang === "fr" ? "fr-FR" : "en-GB", { maximumFractionDigits: 1 });
  let top = 8;
  data.panels.forEach((panel, p) => {
    const height = tall(panel);
    const left = wide ? `${(100 * p) / across + 1}%` : 8;
    option.grid.push({ left, right: wide ? `${100 - (100 * (p + 1)) / across + 2}%` : 28, top, height: height - 8, containLabel: true });
    option.xAxis.push({ type: "value", gridIndex: p, scale: false, name: panel.name, nameLocation: "middle", nameGap: 26, nameTextStyle: { color: ink.soft }, axisLabel: { color: ink.soft, hideOverlap: true, formatter: (value) => number.format(value) }, splitLine: { lineStyle: { color: ink.line } } });
    option.yAxis.push({ type: "category", gridIndex: p, data: panel.lines, inverse: true, axisTick: { show: false }, axisLine: { show: false }, axisLabel: { color: ink.ink, fontSize: 13, interval: 0, formatter: (name) => short(name, view.width >= WIDE ? 30 : 16) } });
    const shown = shownOf(panel);
    panel.series.forEach((each, at) => {
      if (!shown.includes(each)) return;
      const shift = (shown.indexOf(each) - (shown.length - 1) / 2) * 17;
      const look = { colour: ink.series[at % ink.series.length], symbol: SYMBOLS[at % SYMBOLS.length], shift, view };
      const series = option.series.length;
      option.series.push({
        type: "custom", id: `${p}-${at}`, name: each.name, xAxisIndex: p, yAxisIndex: p, clip: false,
        renderItem: interval(each.points, ink, look),
        encode: { x: [0, 1, 2], y: 3 },
        data: each.points.map((point) => ({ value: [point.low, point.value ?? point.low, point.high, point.line], said: point.said })),
      });
      each.points.forEach((point, i) => items.push({ at: i, series, said: point.said, x: p, y: point.line }));
    });
    top += wide ? 0 : height + 24;
  });
  const heights = data.panels.map(tall);
  return { height: (wide ? Math.max(...heights) : heights.reduce((a, b) => a + b + 24, -24)) + 30, option, items };
}

export const SYMBOL_SIGNS = { circle: "●", square: "■", up: "▲", diamond: "◆", down: "▼", cross: "✚" };
export const symbolOf = (at) => SYMBOLS[at % SYMBOLS.length];
export const DRAWINGS = { heat, ring, flows, areas, spans };
