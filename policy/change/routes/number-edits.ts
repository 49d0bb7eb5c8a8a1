/**
 * Turns what somebody asks of a number into edits. The number's own flow is changed, or made: a flow that leads calls of
 * other numbers, too, stays as it is, unless it is to be changed for all of them.
 */
import type { NumberEntry, Office } from "../../office/office.js";
import { same } from "../../office/same.js";
import { exportSteps } from "../../office-file/export.js";
import { suggest } from "../../office-file/suggest.js";
import { parseNumberKey } from "../../routing/block-text.js";
import { isSingle, NumberBlocks } from "../../routing/blocks.js";
import type { Step } from "../../steps/types.js";
import { notFound, type Refusal, refused } from "../edit.js";
import type { Edit, EditFields } from "../edits/types.js";
import { isRefusal } from "./destination.js";
import { numberTitle, usesOfFlows } from "./flow-uses.js";
import { changeRoute, readRoute } from "./route.js";
import { type RouteWords, readWish } from "./wish.js";

export interface NumberOrder {
  /** A number, a block or `any`, as people write it. */
  readonly number: string;
  /** `label` and the like, as an edit has them. */
  readonly fields: EditFields;
  /** Where calls go; left out: as now. */
  readonly route?: RouteWords;
  /** Own steps in the words of a file, in the place of a route. */
  readonly steps?: unknown;
  /** Change a flow that other numbers use, too. */
  readonly forAll: boolean;
}

/** What to tell besides the change: what became of the flow that the number led to. */
export type NumberRemark =
  /** The number has steps of its own now, and the flow stays as it is for others. */
  | { readonly kind: "flow_stays"; readonly flow: string; readonly for: readonly string[] }
  /** The flow was changed, for others too. */
  | { readonly kind: "flow_changes"; readonly flow: string; readonly for: readonly string[] }
  /** Nothing leads to the flow any more. */
  | { readonly kind: "flow_unused"; readonly flow: string };

/** Edits, and the number that they are about in the form of a file. */
export type NumberEdits =
  | {
      readonly ok: true;
      readonly number: string;
      readonly edits: readonly Edit[];
      readonly remarks: readonly NumberRemark[];
    }
  | Refusal;

/** The edit that adds a number; without a route it leads nowhere yet. */
export function numberAdded(office: Office, order: NumberOrder): NumberEdits {
  const key = parseNumberKey(order.number, office.country) ?? order.number;
  const leadsTo = leadsToOf(office, null, order);
  if (!leadsTo.ok) return leadsTo;
  const fields = withoutNulls({ ...order.fields, ...leadsTo.fields });
  return { ok: true, number: key, edits: [{ verb: "add", kind: "number", id: key, fields }], remarks: [] };
}

/** The edits that change a number, and perhaps the flow that belongs to it. */
export function numberSet(office: Office, order: NumberOrder): NumberEdits {
  const entry = findNumber(office, order.number);
  if (!("number" in entry)) return entry;
  const { number } = entry;
  const fields = Object.keys(order.fields).length === 0 ? [] : [order.fields];
  const led = ledElsewhere(office, entry, order);
  if (!led.ok) return led;
  const own = [...fields, ...led.fields];
  const edits: Edit[] = [
    ...(own.length === 0
      ? []
      : [
          {
            verb: "set" as const,
            kind: "number",
            id: number,
            fields: Object.assign({}, ...own) as EditFields,
          },
        ]),
    ...led.edits,
  ];
  return { ok: true, number, edits, remarks: led.remarks };
}

/** The edits that take numbers out of the office, and the flows that nothing leads to afterwards. */
export function numbersRemoved(
  office: Office,
  written: readonly string[],
):
  | { readonly ok: true; readonly edits: readonly Edit[]; readonly remarks: readonly NumberRemark[] }
  | Refusal {
  const entries = written.map((each) => findNumber(office, each));
  const unknown = entries.find(isRefusal);
  if (unknown !== undefined) return unknown;
  const numbers = [...new Set(entries.flatMap((entry) => ("number" in entry ? [entry.number] : [])))];
  const flows = entries.flatMap((entry) =>
    "number" in entry && entry.leadsTo?.kind === "flow" ? [entry.leadsTo.flow] : [],
  );
  const uses = usesOfFlows(office);
  const titles = numbers.map(numberTitle);
  const unused = [...new Set(flows)].filter((flow) =>
    (uses.get(flow) ?? []).every((place) => titles.includes(place)),
  );
  return {
    ok: true,
    edits: numbers.map((id) => ({ verb: "remove", kind: "number", id, options: {} })),
    remarks: unused.map((flow) => ({ kind: "flow_unused", flow })),
  };
}

