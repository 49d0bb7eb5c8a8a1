/** Calls as stacked bars, and the period before as a line; loaded with its library only where a report is open. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { tokenColour, useDark } from "../../design/dark.js";

export interface Series {
  readonly id: string;
  readonly name: string;
  /** A colour by its token. */
  readonly token: string;
  readonly values: readonly number[];
}

const HEIGHT_PX = 260;

export function BarChart({
  label,
  labels,
  ticks,
  stacked,
  line,
  describe,
  hint,
}: {
  readonly label: string;
  /** Of each place, in full. */
  readonly labels: readonly string[];
  /** The same, as short as below the axis. */
  readonly ticks: readonly string[];
  readonly stacked: readonly Series[];
  readonly line: Series | null;
  /** What is said of one place, under the pointer. */
  describe(place: number): string;
  /** What stands there while the pointer is elsewhere. */
  readonly hint: string;
}): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<number | null>(null);
  const isDark = useDark();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read when it changes
  useEffect(() => {
    const at = host.current;
    if (at === null) return;
    const plot = new UPlot(
      optionsOf({ ticks, stacked, line, widthPx: at.clientWidth, onPlace: setPlace }),
      dataOf(labels.length, stacked, line),
      at,
    );
    const size = new ResizeObserver(() => plot.setSize({ width: at.clientWidth, height: HEIGHT_PX }));
    size.observe(at);
    return () => {
      size.disconnect();
      plot.destroy();
    };
  }, [labels, ticks, stacked, line, isDark]);
  return (
    <figure className="stack tight">
      <div ref={host} className="chart" role="img" aria-label={label} />
      <ul className="legend">
        {[...stacked, ...(line === null ? [] : [line])].map(({ id, name, token }) => (
          <li key={id}>
            <span
              className={id === line?.id ? "swatch dashed" : "swatch"}
              aria-hidden="true"
              style={{ color: `var(${token})` }}
            />
            {name}
          </li>
        ))}
      </ul>
      <p className="small muted chart-place" aria-hidden="true">
        {place === null ? hint : describe(place)}
      </p>
    </figure>
  );
}

/** Each series on top of those before; the tallest is drawn first, so that the others stand before it. */
function dataOf(length: number, stacked: readonly Series[], line: Series | null): UPlot.AlignedData {
  const places = Array.from({ length }, (_, place) => place);
  const sums = stacked.map((_, upTo) =>
    places.map((place) =>
      stacked.slice(0, upTo + 1).reduce((sum, { values }) => sum + (values[place] ?? 0), 0),
    ),
  );
  const before = line === null ? [] : [places.map((place) => line.values[place] ?? null)];
  return [places, ...sums.reverse(), ...before] as UPlot.AlignedData;
}

function optionsOf({
  ticks,
  stacked,
  line,
  widthPx,
  onPlace,
}: {
  readonly ticks: readonly string[];
  readonly stacked: readonly Series[];
  readonly line: Series | null;
  readonly widthPx: number;
  onPlace(place: number | null): void;
}): UPlot.Options {
  const [ink, grid] = [tokenColour("--ink-2"), tokenColour("--line")];
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const bars = UPlot.paths.bars?.({ size: [0.72, 48], radius: 0.12 });
  const axis = { stroke: ink, font, grid: { show: false }, ticks: { show: false } };
  return {
    width: widthPx,
    height: HEIGHT_PX,
    padding: [12, 8, 0, 0],
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    legend: { show: false },
    scales: {
      x: { time: false, range: () => [-0.6, ticks.length - 0.4] },
      y: { range: (_plot, _low, high) => [0, Math.max(4, high * 1.08)] },
    },
    axes: [
      {
        ...axis,
        size: 30,
        // A place has a label of its own, so that they are whole numbers.
        incrs: [1, 2, 3, 5, 7, 10, 14, 30, 60, 90],
        space: 46,
        values: (_plot, places) =>
          places.map((place) => (Number.isInteger(place) ? (ticks[place] ?? "") : "")),
      },
      {
        ...axis,
        size: 46,
        grid: { show: true, stroke: grid, width: 1 },
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000],
      },
    ],
    series: [
      {},
      ...[...stacked].reverse().map(({ token }) => ({
        fill: tokenColour(token),
        stroke: tokenColour(token),
        width: 0,
        points: { show: false },
        ...(bars === undefined ? {} : { paths: bars }),
      })),
      ...(line === null
        ? []
        : [{ stroke: tokenColour(line.token), width: 2, dash: [4, 4], points: { show: false } }]),
    ],
    hooks: { setCursor: [({ cursor }) => onPlace(cursor.idx ?? null)] },
  };
}
