/**
 * Makes the script of a call from what people write about it (options of `explain`, entries of a test file). All names
 * that the office does not have are reported together.
 */

import { EXTENSION_PATTERN } from "../../../policy/office/extension.js";
import type { Office } from "../../../policy/office/office.js";
import { given, mapped } from "../../../policy/office/optional.js";
import { readTime } from "../../../policy/office/written-time.js";
import { suggest } from "../../../policy/office-file/suggest.js";
import { emergencyDialled } from "../../../policy/routing/emergency.js";
import { parseNumber } from "../../../policy/routing/number.js";
import type { ByHand } from "../../../storage/by-hand.js";
import type { Remembered } from "../../../storage/memory.js";
import type { Pickup, Script } from "./call-script.js";
import { didYouMean, findCaller, findPhones, type Phone, phonesOf, SOMEBODY } from "./phones.js";

/** A call as people write it. */
export interface Written {
  readonly number: string;
  readonly from?: string | undefined;
  readonly at?: string | undefined;
  /** Only these phones are signed in; undefined: all are. */
  readonly registered?: readonly string[] | undefined;
  readonly busy?: readonly string[] | undefined;
  readonly dnd?: readonly string[] | undefined;
  /** `user@seconds` or `user@seconds:digit`. */
  readonly answer?: readonly string[] | undefined;
  /** Seconds. */
  readonly giveUp?: number | undefined;
}

/** A part of what was written that means nothing; `field` and `index` say where it is. */
export interface ScriptProblem {
  readonly field: keyof Written;
  readonly index: number;
  readonly message: string;
}

export interface OfficeAt {
  readonly office: Office;
  readonly revision: number;
  readonly memory: readonly Remembered[];
  /** What people have set by hand; left out: nothing. */
  readonly byHand?: readonly ByHand[];
}

export type ReadScript =
  | { readonly ok: true; readonly script: Script }
  | { readonly ok: false; readonly problems: readonly ScriptProblem[] };

/** @param nowMs the time of the call, if none is written */
export function readScript(written: Written, at: OfficeAt, nowMs: number): ReadScript {
  const { office } = at;
  const problems: ScriptProblem[] = [];
  const say = (field: keyof Written, index: number, message: string) =>
    problems.push({ field, index, message });
  const named = (field: "registered" | "busy" | "dnd"): Set<string> => {
    const names = new Set<string>();
    for (const [index, text] of (written[field] ?? []).entries()) {
      const found = findPhones(office, text);
      if (found.ok) for (const { name } of found.value) names.add(name);
      else say(field, index, found.why);
    }
    return names;
  };
  const caller = written.from === undefined ? undefined : findCaller(office, written.from);
  if (caller !== undefined && !caller.ok) say("from", 0, caller.why);
  const isInside = caller?.ok === true && caller.value.kind === "inside";
  const why = isInside ? undefined : notDialledOutside(office, written.number);
  if (why !== undefined) say("number", 0, why);
  const startMs = written.at === undefined ? nowMs : readTime(written.at, office.timezone);
  if (startMs === undefined) say("at", 0, "expected a time such as 2026-03-02T09:00 or 2026-03-02T14:00Z");
  const registered = named("registered");
  const sip = phonesOf(office).filter(({ kind }) => kind === "sip");
  const away = written.registered === undefined ? [] : sip.filter(({ name }) => !registered.has(name));
  const pickups = (written.answer ?? []).flatMap((text, index) => {
    const pickup = readPickup(office, text);
    if (pickup.ok) return [pickup.value];
    say("answer", index, pickup.why);
    return [];
  });
  const script: Script = {
    ...at,
    dialled: written.number,
    caller: caller?.ok === true ? caller.value : SOMEBODY,
    startMs: startMs ?? nowMs,
    away: new Set(away.map(({ name }) => name)),
    busy: named("busy"),
    dnd: named("dnd"),
    pickups,
    ...given({ giveUpMs: mapped(written.giveUp, (seconds) => seconds * 1_000) }),
  };
  return problems.length > 0 ? { ok: false, problems } : { ok: true, script };
}

/**
 * From outside only numbers can be dialled. A number that is not the office's is a valid script: the engine answers it.
 */
function notDialledOutside(office: Office, dialled: string): string | undefined {
  if (emergencyDialled(dialled, office) !== undefined)
    return `${dialled} is an emergency number, which only phones of the office can call: say who calls`;
  if (EXTENSION_PATTERN.test(dialled))
    return `${dialled} is an extension, which only phones of the office can call: say who calls`;
  if (parseNumber(dialled, office.country) !== undefined) return undefined;
  const meant = suggest(
    dialled,
    office.numbers.map(({ number }) => number),
  );
  return `\`${dialled}\` is no phone number${didYouMean(meant)}`;
}

type ReadPickup =
  | { readonly ok: true; readonly value: Pickup }
  | { readonly ok: false; readonly why: string };

/** No call is played any longer than this. */
const SECOND_MAX = 3_600;

function readPickup(office: Office, text: string): ReadPickup {
  const match = /^(.+)@(\d{1,4})(?::([0-9*#]))?$/.exec(text);
  const [, name = "", second = "", digit] = match ?? [];
  if (match === null || Number(second) > SECOND_MAX)
    return { ok: false, why: `expected USER@SECONDS or USER@SECONDS:DIGIT, found \`${text}\`` };
  const found = findPhones(office, name);
  if (!found.ok) return found;
  const phones: readonly Phone[] = found.value;
  return {
    ok: true,
    value: { name, phones, second: Number(second), ...given({ digit }) },
  };
}
