// Our own words for what ECharts says by itself, in French and in English; every chart here brings its own description and sentences.
const words = (months, days, { line, chart, many, one, part }) => ({
  time: {
    month: months, monthAbbr: months.map((m) => m.slice(0, 4)),
    dayOfWeek: days, dayOfWeekAbbr: days.map((d) => d.slice(0, 3)),
  },
  legend: { selector: { all: many, inverse: one } },
  toolbox: {},
  series: { typeNames: { heatmap: chart, chord: chart, graph: chart, map: chart, custom: chart, chart } },
  aria: {
    general: { withTitle: "{title}", withoutTitle: chart },
    series: {
      single: { prefix: "", withName: "{seriesName}", withoutName: chart },
      multiple: { prefix: "", withName: "{seriesName}", withoutName: chart, separator: { middle: " ; ", end: "." } },
    },
    data: { allData: line, partialData: part, withName: "{name} {value}", withoutName: "{value}", separator: { middle: ", ", end: "." } },
  },
});

export const LOCALES = {
  fr: words(
    ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
    ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
    { line: "Les chiffres : ", chart: "graphique", many: "Tout", one: "Inverser", part: "Les premiers chiffres : " },
  ),
  en: words(
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    { line: "The figures: ", chart: "chart", many: "All", one: "Invert", part: "The first figures: " },
  ),
};
