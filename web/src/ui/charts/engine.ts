/** The parts of ECharts that the app draws with. Loaded with the first chart of a page, not before. */
import { BarChart, FunnelChart, HeatmapChart, LineChart, PieChart, SankeyChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent, VisualMapComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  FunnelChart,
  GridComponent,
  HeatmapChart,
  LineChart,
  PieChart,
  SankeyChart,
  TooltipComponent,
  VisualMapComponent,
]);

export { init };
