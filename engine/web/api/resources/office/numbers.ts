/** Phone numbers: what each of them does when it receives a call, in words and as steps, and their changes. */
import { z } from "zod";
import {
  type NumberOrder,
  type NumberRemark,
  numberAdded,
  numberSet,
  numbersRemoved,
} from "../../../../../policy/change/routes/number-edits.js";
import type { RouteWords } from "../../../../../policy/change/routes/wish.js";
import type { NumberEntry, Office } from "../../../../../policy/office/office.js";
import { given } from "../../../../../policy/office/optional.js";
import { numberSchema } from "../../../../../policy/office-file/schema.js";
import { editOfficeBy } from "../../../../office/changes/edits.js";
import { callGraph } from "../../../../office/views/call-graph.js";
import type { Live } from "../../../../office/views/live.js";
import { type AboutNumber, numberIn, stepsOf, wantedNumbers } from "../../../../office/views/numbers.js";
import type { OfficeIndex } from "../../../../office/views/office-index.js";
import type { Actor } from "../../actor.js";
import { type ChangingRequest, changeAnswer, changeQuery, changing, pointer } from "../../changes.js";
import { changedFields, entryFieldsOf, newEntry } from "../../entry-fields.js";
import { noSuchThing, withLive } from "../../live.js";
import { may, mayJson } from "../../may.js";
import { call, callJson, drift, driftJson, graph, graphJson } from "../../office-shapes.js";
import { mapPage, pageFrom, pageOf, pageQuery } from "../../paging.js";
import { ok, route } from "../../route.js";

const TAG = "Phone numbers";
const NUMBERS = { needs: "permission", permission: "numbers" } as const;

const listed = z.object({
  /** A number, a block (`+493023125000..99`) or `any`. */
  number: z.string(),
  label: z.string().nullable(),
  /** The named flow; null: the number has steps of its own, or leads nowhere. */
  flow: z.string().nullable(),
  plan: z.string().nullable(),
  /** Calls to it lead somewhere. */
  assigned: z.boolean(),
  call,
  drifts: z.boolean(),
  may,
});

const shown = numberSchema.extend({
  number: z.string(),
  assigned: z.boolean(),
  call,
  /** What else leads to the number's flow, in words: a change of the flow is one for them, too. */
  flow_shared_with: z.array(z.string()),
  /** The phones that ring when nobody answers: who rings together, one group after the other. */
  rings: z.array(z.array(z.string())),
  /** Users whose calls outside show the number. */
  shown_for: z.array(z.string()),
  drift,
  may,
});

/** Where calls go, in the words of the page. What is left out stays as it is. */
const routeWords = z.strictObject({
  to: z
    .string()
    .max(200)
    .optional()
    .describe("user:NAME, group:ID, flow:ID, extension:101, or a number outside"),
  ring: z
    .union([z.number().int(), z.literal("none")])
    .optional()
    .describe("seconds, or none: until the caller gives up"),
  press_1: z
    .boolean()
    .nullable()
    .optional()
    .describe("whoever answers must press 1; null: only phones outside"),
  after: z
    .string()
    .max(200)
    .optional()
    .describe("voicemail, voicemail:user:NAME, hangup, hangup:busy, keep-ringing, or a target as in `to`"),
  plain: z.literal(true).optional().describe("without the opening hours and announcements that come first"),
});

const leads = {
  route: routeWords.optional(),
  for_all: z.boolean().optional().describe("change a flow that other numbers use, too"),
};

const remark = z.object({
  kind: z.enum(["flow_stays", "flow_changes", "flow_unused"]),
  flow: z.string(),
  /** What else leads to the flow, in words. */
  for: z.array(z.string()).optional(),
});
/** What became of a flow that a number led to, besides the change. */
const numberChanged = changeAnswer.extend({ remarks: z.array(remark) });

const params = z.object({ number: z.string() });

