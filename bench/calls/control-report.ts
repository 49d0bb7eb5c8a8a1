/** The tables, plots and figures of `npm run bench -- control`. */
import { mapped } from "../../policy/office/optional.js";
import type { Figures, Table } from "../bench.js";
import { median, percentile, rounded, spread } from "../figures.js";
import { type Load, warningsOf } from "../machine.js";
import type { Plot } from "../page/plot.js";
import { VARIANT_NAMES, VARIANTS, type Variant } from "./carried.js";
import type { Shape, ShapeName } from "./shapes.js";

/** One turn of a variant. */
export interface Round {
  readonly shape: ShapeName;
  readonly rate: number;
  readonly variant: Variant;
  readonly calls: number;
  readonly failed: number;
  readonly failures: readonly string[];
  readonly switchMsPerCall: number;
  /** null: no engine. */
  readonly engineMsPerCall: number | null;
  /** From the INVITE into the switch to the first one out of it, of each call that ended well. */
  readonly toRing: readonly number[];
  /** To the last phone's INVITE, where more than one phone is rung. */
  readonly toLastRing: readonly number[];
  readonly toAnswer: readonly number[];
  readonly load: Load;
}

export interface ControlMeasured {
  readonly version: string;
  readonly shapes: readonly Shape[];
  readonly rounds: readonly Round[];
  /** Of each switch. */
  readonly idlePercents: readonly number[];
}

/** All rounds of one shape, rate and variant. */
interface Group {
  readonly shape: Shape;
  readonly rate: number;
  readonly variant: Variant;
  readonly rounds: readonly Round[];
}

const HEADS = [
  "calls/s",
  "carried by",
  "calls",
  "failed",
  "switch CPU ms/call",
  "engine CPU ms/call",
  "INVITE to INVITE ms",
  "p99",
  "to the last INVITE ms",
  "INVITE to 200 ms",
  "p99",
  "bench CPU %",
];

export function controlReport(measured: ControlMeasured): Figures {
  const groups = groupsOf(measured);
  const failures = new Set(
    measured.rounds.flatMap(({ shape, variant, failures: why }) =>
      why.map((each) => `${shape}, ${VARIANT_NAMES[variant]}: failed with ${each}`),
    ),
  );
  return {
    switchVersion: measured.version,
    parts: [
      ...measured.shapes.flatMap((shape) => [
        `${shape.name}: ${shape.what}`,
        tableOf(groups.filter((group) => group.shape === shape)),
      ]),
      "the engine beside the dialplan and mod_lua, at the same rate",
      besideTable(groups),
      ...failures,
      ...warningsOf(measured.rounds.map(({ load }) => load)),
      "medians of the rounds (lowest to highest); p99 over all calls of all rounds; to INVITE: the first phone's",
      `an idle switch takes ${measured.idlePercents.join(" and ")} % of a core, which is in all of them`,
    ],
    plots: measured.shapes.flatMap((shape) => plotsOf(shape, groups)),
    json: {
      bench: "control",
      version: measured.version,
      results: groups.map((group) => resultOf(group, groups)),
      idlePercents: measured.idlePercents,
    },
  };
}

function groupsOf({ shapes, rounds }: ControlMeasured): readonly Group[] {
  const rates = [...new Set(rounds.map(({ rate }) => rate))].sort((a, b) => a - b);
  return shapes
    .flatMap((shape) =>
      rates.flatMap((rate) =>
        VARIANTS.map((variant) => ({
          shape,
          rate,
          variant,
          rounds: rounds.filter(
            (round) => round.shape === shape.name && round.rate === rate && round.variant === variant,
          ),
        })),
      ),
    )
    .filter((group) => group.rounds.length > 0);
}

function resultOf(group: Group, all: readonly Group[]) {
  const { shape, rate, variant, rounds } = group;
  const engine = rounds.flatMap((round) => round.engineMsPerCall ?? []);
  const pooled = (pick: (round: Round) => readonly number[], part: number) =>
    rounded(percentile(rounds.flatMap(pick), part));
  return {
    shape: shape.name,
    carriedBy: variant,
    callsPerSecond: rate,
    calls: sum(rounds.map((round) => round.calls)),
    failed: sum(rounds.map((round) => round.failed)),
    switchCpuMsPerCall: rounded(switchCpu(rounds)),
    ofTheDialplan: ofTheDialplan(group, all),
    engineCpuMsPerCall: engine.length === 0 ? null : rounded(median(engine)),
    inviteToInviteMs: pooled((round) => round.toRing, 0.5),
    inviteToInviteP99Ms: pooled((round) => round.toRing, 0.99),
    /** null: one phone is rung. */
    inviteToLastInviteMs: shape.phones.length === 1 ? null : pooled((round) => round.toLastRing, 0.5),
    inviteTo200Ms: pooled((round) => round.toAnswer, 0.5),
    inviteTo200P99Ms: pooled((round) => round.toAnswer, 0.99),
    benchCpuPercent: median(rounds.map(({ load }) => load.ownPercent)),
    benchLateP99Ms: median(rounds.map(({ load }) => load.ownLateP99Ms)),
  };
}

