/** The doctor's checks of what the live office wants of its surroundings: its own sound files, and a mail server. */
import type { Office } from "../../policy/office/office.js";
import { isBuiltInName } from "../../policy/steps/announce/file.js";
import { counted } from "../counted.js";
import * as commands from "../switch/commands.js";
import type { WireCommand } from "../switch/wire.js";
import { type Finding, ok, warning } from "./finding.js";

/** So many files are named in one finding. */
const SHOWN = 5;

/** Every sound file that the office names, once. */
function soundFiles({ users, groups, flows, numbers }: Office): readonly string[] {
  const owners = [...users, ...groups];
  const steps = [
    ...Object.values(flows),
    ...owners.map(({ flow }) => flow),
    ...numbers.flatMap(({ leadsTo }) => (leadsTo?.kind === "steps" ? [leadsTo.steps] : [])),
  ].flat();
  const announced = steps.flatMap((step) => (step.kind === "announce" ? [step.sound] : []));
  const greetings = owners.flatMap(({ voicemail }) =>
    [voicemail?.greeting ?? [], voicemail?.busyGreeting ?? []].flat(),
  );
  return [...new Set([...announced.filter((sound) => !isBuiltInName(sound)), ...greetings])];
}

/** @param say the switch's answer to a command */
export async function checkOfficeSounds(
  office: Office | undefined,
  say: (command: WireCommand) => Promise<string>,
): Promise<Finding[]> {
  const files = office === undefined ? [] : soundFiles(office);
  if (files.length === 0) return [];
  const folder = await say(commands.globalVariable("sound_prefix"));
  const missing: string[] = [];
  for (const file of files)
    if ((await say(commands.fileExists(`${folder}/${file}`))) !== "true") missing.push(file);
  if (missing.length === 0) return [ok("sounds", `all ${files.length} of the office's own are in ${folder}`)];
  const named = missing.slice(0, SHOWN).join(", ");
  return [
    warning(
      "sounds",
      `${missing.length} of ${files.length} of the office's own sounds are missing in ${folder}: ${named}${missing.length > SHOWN ? " …" : ""}`,
      "copy them there, with their folders: until then callers hear built-in words, or nothing",
    ),
  ];
}

/** The engine's mail server is known only by the variables that the doctor shares with it. */
const SMTP_VARIABLE = "RINGLINE_SMTP";

export function checkMailServer(office: Office | undefined, env: NodeJS.ProcessEnv): Finding[] {
  if (office === undefined || (env[SMTP_VARIABLE] ?? "") !== "") return [];
  return [...wantedForEmergencies(office), ...wantedByMailboxes(office)];
}

function wantedForEmergencies({ emergency }: Office): Finding[] {
  const told = emergency?.notify?.length ?? 0;
  if (told === 0) return [];
  return [
    warning(
      "mail",
      `the office names ${told === 1 ? "somebody" : `${told} people`} to tell of emergency calls by mail, and ${SMTP_VARIABLE} names no mail server here`,
      "start `ringline run` with --smtp and --mail-from, and the doctor with the same variables; else nobody is told",
    ),
  ];
}

function wantedByMailboxes(office: Office): Finding[] {
  const wanting = [...office.users, ...office.groups].filter(
    ({ voicemail }) => voicemail !== undefined && (voicemail.email !== "none" || voicemail.missedCalls),
  ).length;
  if (wanting === 0) return [];
  return [
    warning(
      "mail",
      `${counted(wanting, "mailbox", "mailboxes")} ${wanting === 1 ? "wants" : "want"} mails, and ${SMTP_VARIABLE} names no mail server here`,
      "start `ringline run` with --smtp and --mail-from, and the doctor with the same variables; else no mail is sent",
    ),
  ];
}
