/** The tables, plots and figures of `npm run bench -- capacity`. */
import type { Figures, Table } from "../bench.js";
import { rounded } from "../figures.js";
import { isLimit, type Load, warningsOf } from "../machine.js";
import type { Plot } from "../page/plot.js";
import { VARIANT_NAMES, type Variant } from "./carried.js";
import type { Overload } from "./overload.js";
import type { Search } from "./search.js";
import type { Shape } from "./shapes.js";

/** One rate, tried once. */
export interface Step {
  readonly rate: number;
  /** The part of the calls that connected in time. */
  readonly connected: number;
  readonly ringP99Ms: number;
  readonly passed: boolean;
  readonly failures: readonly string[];
  readonly load: Load;
}

export interface Found {
  readonly shape: Shape;
  readonly variant: Variant;
  readonly search: Search;
  readonly steps: readonly Step[];
  /** null: it was not tried. */
  readonly overload: Overload | null;
}

export function capacityReport(version: string, found: readonly Found[]): Figures {
  const shapes = [...new Set(found.map(({ shape }) => shape))];
  const of = (shape: Shape) => found.filter((each) => each.shape === shape);
  const loads = found.flatMap(({ steps, overload }) => [
    ...steps.map(({ load }) => load),
    ...(overload === null ? [] : [overload.load]),
  ]);
  return {
    switchVersion: version,
    parts: [
      ...shapes.flatMap((shape) => [
        `${shape.name}: ${shape.what}`,
        highestTable(of(shape)),
        ...(of(shape).every(({ overload }) => overload === null)
          ? []
          : [`${shape.name}, at twice that rate`, overloadTable(of(shape))]),
      ]),
      ...warningsOf(loads),
      "of mod_lua's: the highest rate in relation to that of mod_lua; bench CPU: of callers and phones, at the highest rate; failed at: the lowest rate that failed twice, with its figures of the last try; shed: 503 within two seconds; normal after: from the last call of the overload",
    ],
    plots: shapes.map((shape) => plotOf(shape, of(shape))),
    json: { bench: "capacity", version, results: found.map((each) => resultOf(each, of(each.shape))) },
  };
}

function resultOf(found: Found, all: readonly Found[]) {
  const { shape, variant, search, overload } = found;
  const [best, worst] = [stepAt(found, search.passed), stepAt(found, search.failed)];
  return {
    shape: shape.name,
    carriedBy: variant,
    highestRate: search.passed,
    ofLua: ofLua(found, all),
    highest: best,
    failedAt: worst,
    isBenchTheLimit: worst !== undefined && isLimit(worst.load),
    overload,
  };
}

/** The last try of a rate. */
function stepAt({ steps }: Found, rate: number | null): Step | undefined {
  return steps.findLast((step) => step.rate === rate);
}

/** null: mod_lua was not measured, or carried nothing. */
function ofLua({ search }: Found, all: readonly Found[]): number | null {
  const lua = all.find(({ variant }) => variant === "lua")?.search.passed;
  return lua === undefined || lua === null ? null : rounded((search.passed ?? 0) / lua);
}

function highestTable(all: readonly Found[]): Table {
  const heads = [
    "carried by",
    "calls/s",
    "of mod_lua's",
    "first phone p99 ms",
    "bench CPU %",
    "failed at",
    "connected in time %",
    "first phone p99 ms",
    "limit",
  ];
  const rows = all.map((found) => {
    const { variant, search } = found;
    const [best, worst] = [stepAt(found, search.passed), stepAt(found, search.failed)];
    return [
      VARIANT_NAMES[variant],
      search.passed === null ? "none" : String(search.passed),
      ofLua(found, all)?.toFixed(2) ?? "-",
      best?.ringP99Ms.toFixed(1) ?? "-",
      best === undefined ? "-" : String(best.load.ownPercent),
      worst === undefined ? "did not fail" : String(worst.rate),
      worst === undefined ? "-" : (100 * worst.connected).toFixed(2),
      worst?.ringP99Ms.toFixed(1) ?? "-",
      worst === undefined ? "-" : isLimit(worst.load) ? "THE BENCH" : "not the bench",
    ];
  });
  return { heads, rows };
}

function overloadTable(all: readonly Found[]): Table {
  const heads = [
    "carried by",
    "calls/s",
    "calls",
    "in time",
    "late",
    "shed",
    "fallback",
    "other",
    "normal after s",
    "channels left",
    "claims left",
    "bench CPU %",
  ];
  const rows = all.flatMap(({ variant, overload }) => {
    if (overload === null) return [];
    const { rate, calls, fates, normalAfterSeconds, left, load } = overload;
    const other = Object.entries(fates.other).map(([why, count]) => `${count} ${why}`);
    return [
      [
        VARIANT_NAMES[variant],
        ...[rate, calls, fates.inTime, fates.late, fates.shed, fates.fallback].map(String),
        other.length === 0 ? "0" : other.join(", "),
        normalAfterSeconds?.toFixed(1) ?? "not within 60",
        ...[left.channels, left.claims, load.ownPercent].map(String),
      ],
    ];
  });
  return { heads, rows };
}

function plotOf(shape: Shape, all: readonly Found[]): Plot {
  return {
    kind: "bars",
    name: shape.name,
    title: `Highest rate: ${shape.what}`,
    unit: "calls a second",
    groups: all.map(({ variant, search }) => ({
      name: VARIANT_NAMES[variant],
      bars: [{ name: "calls/s", value: search.passed ?? 0 }],
    })),
  };
}
