import { useCallback, useMemo } from "react";
import { Chart, type ChartHeight } from "@/ui/charts/Chart";
import { blend, type Palette, seriesColor } from "@/ui/charts/palette";
import { project, unproject } from "@/ui/charts/projection";
import { tooltip } from "@/ui/charts/tooltip";
import { formatCount } from "@/ui/format";

export interface CountryValue {
  /** Two letters, as ISO 3166 has them. */
  code: string;
  value: number;
}

interface WorldMapProps {
  values: CountryValue[];
  /** What is counted, for the tooltip: "Visitors". */
  counted: string;
  label: string;
  height: ChartHeight;
  onCountry?: (code: string) => void;
}

/** A country's name in the viewer's language; what is no country stays as it is. */
export function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  return new Intl.DisplayNames(undefined, { type: "region" }).of(code) ?? code;
}

const loadWorld = () => import("@/ui/charts/world").then(({ registerWorld }) => registerWorld());

/** Countries of the world, the deeper the colour the more. Large numbers do not hide the small: it goes by the root. */
export function WorldMap({ values: given, counted, label, height, onCountry }: WorldMapProps) {
  const key = JSON.stringify(given);
  // The same numbers in a new array are no reason to draw 176 countries again.
  const values = useMemo(() => JSON.parse(key) as CountryValue[], [key]);
  const option = useCallback(
    (palette: Palette) => {
      const most = Math.max(1, ...values.map((one) => one.value));
      const byCode = new Map(values.map((one) => [one.code, one.value]));
      return {
        tooltip: {
          trigger: "item",
          backgroundColor: palette.surface,
          borderColor: palette.line,
          textStyle: { color: palette.ink },
          confine: true,
          formatter: ({ name }: { name: string }) =>
            name
              ? tooltip(countryName(name), [
                  { color: seriesColor(palette, 0), name: counted, value: formatCount(byCode.get(name) ?? 0) },
                ])
              : "",
        },
        series: [
          {
            type: "map",
            map: "world",
            projection: { project, unproject },
            preserveAspect: "contain",
            left: 4,
            right: 4,
            top: 4,
            bottom: 4,
            selectedMode: false,
            label: { show: false },
            itemStyle: { areaColor: palette.line, borderColor: palette.surface, borderWidth: 0.6 },
            emphasis: { label: { show: false }, itemStyle: { areaColor: seriesColor(palette, 1) } },
            data: values.map(({ code, value }) => ({
              name: code,
              value,
              itemStyle: {
                areaColor: blend(palette.surface, seriesColor(palette, 0), 0.18 + 0.82 * Math.sqrt(value / most)),
              },
            })),
          },
        ],
      };
    },
    [values, counted],
  );
  return (
    <Chart
      label={label}
      height={height}
      needs={loadWorld}
      option={option}
      onPoint={onCountry ? ({ name }) => name && onCountry(name) : undefined}
    />
  );
}