/** The entry of this number, block or `any`. */
export function findNumber(office: Office, written: string): NumberEntry | Refusal {
  const key = parseNumberKey(written, office.country);
  const entry = office.numbers.find(({ number }) => number === key);
  if (entry !== undefined) return entry;
  if (key === undefined) return refused(`\`${written}\` is no number, no block of numbers, and not \`any\``);
  const blocks = new NumberBlocks(
    new Map(office.numbers.filter(({ number }) => !isSingle(number)).map((each) => [each.number, each])),
  );
  const block = isSingle(key) ? blocks.find(key) : undefined;
  if (block !== undefined)
    return notFound(
      `${key} has no entry of its own: it is in the block ${block.number}; \`ringline number add\` gives it one`,
    );
  const meant = suggest(
    key,
    office.numbers.map(({ number }) => number),
  );
  return notFound(`the office has no number ${key}${meant === undefined ? "" : `; did you mean ${meant}?`}`);
}

interface Led {
  readonly ok: true;
  /** For the number's own entry. */
  readonly fields: readonly EditFields[];
  /** Of the flow. */
  readonly edits: readonly Edit[];
  readonly remarks: readonly NumberRemark[];
}

const AS_NOW: Led = { ok: true, fields: [], edits: [], remarks: [] };

function ledElsewhere(office: Office, entry: NumberEntry, order: NumberOrder): Led | Refusal {
  if (order.route === undefined && order.steps === undefined) return AS_NOW;
  const { number, leadsTo: now } = entry;
  const steps = stepsOf(office, now);
  const led = leadsToOf(office, steps, order);
  if (!led.ok) return led;
  const { flow, steps: wanted } = led.fields;
  const own = now?.kind === "flow" ? now.flow : undefined;
  if (flow !== undefined ? flow === own : steps !== null && same(wanted, exportSteps(steps))) return AS_NOW;
  if (own === undefined) {
    const replaced = flow !== undefined && now?.kind === "steps" ? { steps: null } : {};
    return { ...AS_NOW, fields: [{ ...led.fields, ...replaced }] };
  }
  const others = othersOf(office, number, own);
  // Options that change how long it rings are about the flow itself; another place to go is about the number.
  const isTuned = order.route !== undefined && order.route.to === undefined;
  if (order.forAll || (isTuned && others.length === 0)) {
    const all = flow === undefined ? wanted : [{ send: `flow:${flow}` }];
    return {
      ...AS_NOW,
      edits: [{ verb: "set", kind: "flow", id: own, fields: { steps: all } }],
      remarks: [{ kind: "flow_changes", flow: own, for: others }],
    };
  }
  const fields = flow === undefined ? { flow: null, steps: wanted } : { flow };
  return { ...AS_NOW, fields: [fields], remarks: leftBehind(office, number, own) };
}

/** What becomes of a flow that a number does not lead to any more. */
function leftBehind(office: Office, number: string, flow: string): NumberRemark[] {
  const others = othersOf(office, number, flow);
  return [others.length === 0 ? { kind: "flow_unused", flow } : { kind: "flow_stays", flow, for: others }];
}

function othersOf(office: Office, number: string, flow: string): string[] {
  return (usesOfFlows(office).get(flow) ?? []).filter((place) => place !== numberTitle(number));
}

/** The steps of a call to the number now; null: it leads nowhere. */
function stepsOf(office: Office, leadsTo: NumberEntry["leadsTo"]): readonly Step[] | null {
  if (leadsTo === null) return null;
  return leadsTo.kind === "steps" ? leadsTo.steps : (office.flows[leadsTo.flow] ?? []);
}

type LeadsTo =
  | { readonly ok: true; readonly fields: { readonly flow?: string; readonly steps?: unknown } }
  | Refusal;

/** A flow by its name where nothing comes before it, else steps. */
function leadsToOf(office: Office, now: readonly Step[] | null, order: NumberOrder): LeadsTo {
  if (order.steps !== undefined) return { ok: true, fields: { steps: order.steps } };
  if (order.route === undefined) return { ok: true, fields: {} };
  const wish = readWish(order.route, office);
  if (isRefusal(wish)) return wish;
  const made = changeRoute(now === null ? null : readRoute(now), wish);
  if (!made.ok) return { ...made, faults: [] };
  const { steps } = made;
  const [only] = steps;
  const { to } = wish;
  if (to?.kind === "flow" && steps.length === 1 && only !== undefined)
    return { ok: true, fields: { flow: to.target.slice("flow:".length) } };
  return { ok: true, fields: { steps } };
}

/** A new entry has nothing that could be taken away. */
function withoutNulls(fields: EditFields): EditFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
