/**
 * What an operator expects of a call, as a sentence: `at 20 rings group:sales`. Every form is listed once, with its
 * grammar and its check of a played call.
 */
import type { Office } from "../../../policy/office/office.js";
import { suggest } from "../../../policy/office-file/suggest.js";
import { type AnyStepKind, STEP_KINDS } from "../../../policy/steps/registry.js";
import type { StepKindName } from "../../../policy/steps/types.js";
import { didYouMean, type Found, findPhones } from "./phones.js";
import type { Played, Ring } from "./record.js";
import { secondOf } from "./words.js";

/** Whether the expectation was met, and if not, what happened instead. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly found: string };

export type Expectation = (played: Played) => Verdict;

const YES: Verdict = { ok: true };
const no = (found: string): Verdict => ({ ok: false, found });

interface Form {
  /** The form as it is shown when a sentence matches none. */
  readonly written: string;
  readonly meaning: string;
  readonly pattern: RegExp;
  read(office: Office, second: number | undefined, word: string): Found<Expectation>;
}

/** `at N` in front: the second into the call, rounded. */
const AT = String.raw`(?:at (\d{1,4}) )?`;

export const FORMS: readonly Form[] = [
  {
    written: "[at SECOND] rings WHO",
    meaning:
      "a phone of WHO is ringing, in that second or at any time; a group: by a step that rings the group",
    pattern: new RegExp(`^${AT}rings (\\S+)$`),
    read: (office, second, word) => withWho(office, word, (who) => rings(word, who, second)),
  },
  {
    written: "never rings WHO",
    meaning: "no phone of WHO rings in the whole call",
    pattern: /^never rings (\S+)$/,
    read: (office, _second, word) => withWho(office, word, (who) => neverRings(who)),
  },
  ...STEP_KINDS.flatMap(formOfKind),
  {
    written: "[at SECOND] asks WHO",
    meaning: "a phone of WHO is asked to press 1",
    pattern: new RegExp(`^${AT}asks (\\S+)$`),
    read: (office, second, word) => withWho(office, word, (who) => asks(who, second)),
  },
  {
    written: "[at SECOND] answered by WHO",
    meaning: "the caller is connected with WHO",
    pattern: new RegExp(`^${AT}answered by (\\S+)$`),
    read: (office, second, word) => withWho(office, word, (who) => answeredBy(who, second)),
  },
  {
    written: "not answered",
    meaning: "the caller is connected with nobody",
    pattern: /^not answered$/,
    read: () => ({
      ok: true,
      value: (played) => (played.ending.word === "answered" ? no(endingOf(played)) : YES),
    }),
  },
  {
    written: "[at SECOND] hangs up REASON",
    meaning: "the flow ends the call: normal, busy, no_answer, declined, unavailable, unassigned",
    pattern: new RegExp(`^${AT}hangs up ([a-z_]+)$`),
    read: (_office, second, word) => hangsUp(word, second),
  },
  {
    written: "[at SECOND] gives up",
    meaning: "the caller hangs up before anybody has answered",
    pattern: new RegExp(`^${AT}gives up$`),
    read: (_office, second) => ({ ok: true, value: ends("missed", second) }),
  },
];

/** Reads a sentence; reports a name in it that the office does not have. */
export function readExpectation(office: Office, text: string): Found<Expectation> {
  const sentence = text.trim().replace(/\s+/g, " ");
  for (const form of FORMS) {
    const match = form.pattern.exec(sentence);
    if (match === null) continue;
    const hasSecond = form.written.startsWith("[at");
    const second = hasSecond && match[1] !== undefined ? Number(match[1]) : undefined;
    return form.read(office, second, match[hasSecond ? 2 : 1] ?? "");
  }
  return {
    ok: false,
    why: `no such expectation; there are: ${FORMS.map(({ written }) => written).join("; ")}`,
  };
}

/** Which rings a sentence is about. */
type Who = (ring: Pick<Ring, "phone" | "target">) => boolean;

function withWho(office: Office, word: string, make: (who: Who) => Expectation): Found<Expectation> {
  const who = findWho(office, word);
  return who.ok ? { ok: true, value: make(who.value) } : who;
}

function findWho(office: Office, word: string): Found<Who> {
  const extension = /^extension:(\d+)$/.exec(word)?.[1];
  const id = /^group:(.+)$/.exec(word)?.[1];
  const group = office.groups.find((each) => each.id === id || (extension && each.extension === extension));
  if (group !== undefined) {
    const names = [`group:${group.id}`, `extension:${group.extension}`];
    return { ok: true, value: ({ target }) => names.includes(target) };
  }
  if (id !== undefined) {
    const meant = suggest(
      id,
      office.groups.map((each) => each.id),
    );
    return { ok: false, why: `no group \`${id}\`${didYouMean(meant && `group:${meant}`)}` };
  }
  const owner = office.users.find((user) => extension !== undefined && user.extension === extension);
  const found = findPhones(office, owner?.username ?? word.replace(/^number:/, ""));
  if (!found.ok) return found;
  const names = new Set(found.value.map(({ name }) => name));
  return { ok: true, value: ({ phone }) => names.has(phone) };
}

