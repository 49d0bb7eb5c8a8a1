/**
 * What files say about earlier ids (`renamed_from`), and what is wrong with it whatever the live office is. An earlier id
 * may stay in a file for ever; but it must not be the id of anything that is there, or two things would have been one.
 */
import { isBuiltIn } from "../../office/built-in.js";
import { type Place, type Problem, show, under } from "../problem.js";
import type { Entries, Located } from "../read-entries.js";
import type { RenameClaim } from "../rename-claim.js";
import type { DeviceFile } from "../schema.js";

interface Claim {
  readonly claim: RenameClaim;
  readonly at: Place;
}

export interface CheckedRenames {
  readonly renames: readonly RenameClaim[];
  readonly problems: readonly Problem[];
}

/** All claims of an office's files, and the faults among them. */
export function checkRenames(entries: Entries): CheckedRenames {
  const scopes = [
    groupScope(entries),
    flowScope(entries),
    ...entries.users.flatMap(({ id, devices: { items } }) =>
      id === undefined || items.every(({ value }) => value.renamed_from === undefined)
        ? []
        : [deviceScope(id, items)],
    ),
  ];
  const problems = scopes.flatMap(checkScope);
  const claims = scopes.flatMap((scope) => scope.claims);
  return { renames: claims.map(({ claim }) => claim), problems };
}

/** Things whose ids must differ from each other, and what they were called before. */
interface Scope {
  readonly noun: string;
  readonly ids: ReadonlyMap<string, Place>;
  readonly claims: readonly Claim[];
}

function groupScope({ groups }: Entries): Scope {
  const named = groups.flatMap(({ id, at }) =>
    id === undefined ? [] : [[id, under(at, "id", "value")] as const],
  );
  const claims = groups.flatMap(({ id, fields, at }): Claim[] =>
    id === undefined || fields.renamed_from === undefined
      ? []
      : [
          {
            claim: { kind: "group", to: id, from: list(fields.renamed_from) },
            at: under(at, "renamed_from", "value"),
          },
        ],
  );
  return { noun: "group", ids: new Map(named), claims };
}

function flowScope({ flows }: Entries): Scope {
  const claims = flows.flatMap(({ id, renamedFrom }): Claim[] =>
    renamedFrom === undefined
      ? []
      : [{ claim: { kind: "flow", to: id, from: list(renamedFrom.value) }, at: renamedFrom.at }],
  );
  return { noun: "flow", ids: new Map(flows.map(({ id, at }) => [id, at])), claims };
}

function deviceScope(username: string, devices: readonly Located<Partial<DeviceFile>>[]): Scope {
  const claims = devices.flatMap(({ value, at }): Claim[] =>
    value.renamed_from === undefined || value.id === undefined
      ? []
      : [
          {
            claim: { kind: "device", username, to: value.id, from: list(value.renamed_from) },
            at: under(at, "renamed_from", "value"),
          },
        ],
  );
  const ids = devices.flatMap(({ value, at }) =>
    value.id === undefined ? [] : [[value.id, under(at, "id", "value")] as const],
  );
  return { noun: "device", ids: new Map(ids), claims };
}

function list(written: string | readonly string[]): readonly string[] {
  return typeof written === "string" ? [written] : written;
}

function checkScope(scope: Scope): Problem[] {
  const claimed = new Map<string, Place>();
  return scope.claims.flatMap(({ claim, at }) =>
    [...new Set(claim.from)].flatMap((id): Problem[] => {
      const earlier = claimed.get(id);
      claimed.set(id, earlier ?? at);
      const wrong = wrongWith(scope, claim, id, earlier);
      return wrong === undefined
        ? []
        : [{ severity: "error", code: "wrong_rename", at, found: show(id), ...wrong }];
    }),
  );
}

/** What is wrong with one earlier id; `earlier`: where the same id was claimed before. */
function wrongWith(
  { noun, ids }: Scope,
  { kind, to }: RenameClaim,
  id: string,
  earlier: Place | undefined,
): Pick<Problem, "message" | "expected" | "others"> | undefined {
  const builtIn = kind === "group" ? [id, to].find(isBuiltIn) : undefined;
  if (builtIn !== undefined)
    return {
      message: `the group \`${builtIn}\` is built in: its id never changes`,
      expected: "no renamed_from",
    };
  const there = ids.get(id);
  const expected = "an id that nothing has any more";
  if (id === to)
    return { message: `the ${noun} \`${to}\` cannot have been called \`${to}\` before`, expected };
  if (there !== undefined)
    return {
      message: `the ${noun} \`${to}\` cannot have been \`${id}\`: there is a ${noun} \`${id}\``,
      expected,
      others: [{ at: there, note: `\`${id}\` is here` }],
    };
  if (earlier === undefined) return undefined;
  return {
    message: `two ${noun}s say that they were \`${id}\``,
    expected: "only one of them",
    others: [{ at: earlier, note: "the other one" }],
  };
}