export const numberRoutes = {
  listNumbers: route({
    method: "GET",
    path: "/numbers",
    tag: TAG,
    summary: "List phone numbers, with what each does",
    access: NUMBERS,
    query: z.object({
      ...pageQuery,
      q: z.string().max(200).optional().describe("a part of the number, its label, or what it does"),
      assigned: z.stringbool().optional().describe("false: those that lead nowhere"),
      to: z.string().max(200).optional().describe("those that lead to this target, also by way of flows"),
      plan: z.string().max(64).optional(),
    }),
    answer: pageOf(listed),
    handle: ({ services, query, actor }) =>
      withLive(services, (live, index) => {
        const { q, to, plan, assigned } = query;
        const isFound = wantedNumbers(
          live,
          { text: q?.trim(), to, unused: assigned === false },
          (entry, at) => index.textOfNumber(entry, at),
        );
        if (typeof isFound !== "function") return noSuchThing(isFound);
        const isWanted = (entry: NumberEntry, at: number) =>
          (assigned !== true || entry.leadsTo !== null) &&
          (plan === undefined || entry.plan === plan) &&
          isFound(entry, at);
        const isForAll = [q, to, plan, assigned].every((each) => each === undefined);
        const page = pageFrom(
          live.office.numbers,
          ({ number }) => [number, ""],
          query,
          isForAll ? undefined : isWanted,
        );
        return ok(
          mapPage(page, (entry) => listedJson(entry, live, index, actor)),
          { revision: live.revision },
        );
      }),
  }),

  getNumber: route({
    method: "GET",
    path: "/numbers/{number}",
    tag: TAG,
    summary: "Show everything about a phone number",
    access: NUMBERS,
    params,
    answer: shown,
    handle: ({ services, params: { number }, actor }) =>
      withLive(services, (live, index) => {
        const about = numberIn(live, number, index.flowUses);
        return about.outcome === "not_found"
          ? noSuchThing(about)
          : ok(shownJson(about, live, actor), { revision: live.revision });
      }),
  }),

  drawNumber: route({
    method: "GET",
    path: "/numbers/{number}/graph",
    tag: TAG,
    summary: "Show where a call to the number goes, as a graph",
    access: NUMBERS,
    params,
    answer: graph,
    handle: ({ services, params: { number } }) =>
      withLive(services, (live, index) => {
        const about = numberIn(live, number, index.flowUses);
        if (about.outcome === "not_found") return noSuchThing(about);
        const id = about.number.number;
        const start = { id: `number:${id}`, title: id, steps: about.steps ?? [] };
        return ok(graphJson(callGraph(start, live.table)), { revision: live.revision });
      }),
  }),

  addNumber: route({
    method: "POST",
    path: "/numbers",
    tag: TAG,
    summary: "Add a phone number, and say where its calls go",
    access: NUMBERS,
    query: changeQuery,
    body: newEntry(numberSchema, [], { route: leads.route }),
    answer: numberChanged,
    status: 201,
    isCreating: true,
    isChangingOffice: true,
    handle: (request) => {
      const number = String(request.body.number);
      return change(request, number, request.body, numberAdded, `/numbers/${encodeURIComponent(number)}`);
    },
  }),

  changeNumber: route({
    method: "PATCH",
    path: "/numbers/{number}",
    tag: TAG,
    summary: "Change a phone number, or where its calls go",
    description:
      "`route` says where calls go in few words, `steps` every step, `flow` a named flow; one of the three. A flow that other numbers use, too, stays as it is for them unless `for_all` is true; the answer's `remarks` say what became of it.",
    access: NUMBERS,
    params,
    query: changeQuery,
    body: changedFields(numberSchema, ["number"], leads),
    answer: numberChanged,
    isChangingOffice: true,
    handle: (request) => change(request, request.params.number, request.body, numberSet),
  }),

  removeNumber: route({
    method: "DELETE",
    path: "/numbers/{number}",
    tag: TAG,
    summary: "Take a phone number out of the office",
    access: NUMBERS,
    params,
    query: changeQuery,
    answer: numberChanged,
    isChangingOffice: true,
    handle: (request) => {
      const { number } = request.params;
      return withRemarks(request, number, {}, (office) => numbersRemoved(office, [number]));
    },
  }),
};

type Body = Readonly<Record<string, unknown>> & {
  readonly route?: z.infer<typeof routeWords> | undefined;
  readonly for_all?: boolean | undefined;
};

function change(
  request: ChangingRequest,
  number: string,
  body: Body,
  editsOf: typeof numberAdded | typeof numberSet,
  location?: string,
) {
  const { steps, ...fields } = entryFieldsOf(body, ["number", "route", "for_all"]);
  const order: NumberOrder = {
    number,
    fields,
    forAll: body.for_all ?? false,
    ...given({ route: body.route && wordsOf(body.route), steps: steps ?? undefined }),
  };
  return withRemarks(request, number, body, (office) => editsOf(office, order), location);
}

function wordsOf({ press_1: press1, ...words }: z.infer<typeof routeWords>): RouteWords {
  return given({ ...words, press1 });
}

/** Makes the edits of a number, with what to tell besides; steps are of the route where the body has one. */
async function withRemarks(
  request: ChangingRequest,
  number: string,
  body: Body,
  editsOf: (office: Office) => ReturnType<typeof numbersRemoved>,
  location?: string,
) {
  let remarks: readonly NumberRemark[] = [];
  const edits = (office: Office) => {
    const made = editsOf(office);
    if (!made.ok) return made;
    remarks = made.remarks;
    return made.edits;
  };
  const about = [{ verb: "set", kind: "number", id: number, fields: {} }] as const;
  const ended = await changing(request, {
    change: (deps, asked) => editOfficeBy(deps, asked, Object.assign(edits, { about })),
    about,
    placeOfRefusal: ({ cause }) => (cause === "exists" ? "/number" : undefined),
    // The checks see the steps that a route makes.
    placeOf: ({ at }) => {
      if (at === undefined || (at.kind !== "number" && at.kind !== "flow")) return undefined;
      const isOfRoute = body.route !== undefined && (at.kind === "flow" || at.path[0] === "steps");
      return isOfRoute ? "/route" : at.kind === "number" ? pointer(at.path) : undefined;
    },
    ...given({ location }),
  });
  if (ended.kind === "problem") return ended;
  return { ...ended, value: { ...ended.value, remarks: remarks.map(remarkJson) } };
}

function remarkJson(each: NumberRemark): z.infer<typeof remark> {
  return each.kind === "flow_unused"
    ? { kind: each.kind, flow: each.flow }
    : { kind: each.kind, flow: each.flow, for: [...each.for] };
}

function listedJson(
  entry: NumberEntry,
  { office, table }: Live,
  index: OfficeIndex,
  actor: Actor,
): z.infer<typeof listed> {
  const { number, label, leadsTo, plan } = entry;
  return {
    number,
    label: label ?? null,
    flow: leadsTo?.kind === "flow" ? leadsTo.flow : null,
    plan: plan ?? null,
    assigned: leadsTo !== null,
    call: callJson(stepsOf(entry, office), table),
    drifts: index.drifts("numbers", number),
    may: mayJson(actor, "number", number),
  };
}

function shownJson(about: AboutNumber, { table }: Live, actor: Actor): z.infer<typeof shown> {
  return {
    ...about.number,
    assigned: about.steps !== null,
    call: callJson(about.steps, table),
    flow_shared_with: [...about.flowSharedWith],
    rings: about.rings.map((stage) => [...stage]),
    shown_for: [...about.shownFor],
    drift: driftJson(about.drift),
    may: mayJson(actor, "number", about.number.number),
  };
}
