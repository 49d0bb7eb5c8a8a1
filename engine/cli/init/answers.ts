/**
 * What `ringline init` has to know of an office: each answer is an option, or is asked for on a terminal, again until it
 * makes sense.
 */
import type { z } from "zod";
import * as field from "../../../policy/office-file/fields.js";
import type { Terminal } from "../shared/terminal.js";
import type { FirstOffice } from "./init-files.js";

export interface InitOptions {
  readonly name?: string;
  readonly country?: string;
  readonly timezone?: string;
  readonly admin?: string;
  readonly username?: string;
  readonly extension: string;
}

interface Question {
  readonly option: "name" | "country" | "timezone" | "admin";
  readonly asks: string;
  readonly expects: z.ZodType<string>;
  /** An answer that is probably right: it is the one of an empty line, and without a terminal. */
  readonly default?: string;
}

function questions(): readonly Question[] {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return [
    { option: "name", asks: "Name of the office", expects: field.displayName },
    { option: "country", asks: "Country (two letters, such as US)", expects: field.countryCode },
    { option: "timezone", asks: "Time zone", expects: field.timezone, default: timeZone },
    { option: "admin", asks: "Your name, as the first administrator", expects: field.displayName },
  ];
}

export type Answers =
  | { readonly ok: true; readonly office: FirstOffice }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Asks this often for one answer; a terminal that was closed answers with empty lines without end. */
const TRIES_MAX = 5;

export async function answersFor(options: InitOptions, terminal: Terminal): Promise<Answers> {
  const found: Partial<Record<Question["option"], string>> = {};
  const missing: string[] = [];
  for (const question of questions()) {
    const { option } = question;
    const answer = options[option] ?? (terminal.isTyped ? await ask(question, terminal) : question.default);
    if (answer === undefined) missing.push(`--${option}`);
    else found[option] = answer;
  }
  if (missing.length > 0)
    return { ok: false, problems: [`nobody is there to be asked; give ${missing.join(", ")}`] };
  const { name = "", country = "", timezone = "", admin = "" } = found;
  const username = options.username ?? usernameOf(admin);
  if (username === undefined)
    return {
      ok: false,
      problems: [`no username can be made of ${JSON.stringify(admin)}; give one with --username`],
    };
  const { extension } = options;
  return { ok: true, office: { name, country: country.toUpperCase(), timezone, admin, username, extension } };
}

async function ask(question: Question, terminal: Terminal): Promise<string | undefined> {
  const shown = question.default === undefined ? "" : ` [${question.default}]`;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const typed = (await terminal.readLine(`${question.asks}${shown}: `)).trim();
    const answer = typed === "" ? (question.default ?? "") : typed;
    const read = question.expects.safeParse(question.option === "country" ? answer.toUpperCase() : answer);
    if (read.success) return read.data;
    terminal.err(`expected ${read.error.issues[0]?.message ?? "something else"}\n`);
  }
  return undefined;
}

/** `Zoë Müller` is zoe.muller; undefined: too little is left of the name. */
function usernameOf(name: string): string | undefined {
  const plain = name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ".")
    .replace(/^\.+|\.+$/g, "")
    .slice(0, 30);
  return field.username.safeParse(plain).success ? plain : undefined;
}
