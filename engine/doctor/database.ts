/** The doctor's checks of the database and its surroundings: the file, the office, passwords, and disk space. */

import { stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { boxOwner, mailboxSettings, roomIn } from "../../policy/mailbox/mailbox.js";
import { type Box, parseBox } from "../../policy/office/box.js";
import type { Office } from "../../policy/office/office.js";
import { emergencyNumbers } from "../../policy/routing/emergency.js";
import { RoutingTable } from "../../policy/routing/table.js";
import { SqlError } from "../../storage/database.js";
import { describeFailure, openStore, type Store } from "../../storage/store.js";
import { counted } from "../counted.js";
import { type Finding, ok, problem, warning } from "./finding.js";
import { checkMail } from "./mail.js";
import { checkWeb } from "./web.js";

export interface Files {
  readonly findings: readonly Finding[];
  /** Undefined: there is no office to check. */
  readonly office: Office | undefined;
}

/** Checks the integrity of the whole file. @param domain the domain that passwords must have been made for */
export async function checkDatabase(path: string, domain: string, nowMs: number): Promise<Files> {
  const opened = await openStore(path, { mustExist: true, checkIntegrity: true, mayMigrate: false });
  if (!opened.ok) {
    const mend =
      opened.failure.reason === "missing"
        ? "name the right file with --db, or make one with `ringline apply`"
        : opened.failure.reason === "damaged" || opened.failure.reason === "not_a_database"
          ? "stop the engine, and put the last backup (`ringline backup`) in its place with `ringline restore`"
          : "see who writes to it, and with which version of ringline";
    return {
      findings: [problem("database", describeFailure(path, opened.failure), mend)],
      office: undefined,
    };
  }
  try {
    const findings = [await permissions(path)];
    const revision = await opened.store.currentRevision();
    const office = await opened.store.loadOffice(revision);
    if (office === undefined)
      findings.push(problem("office", "no office was ever applied", "write one and `ringline apply` it"));
    else
      findings.push(
        ok(
          "office",
          `${office.name}, revision ${revision}: ${counted(office.users.length, "user")}, ${counted(office.numbers.length, "number")}`,
        ),
        emergency(office),
        ...(await credentials(opened.store, office, domain)),
        ...(await messages(opened.store, office)),
        ...(await checkMail(opened.store.outbox, nowMs)),
        ...(await checkWeb(await opened.store.webStanding.read())),
      );
    return { findings, office };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return {
      findings: [problem("database", error.message, "see that nothing else writes to the file")],
      office: undefined,
    };
  } finally {
    await opened.store.close();
  }
}

async function permissions(path: string): Promise<Finding> {
  const mode = (await stat(path)).mode & 0o777;
  return (mode & 0o077) === 0
    ? ok("database", `${path} is whole, and private`)
    : warning(
        "database",
        `${path} can be read by other users of this machine (mode ${mode.toString(8)}): it holds digests of passwords`,
        `chmod 600 ${path}`,
      );
}

/** Whether emergency calls can leave the office, and whether the emergency service can call back. */
function emergency(office: Office): Finding {
  const numbers = emergencyNumbers(office).join(" and ");
  const carriers = office.carriers.map(({ id }) => id).join(", then ");
  if (carriers === "")
    return warning(
      "emergency",
      `no phone can call ${numbers}: the office has no carrier`,
      "name one under carriers:, or tell everybody that these phones cannot call for help",
    );
  const shown =
    office.outsideCallerId.kind === "fixed"
      ? office.outsideCallerId.number
      : RoutingTable.of(office, 0).lowestNumber();
  if (shown === undefined && office.users.some(({ outboundNumber }) => outboundNumber === undefined))
    return warning(
      "emergency",
      `who answers ${numbers} cannot call back: the office owns no number to be shown`,
      "name the office's numbers under numbers:",
    );
  return ok(
    "emergency",
    `${numbers} are dialled through ${carriers}${shown === undefined ? "" : `; a user without a number is shown as ${shown}`}`,
  );
}

/** Files may leave out a user or a group whose mailbox is not empty; and mailboxes may be full. */
async function messages(store: Store, office: Office): Promise<Finding[]> {
  const table = RoutingTable.of(office, 0);
  const findings: Finding[] = [];
  for (const { box: name, messages: count } of await store.voicemail.boxes()) {
    const box = parseBox(name);
    if (box === undefined || boxOwner(box, table) === undefined)
      findings.push(
        warning(
          "messages",
          `${name} is not in the office any more, and has ${counted(count, "message")} that nobody can hear`,
          `ringline voicemail list --box ${name}; then export and delete them, or put the owner back`,
        ),
      );
    else findings.push(...roomFor(name, box, await store.voicemail.count(name), table));
  }
  return findings;
}

function roomFor(name: string, box: Box, count: number, table: RoutingTable): Finding[] {
  const room = roomIn(box, count, table);
  if (room === "enough") return [];
  const { messagesMax } = mailboxSettings(box, table);
  return [
    warning(
      "messages",
      room === "none"
        ? `${name} is full with ${count} messages: its callers can leave none`
        : `${name} is nearly full: ${count} of ${messagesMax} messages`,
      `ringline voicemail list --box ${name}; delete some, or raise its max_messages`,
    ),
  ];
}

async function credentials(store: Store, office: Office, domain: string): Promise<Finding[]> {
  const { changes } = await store.credentialsSince(0);
  const held = new Map(
    changes.flatMap(({ sipName, credential }) => (credential ? [[sipName, credential]] : [])),
  );
  const phones = office.users.flatMap(({ username, devices }) =>
    devices.flatMap(({ id, at }) => (at.kind === "sip" ? [{ username, id, sipName: at.name }] : [])),
  );
  const without = phones.filter(({ username, sipName }) => held.get(sipName)?.username !== username);
  const foreign = phones.filter(({ username, sipName }) => {
    const credential = held.get(sipName);
    return credential?.username === username && credential.realm !== domain;
  });
  const findings: Finding[] = [];
  const [first] = without;
  if (first !== undefined)
    findings.push(
      warning(
        "credentials",
        `${without.length} of ${phones.length} SIP phones have no password and cannot sign in: ${few(without)}`,
        `ringline device credentials ${first.username} ${first.id}`,
      ),
    );
  const [moved] = foreign;
  if (moved !== undefined)
    findings.push(
      problem(
        "credentials",
        `${foreign.length} passwords were made for another domain than ${domain} and are never right: ${few(foreign)}`,
        `start switch and engine with the old RINGLINE_DOMAIN, or make new ones: ringline device rotate ${moved.username} ${moved.id}`,
      ),
    );
  if (findings.length === 0)
    findings.push(ok("credentials", `all ${phones.length} SIP phones have a password`));
  return findings;
}

const NAMES_SHOWN = 5;

function few(phones: ReadonlyArray<{ readonly sipName: string }>): string {
  const names = phones.slice(0, NAMES_SHOWN).map(({ sipName }) => sipName);
  return phones.length > NAMES_SHOWN ? `${names.join(", ")} …` : names.join(", ");
}

/** A warning below this: some days of recorded messages of a busy office. */
const FREE_BYTES_LOW = 2 * 1024 ** 3;
/** A problem below this: recordings are about to fail. */
const FREE_BYTES_MIN = 200 * 1024 ** 2;

/** Checks the free space for the database, and for recordings if the switch's folder is visible on this machine. */
export async function checkDisk(
  database: string,
  recordings: string | null,
  freeBytes: FreeBytes = freeOnDisk,
): Promise<Finding[]> {
  const findings = [await room("the database", dirname(database), freeBytes)];
  if (recordings !== null) findings.push(await room("recordings", recordings, freeBytes));
  return findings;
}

/** The bytes that this process may still use on the disk of a folder; rejects when the folder is not visible. */
export type FreeBytes = (folder: string) => Promise<number>;

const freeOnDisk: FreeBytes = async (folder) => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

async function room(what: string, folder: string, freeBytes: FreeBytes): Promise<Finding> {
  try {
    const free = await freeBytes(folder);
    const text = `${(free / 1024 ** 3).toFixed(1)} GiB free for ${what} in ${folder}`;
    if (free < FREE_BYTES_MIN) return problem("disk", text, "make room now: messages cannot be recorded");
    if (free < FREE_BYTES_LOW) return warning("disk", text, "make room, or move the folder to a larger disk");
    return ok("disk", text);
  } catch {
    return warning(
      "disk",
      `${folder} cannot be seen from here, so nobody knows how much room there is for ${what}`,
      "run the doctor on the switch's machine; if the folder is missing there, make it, writable for the switch",
    );
  }
}