function rings(word: string, who: Who, second: number | undefined): Expectation {
  return (played) => {
    const theirs = played.rings.filter(who);
    if (second === undefined) return theirs.length > 0 ? YES : no(`${word} never rings`);
    if (theirs.some((ring) => isRingingAt(ring, second))) return YES;
    const when = theirs.length === 0 ? `${word} never rings` : `${word} rings ${spans(theirs)}`;
    const others = played.rings.filter((ring) => isRingingAt(ring, second));
    const instead = others.length === 0 ? "nobody" : [...new Set(others.map(nameOf))].join(", ");
    return no(`at ${second} rings ${instead}; ${when}`);
  };
}

/** A phone that rings for a moment only is ringing in the second in which it began. */
function isRingingAt({ fromMs, toMs }: Ring, second: number): boolean {
  const from = secondOf(fromMs);
  return from <= second && second < Math.max(secondOf(toMs), from + 1);
}

function spans(of: readonly Ring[]): string {
  return [...new Set(of.map(({ fromMs, toMs }) => `from ${secondOf(fromMs)} to ${secondOf(toMs)}`))].join(
    ", ",
  );
}

function nameOf({ who, device }: Pick<Ring, "who" | "device">): string {
  return `${who} (${device})`;
}

function neverRings(who: Who): Expectation {
  return (played) => {
    const theirs = played.rings.filter(who);
    return theirs.length === 0
      ? YES
      : no(theirs.map((ring) => `${nameOf(ring)} rings ${spans([ring])}`).join(", "));
  };
}

/** The sentence for a call reaching a step of this kind; none when the kind has no such sentence. */
function formOfKind({ name, expectation }: AnyStepKind): Form[] {
  if (expectation === undefined) return [];
  const { verb, noun, pattern, meaning, isSomebody } = expectation;
  return [
    {
      written: `[at SECOND] ${verb} ${noun}`,
      meaning,
      pattern: new RegExp(`^${AT}${verb} (${pattern})$`),
      read: (office, second, word) => {
        const expected = takes(name, verb, word, second);
        return isSomebody ? withWho(office, word, () => expected) : { ok: true, value: expected };
      },
    },
  ];
}

function takes(kind: StepKindName, verb: string, what: string, second: number | undefined): Expectation {
  return ({ steps }) => {
    const taken = steps.filter((step) => step.kind === kind);
    const fits = taken.filter(
      (step) => step.what === what && (second === undefined || secondOf(step.fromMs) === second),
    );
    if (fits.length > 0) return YES;
    const found = taken.map((step) => `at ${secondOf(step.fromMs)} ${verb} ${step.what}`);
    return no(found.length === 0 ? `never ${verb}` : found.join(", "));
  };
}

function asks(who: Who, second: number | undefined): Expectation {
  return ({ happenings, rings: all }) => {
    const asked = happenings.flatMap((happening) =>
      happening.kind === "note" && happening.note.kind === "deciding"
        ? [{ atMs: happening.atMs, ...happening.note }]
        : [],
    );
    const theirs = asked.filter(({ who: name, device }) =>
      all.some((ring) => ring.who === name && ring.device === device && who(ring)),
    );
    if (theirs.some(({ atMs }) => second === undefined || secondOf(atMs) === second)) return YES;
    const found = asked.map((one) => `at ${secondOf(one.atMs)} asks ${nameOf(one)}`);
    return no(found.length === 0 ? "nobody is asked" : found.join(", "));
  };
}

function answeredBy(who: Who, second: number | undefined): Expectation {
  return (played) => {
    const { word, by, device, atMs } = played.ending;
    if (word !== "answered") return no(endingOf(played));
    const isTheirs = played.rings.some((ring) => ring.who === by && ring.device === device && who(ring));
    const isThen = second === undefined || secondOf(atMs) === second;
    return isTheirs && isThen ? YES : no(endingOf(played));
  };
}

const REASONS = ["normal", "busy", "no_answer", "declined", "unavailable", "unassigned"];

function hangsUp(reason: string, second: number | undefined): Found<Expectation> {
  if (REASONS.includes(reason)) return { ok: true, value: ends(reason, second) };
  return { ok: false, why: `no reason \`${reason}\`${didYouMean(suggest(reason, REASONS))}` };
}

function ends(word: string, second: number | undefined): Expectation {
  return (played) => {
    const { ending } = played;
    const isThen = second === undefined || secondOf(ending.atMs) === second;
    return ending.word === word && isThen ? YES : no(endingOf(played));
  };
}

/** How the call ended, in the words of an expectation. */
function endingOf({ ending: { word, atMs, by, device } }: Played): string {
  const at = `at ${secondOf(atMs)}`;
  if (word === "answered") return `${at} answered by ${by} (${device})`;
  if (word === "missed") return `${at} gives up`;
  if (word === "message") return `${at} leaves a message`;
  return word === "unfinished" ? "never ends" : `${at} hangs up ${word}`;
}
