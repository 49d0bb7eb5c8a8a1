/**
 * What an engine would begin without: a database, people in the office, a folder for messages, the switch's sounds. A
 * caller would find it out otherwise. Each is said in a sentence with what mends it, before anything is made or locked: a
 * mistyped `--db` must leave no empty database behind.
 */
import { accessSync, constants, statSync } from "node:fs";
import { describeFailure, openStore, type Store } from "../../../storage/store.js";
import type { Clock } from "../../clock.js";
import { missingSounds } from "../../doctor/switch.js";
import { type SwitchTarget, withSwitch } from "../../switch/session.js";
import type { RunOptions } from "./run-options.js";

/** Something that is not there. */
export interface Lack {
  readonly what: string;
  readonly mend: string;
  /** The option with which the engine starts all the same; null: it starts anyway. */
  readonly allowedBy: "--allow-empty" | "--allow-missing" | null;
}

export function lackText({ what, mend, allowedBy }: Lack): string {
  return `${what}; ${mend}${allowedBy === null ? "" : `, or start with ${allowedBy}`}`;
}

export interface Beginning {
  readonly lacks: readonly Lack[];
  /** False: the switch could not be asked for its sounds yet. */
  readonly knowsSounds: boolean;
}

/** Looks at all of it. @returns a text instead when the database is there and cannot be used */
export async function lookBefore(
  options: RunOptions,
  target: SwitchTarget,
  clock: Clock,
): Promise<Beginning | string> {
  const office = await officeLack(options);
  if (typeof office === "string") return office;
  const sounds = await soundsLack(target, clock);
  const all = [office, recordingsLack(options.recordings), sounds === "unknown" ? null : sounds];
  return { lacks: all.filter((lack) => lack !== null), knowsSounds: sounds !== "unknown" };
}

/** Whether the options let the engine begin without it. */
export function isAllowed({ allowedBy }: Lack, options: RunOptions): boolean {
  if (allowedBy === "--allow-empty") return options.allowEmpty === true;
  if (allowedBy === "--allow-missing") return options.allowMissing === true;
  return true;
}

/**
 * The database of an older release is left to the opening that migrates it: it has had an engine, so it is no slip. So is
 * a database that another program writes to at this moment.
 */
async function officeLack({ db }: RunOptions): Promise<Lack | null | string> {
  if (db === ":memory:") return NO_OFFICE(db);
  const opened = await openStore(db, { mustExist: true, mayMigrate: false });
  if (!opened.ok) {
    const { failure } = opened;
    if (failure.reason === "missing")
      return {
        what: `there is no database ${db}`,
        mend: "see whether --db names the right file: `ringline apply` makes a database from an office's files, `ringline init` a whole installation",
        allowedBy: "--allow-empty",
      };
    return failure.reason === "older_schema" || failure.reason === "busy"
      ? null
      : describeFailure(db, failure);
  }
  try {
    return (await opened.store.isEmptyOffice()) ? NO_OFFICE(db) : null;
  } finally {
    await opened.store.close();
  }
}

const NO_OFFICE = (db: string): Lack => ({
  what: `the office in ${db} is empty: no user, no group, no number`,
  mend: "make one with `ringline apply FILES`",
  allowedBy: "--allow-empty",
});

function recordingsLack(folder: string | undefined): Lack | null {
  if (folder === undefined) return null;
  const why = whyUnusable(folder);
  if (why === undefined) return null;
  return {
    what: `the folder of messages ${folder} ${why}: callers could leave none`,
    mend: "make it, writable for the engine and for the switch (--recordings)",
    allowedBy: "--allow-missing",
  };
}

function whyUnusable(folder: string): string | undefined {
  try {
    if (!statSync(folder).isDirectory()) return "is no folder";
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return code === "EACCES" || code === "EROFS" ? "cannot be written to" : "is not there";
  }
}

/** A switch answers within milliseconds; one that does not is waited for by the engine itself. */
const ASK_MS = 1_000;

/** Asks the switch whether its own announcements are there. Unknown: it cannot be asked now. */
export async function soundsLack(target: SwitchTarget, clock: Clock): Promise<Lack | null | "unknown"> {
  const late = new Promise<"unknown">((resolve) => void clock.after(ASK_MS, () => resolve("unknown")));
  const asked = withSwitch(target, missingSounds).then((end) => (end.ok ? end.value : "unknown"));
  const found = await Promise.race([asked, late]);
  if (found === null || found === "unknown") return found;
  return { what: found.what, mend: found.mend, allowedBy: "--allow-missing" };
}

/** What the office wants that the options do not give. The engine starts all the same: calls are carried. */
export async function wishes(options: RunOptions, store: Store): Promise<Lack[]> {
  const mails = options.smtp === undefined ? await store.mailboxesWithMail() : 0;
  const told = options.smtp === undefined ? await store.toldOfEmergencies() : 0;
  return [
    ...(told === 0
      ? []
      : [
          {
            what: `the office names ${told === 1 ? "somebody" : `${told} people`} to tell of emergency calls by mail, and there is no mail server: nobody is told`,
            mend: "name one with --smtp and --mail-from",
            allowedBy: null,
          },
        ]),
    ...(mails === 0
      ? []
      : [
          {
            what: `${mails === 1 ? "a mailbox asks" : `${mails} mailboxes ask`} for mails about messages, and there is no mail server: none is sent`,
            mend: "name one with --smtp and --mail-from",
            allowedBy: null,
          },
        ]),
    ...(options.recordings === undefined
      ? [
          {
            what: "there is no folder of messages: callers can leave none",
            mend: "name one with --recordings",
            allowedBy: null,
          },
        ]
      : []),
  ];
}