function switchCpu(rounds: readonly Round[]): number {
  return median(rounds.map((round) => round.switchMsPerCall));
}

/** The same calls by another variant; undefined: they were not measured. */
function besides({ shape, rate }: Group, variant: Variant, all: readonly Group[]): Group | undefined {
  return all.find((group) => group.shape === shape && group.rate === rate && group.variant === variant);
}

/** Switch CPU in relation to that of the dialplan's own bridge; null: that was not measured. */
function ofTheDialplan(group: Group, all: readonly Group[]): number | null {
  const plain = besides(group, "plain", all);
  return plain === undefined ? null : rounded(switchCpu(group.rounds) / switchCpu(plain.rounds));
}

/** What the engine is judged by. */
function besideTable(all: readonly Group[]): Table {
  const heads = [
    "shape",
    "calls/s",
    "carried by",
    "switch CPU of the dialplan's",
    "engine CPU ms/call",
    "INVITE to INVITE ms beyond the dialplan's",
    "p99 of mod_lua's",
  ];
  const engines = all.filter(({ variant }) => variant === "parked" || variant === "asked");
  const rows = engines.map((group) => {
    const [plain, lua] = [besides(group, "plain", all), besides(group, "lua", all)];
    const toRing = (of: Group, part: number) =>
      percentile(
        of.rounds.flatMap((round) => round.toRing),
        part,
      );
    return [
      group.shape.name,
      String(group.rate),
      VARIANT_NAMES[group.variant],
      ofTheDialplan(group, all)?.toFixed(2) ?? "-",
      median(group.rounds.flatMap((round) => round.engineMsPerCall ?? [])).toFixed(2),
      mapped(plain, (other) => (toRing(group, 0.5) - toRing(other, 0.5)).toFixed(1)) ?? "-",
      mapped(lua, (other) => (toRing(group, 0.99) / toRing(other, 0.99)).toFixed(2)) ?? "-",
    ];
  });
  return { heads, rows };
}

function tableOf(groups: readonly Group[]): Table {
  const rows = groups.map((group) => {
    const { rounds } = group;
    const result = resultOf(group, groups);
    const engine = rounds.flatMap((round) => round.engineMsPerCall ?? []);
    return [
      String(group.rate),
      VARIANT_NAMES[group.variant],
      String(result.calls),
      String(result.failed),
      spread(rounds.map((round) => round.switchMsPerCall)),
      engine.length === 0 ? "-" : spread(engine, 2),
      spread(rounds.map((round) => median(round.toRing))),
      result.inviteToInviteP99Ms.toFixed(1),
      result.inviteToLastInviteMs?.toFixed(1) ?? "-",
      spread(rounds.map((round) => median(round.toAnswer))),
      result.inviteTo200P99Ms.toFixed(1),
      String(result.benchCpuPercent),
    ];
  });
  return { heads: HEADS, rows };
}

function plotsOf(shape: Shape, all: readonly Group[]): readonly Plot[] {
  const groups = all.filter((group) => group.shape === shape);
  const rates = [...new Set(groups.map(({ rate }) => rate))];
  const bars = (pick: (group: Group) => number) =>
    rates.map((rate) => ({
      name: `${rate} calls/s`,
      bars: groups
        .filter((group) => group.rate === rate)
        .map((group) => ({ name: VARIANT_NAMES[group.variant], value: pick(group) })),
    }));
  return [
    {
      kind: "bars",
      name: `${shape.name}-cpu`,
      title: `CPU of switch and engine: ${shape.what}`,
      unit: "ms a call",
      groups: bars(({ rounds }) =>
        rounded(switchCpu(rounds) + median(rounds.map((round) => round.engineMsPerCall ?? 0))),
      ),
    },
    {
      kind: "bars",
      name: `${shape.name}-invite`,
      title: `INVITE to INVITE, p99: ${shape.what}`,
      unit: "ms",
      groups: bars((group) => resultOf(group, all).inviteToInviteP99Ms),
    },
  ];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
