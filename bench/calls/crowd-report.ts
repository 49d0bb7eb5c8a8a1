/** The tables, plots and figures of `npm run bench -- crowd`. */
import type { Figures, Table } from "../bench.js";
import { type Load, warningsOf } from "../machine.js";
import type { Plot } from "../page/plot.js";
import { VARIANT_NAMES, type Variant } from "./carried.js";

/** Further calls beside a crowd of calls in progress. */
export interface CrowdStep {
  readonly inProgress: number;
  /** Calls of the crowd that ended before it did. */
  readonly lost: number;
  /** How these ended, and how many so; empty: none. */
  readonly lostBy: string;
  /** Further calls that failed. */
  readonly failed: number;
  readonly engineMsPerCall: number;
  readonly switchMsPerCall: number;
  /** What the engine takes of a core for the crowd alone. */
  readonly engineAlonePercent: number;
  readonly inviteToInviteMs: number;
  readonly inviteToInviteP99Ms: number;
  /** After a collection. */
  readonly heapMB: number;
  readonly residentMB: number;
  readonly longestStallMs: number;
  readonly load: Load;
}

/** Calls one after the other. */
export interface InARow {
  readonly calls: number;
  readonly failed: number;
  readonly seconds: number;
  /** After a collection, as the other. */
  readonly heapBeforeMB: number;
  readonly heapAfterMB: number;
  readonly residentAfterMB: number;
  readonly longestStallMs: number;
}

export interface CrowdRun {
  readonly variant: Variant;
  readonly steps: readonly CrowdStep[];
  /** null: it was not tried. */
  readonly inARow: InARow | null;
}

export function crowdReport(version: string, hold: string, runs: readonly CrowdRun[]): Figures {
  const loads = runs.flatMap(({ steps }) => steps.map(({ load }) => load));
  return {
    switchVersion: version,
    parts: [
      `calls in progress, which are ${hold}`,
      crowdTable(runs),
      ...(runs.every(({ inARow }) => inARow === null) ? [] : ["calls one after the other", rowTable(runs)]),
      ...lostLines(runs),
      ...warningsOf(loads),
      "CPU a call: of further calls beside the crowd, without what the crowd takes alone; heap: after a collection; longest stall: of the engine's event loop, since the step before; lost: calls of the crowd that ended too early",
    ],
    plots: plotsOf(runs),
    json: {
      bench: "crowd",
      version,
      hold,
      crowd: runs.flatMap(({ variant, steps }) => steps.map((step) => ({ carriedBy: variant, ...step }))),
      inARow: runs.flatMap(({ variant, inARow }) =>
        inARow === null ? [] : [{ carriedBy: variant, ...inARow }],
      ),
    },
  };
}

function lostLines(runs: readonly CrowdRun[]): readonly string[] {
  return runs.flatMap(({ variant, steps }) => {
    const last = steps.at(-1);
    return last === undefined || last.lost === 0
      ? []
      : [`LOST of the crowd, ${VARIANT_NAMES[variant]}: ${last.lostBy}`];
  });
}

function crowdTable(runs: readonly CrowdRun[]): Table {
  const heads = [
    "carried by",
    "in progress",
    "lost",
    "failed",
    "engine CPU ms/call",
    "switch CPU ms/call",
    "INVITE to INVITE ms",
    "p99",
    "heap MB",
    "resident MB",
    "longest stall ms",
    "engine alone %",
  ];
  const rows = runs.flatMap(({ variant, steps }) =>
    steps.map((step) => [
      VARIANT_NAMES[variant],
      ...[step.inProgress, step.lost, step.failed].map(String),
      step.engineMsPerCall.toFixed(2),
      step.switchMsPerCall.toFixed(1),
      step.inviteToInviteMs.toFixed(1),
      step.inviteToInviteP99Ms.toFixed(1),
      step.heapMB.toFixed(1),
      step.residentMB.toFixed(1),
      step.longestStallMs.toFixed(1),
      step.engineAlonePercent.toFixed(1),
    ]),
  );
  return { heads, rows };
}

function rowTable(runs: readonly CrowdRun[]): Table {
  const heads = [
    "carried by",
    "calls",
    "failed",
    "seconds",
    "heap before MB",
    "heap after MB",
    "resident MB",
    "longest stall ms",
  ];
  const rows = runs.flatMap(({ variant, inARow }) =>
    inARow === null
      ? []
      : [
          [
            VARIANT_NAMES[variant],
            ...[inARow.calls, inARow.failed, inARow.seconds].map(String),
            inARow.heapBeforeMB.toFixed(2),
            inARow.heapAfterMB.toFixed(2),
            inARow.residentAfterMB.toFixed(1),
            inARow.longestStallMs.toFixed(1),
          ],
        ],
  );
  return { heads, rows };
}

function plotsOf(runs: readonly CrowdRun[]): readonly Plot[] {
  const series = (pick: (step: CrowdStep) => number) =>
    runs.map(({ variant, steps }) => ({
      name: VARIANT_NAMES[variant],
      points: steps.map((step) => [step.inProgress, pick(step)] as const),
    }));
  const x = "calls in progress";
  return [
    {
      kind: "lines",
      name: "cost",
      title: "What one more call costs the engine",
      unit: "CPU ms a call",
      x,
      series: series((step) => step.engineMsPerCall),
    },
    {
      kind: "lines",
      name: "memory",
      title: "The engine's memory",
      unit: "MB resident",
      x,
      series: series((step) => step.residentMB),
    },
  ];
}
