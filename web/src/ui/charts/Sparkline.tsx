import styles from "@/ui/charts/Sparkline.module.css";

interface SparklineProps {
  /** What it shows, with its numbers: nothing of it can be read off. */
  label: string;
  data: number[];
  /** Pixels. Without a width it takes all that there is. */
  width?: number;
  height: number;
}

const GAP = 0.3; // share of a bar's place

/** Bars without axes, for the course of something in a line of a table. */
export function Sparkline({ label, data, width, height }: SparklineProps) {
  const most = Math.max(1, ...data);
  return (
    <svg
      className={styles.sparkline}
      role="img"
      aria-label={label}
      width={width ?? "100%"}
      height={height}
      viewBox={`0 0 ${Math.max(1, data.length)} ${height}`}
      preserveAspectRatio="none"
    >
      {data.map((value, at) => {
        // What is there at all is seen, however small.
        const tall = value > 0 ? Math.max(1, (value / most) * height) : 0;
        return <rect key={at} x={at + GAP / 2} width={1 - GAP} y={height - tall} height={tall} />;
      })}
    </svg>
  );
}
