// What is taken of ECharts, and no more: five kinds of chart on a canvas (an SVG renderer would write style attributes, which the policy refuses).
import { init, registerLocale, registerMap, use } from "echarts/core";
import { ChordChart, CustomChart, GraphChart, HeatmapChart, MapChart } from "echarts/charts";
import { AriaComponent, GeoComponent, GridComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";

use([ChordChart, CustomChart, GraphChart, HeatmapChart, MapChart, AriaComponent, GeoComponent, GridComponent, TooltipComponent, CanvasRenderer]);
export { init, registerLocale, registerMap };
