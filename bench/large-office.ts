/**
 * Offices of any size for measurements: ten numbers and three devices a user (a desk phone, a softphone and a mobile),
 * groups of ten, and as many named flows as a hundredth of the users.
 */
import type { Group, NumberEntry, Office, User } from "../policy/office/office.js";
import type { Step } from "../policy/steps/types.js";

const NUMBERS_A_USER = 10;
const MEMBERS_A_GROUP = 10;
const USERS_A_FLOW = 100;

const BUSY: Step = { kind: "hangup", reason: "no_answer" };

/** The n-th number of the office, valid in the North American plan, for a million and more. */
export function numberAt(n: number): string {
  return `+1${200 + Math.floor(n / 5_000_000)}${2_000_000 + (n % 5_000_000)}`;
}

/** A number that the office does not have. */
export function foreignNumberAt(n: number): string {
  return `+1${700 + Math.floor(n / 5_000_000)}${2_000_000 + (n % 5_000_000)}`;
}

function usernameAt(n: number): string {
  return `user.${String(n).padStart(6, "0")}`;
}

/** An office of numbers without users. */
export function numbersOnly(numbers: number): Office {
  const office = largeOffice(numbers);
  const flows = Object.fromEntries(Object.keys(office.flows).map((id) => [id, [BUSY]]));
  return { ...office, users: [], groups: [], flows };
}

/** An office with `numbers` numbers. */
export function largeOffice(numbers: number): Office {
  const count = Math.max(1, Math.floor(numbers / NUMBERS_A_USER));
  const flows = Math.max(1, Math.floor(count / USERS_A_FLOW));
  return {
    name: "Large",
    country: "US",
    timezone: "America/New_York",
    outsideCallerId: { kind: "caller" },
    carriers: [{ id: "main", proxy: "sip.example.net" }],
    users: Array.from({ length: count }, (_, n) => user(n)),
    groups: Array.from({ length: Math.floor(count / MEMBERS_A_GROUP) }, (_, n) => group(n)),
    flows: Object.fromEntries(Array.from({ length: flows }, (_, n) => [flowId(n), flow(n, count)])),
    numbers: Array.from({ length: numbers }, (_, n) => number(n, flows)),
  };
}

function user(n: number): User {
  const username = usernameAt(n);
  const all = { delayMs: 0, ringMs: null, accept: "auto" } as const;
  return {
    username,
    name: `User ${n}`,
    devices: [
      { id: "desk", at: { kind: "sip", name: `${username}-desk` }, ...all },
      { id: "soft", at: { kind: "sip", name: `${username}-soft` }, ...all },
      { id: "cell", at: { kind: "phone", number: `+1917${2_000_000 + n}` }, ...all },
    ],
    flow: [{ kind: "ring", target: { kind: "user", username }, timeoutMs: 20_000, skip: false }, BUSY],
  };
}

function group(n: number): Group {
  const id = `group-${n}`;
  const members = Array.from({ length: MEMBERS_A_GROUP }, (_, m) => ({
    username: usernameAt(n * MEMBERS_A_GROUP + m),
    delayMs: 0,
    ringMs: null,
    calls: true,
    voicemail: true,
  }));
  const ring: Step = { kind: "ring", target: { kind: "group", id }, timeoutMs: 30_000, skip: false };
  return { id, name: `Group ${n}`, strategy: "simultaneous", members, flow: [ring, BUSY] };
}

function flowId(n: number): string {
  return `flow-${n}`;
}

function flow(n: number, users: number): readonly Step[] {
  const username = usernameAt((n * USERS_A_FLOW) % users);
  return [{ kind: "ring", target: { kind: "user", username }, timeoutMs: 20_000, skip: false }, BUSY];
}

function number(n: number, flows: number): NumberEntry {
  return { number: numberAt(n), leadsTo: { kind: "flow", flow: flowId(n % flows) } };
}
