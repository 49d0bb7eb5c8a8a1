/** The phones of an office, and how people name phones and callers on a command line and in a test file. */

import type { Office, User } from "../../../policy/office/office.js";
import { targetsIn } from "../../../policy/office/targets.js";
import { suggest } from "../../../policy/office-file/suggest.js";
import { parseNumber } from "../../../policy/routing/number.js";
import type { Step } from "../../../policy/steps/types.js";

/** One thing that can ring. `name` is its SIP name, or its number in E.164. */
export interface Phone {
  readonly kind: "sip" | "outside";
  readonly name: string;
}

export type Caller =
  | { readonly kind: "outside"; readonly number: string; readonly name: string }
  /** A phone of the office. */
  | { readonly kind: "inside"; readonly sipName: string; readonly name: string };

/** What was named, or why it does not exist. */
export type Found<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: string };

/** The caller of a call when none is given: a number that is never assigned (555-01xx). */
export const SOMEBODY: Caller = { kind: "outside", number: "+13105550123", name: "Some Caller" };

/** Every phone of an office's users, and the outside numbers its steps ring; each once. */
export function phonesOf(office: Office): readonly Phone[] {
  const phones = new Map<string, Phone>();
  for (const user of office.users) for (const phone of phonesOfUser(user)) phones.set(phone.name, phone);
  for (const target of [...allSteps(office)].flatMap(targetsIn))
    if (target.kind === "number") phones.set(target.number, { kind: "outside", name: target.number });
  return [...phones.values()];
}

function phonesOfUser(user: User): readonly Phone[] {
  return user.devices.map(({ at }) =>
    at.kind === "sip" ? { kind: "sip", name: at.name } : { kind: "outside", name: at.number },
  );
}

function* allSteps(office: Office): Generator<Step> {
  for (const { flow } of office.users) yield* flow;
  for (const { flow } of office.groups) yield* flow;
  for (const steps of Object.values(office.flows)) yield* steps;
  for (const { leadsTo } of office.numbers) if (leadsTo?.kind === "steps") yield* leadsTo.steps;
}

/**
 * The phones meant by `alice.wong` (all of hers), `alice.wong/cell` (that device), `alice-desk` (a SIP name) or a phone
 * number.
 */
export function findPhones(office: Office, text: string): Found<readonly Phone[]> {
  const [username = "", device, ...more] = text.replace(/^user:/, "").split("/");
  const user = office.users.find((each) => each.username === username);
  if (user !== undefined && more.length === 0) {
    const own = phonesOfUser(user).filter((_, n) => device === undefined || user.devices[n]?.id === device);
    if (own.length > 0) return { ok: true, value: own };
    return { ok: false, why: device === undefined ? `${username} has no device` : noDevice(user, device) };
  }
  const number = parseNumber(text, office.country);
  const all = phonesOf(office);
  const phone = all.find(({ name }) => name === text || name === number);
  if (phone !== undefined) return { ok: true, value: [phone] };
  const names = [...office.users.map((each) => each.username), ...all.map(({ name }) => name)];
  return { ok: false, why: `no user or phone \`${text}\`${didYouMean(suggest(text, names))}` };
}

function noDevice({ username, devices }: User, device: string): string {
  const meant = suggest(
    device,
    devices.map(({ id }) => id),
  );
  return `${username} has no device \`${device}\`${didYouMean(meant && `${username}/${meant}`)}`;
}

export function didYouMean(meant: string | undefined): string {
  return meant === undefined ? "" : `; did you mean \`${meant}\`?`;
}

/** As a file of tests, and `--from`, write a caller who hides the number. */
const WITHHELD = "withheld";

/** A caller: a number outside, `withheld`, or a user, an extension or a SIP name of the office, for a call from inside. */
export function findCaller(office: Office, text: string): Found<Caller> {
  const user = office.users.find(({ username, extension }) => text === username || text === extension);
  const found = findPhones(office, user?.username ?? text);
  const sip = found.ok ? found.value.find(({ kind }) => kind === "sip") : undefined;
  if (sip !== undefined)
    return { ok: true, value: { kind: "inside", sipName: sip.name, name: user?.name ?? sip.name } };
  if (user !== undefined) return { ok: false, why: `${user.username} has no SIP phone to call from` };
  // As carriers send such calls (RFC 3323, section 4.1.1.3).
  if (text === WITHHELD) return { ok: true, value: { kind: "outside", number: "anonymous", name: "" } };
  const number = parseNumber(text, office.country);
  if (number !== undefined) return { ok: true, value: { kind: "outside", number, name: "" } };
  return found.ok ? { ok: false, why: `${text} cannot call` } : found;
}
