/**
 * `ringline init`: makes everything that an engine needs to begin: an office, its database, secrets, a configuration file
 * and a unit of systemd, and says what to do next. It never overwrites anything.
 */
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Office } from "../../../policy/office/office.js";
import { type IdSource, systemIds } from "../../ids.js";
import { applyFiles } from "../../office/changes/apply-files.js";
import { type OfficeReading, readOfficeFrom } from "../../office/files/read.js";
import { showProblems } from "../office/office-problems.js";
import { addressText, type SwitchAddress, switchAddress } from "../run/run-options.js";
import type { RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { packageFile } from "../shared/package-file.js";
import type { Terminal } from "../shared/terminal.js";
import { onDatabase } from "../shared/use-case.js";
import { answersFor, type InitOptions } from "./answers.js";
import { configFile, officeFile, switchVariables, type UnitPlaces, unitFile } from "./init-files.js";
import { alreadyThere, makeAll, type NewFile } from "./new-files.js";

const HELP = `
Makes in the folder (this one, unless another is named):
  office/office.yaml    the office with its first administrator, to be edited
  ringline.db           the database, with that office as revision 1
  ringline.yaml         the configuration of \`ringline run\`
  switch-password       the event socket's password, for the owner alone
  directory-secret      what the switch shows to the engine, for the owner alone
  switch.env            both as variables for the switch, for the owner alone
  messages/             where the switch writes messages
  ringline@.service     a unit for systemd

On a terminal it asks for what no option says. Without one, --name, --country and --admin are needed; the time zone
is the machine's. If any of the files is there already, nothing is made.

Examples:
  ringline init acme
  ringline init /srv/ringline --name "Acme Dental" --country US --timezone America/New_York --admin "Dana Reed"`;

interface Options extends InitOptions {
  readonly switch: SwitchAddress;
  readonly user?: string;
  readonly json?: boolean;
}

const SWITCH_DEFAULT: SwitchAddress = { host: "127.0.0.1", port: 8021 };

export const registerInit: RegisterCommand = (program, terminal) => {
  program
    .command("init")
    .summary("make a new office, its database and configuration")
    .description("Makes a new office with everything that an engine needs to begin.")
    .argument("[folder]", "where it goes; made when it is not there", ".")
    .option("--name <text>", "the office's name")
    .option("--country <code>", "its country's two letters")
    .option("--timezone <name>", "its time zone, such as America/New_York")
    .option("--admin <name>", "the name of its first administrator")
    .option("--username <name>", "the administrator's username; made of the name if left out")
    .option("--extension <digits>", "the administrator's extension", "101")
    .option("--switch <host:port>", "the switch's event socket", switchAddress, SWITCH_DEFAULT)
    .option("--user <name>", "the user of the machine who will run the engine; you if left out")
    .option("--json", "print one JSON object: { ok, folder, made, next }")
    .addHelpText("after", HELP)
    .action((folder: string, options: Options) => init(resolve(folder), options, terminal));
};

async function init(folder: string, options: Options, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  const paths = pathsIn(folder);
  const there = alreadyThere(Object.values(paths));
  if (there.length > 0) {
    failed(
      terminal,
      `nothing is overwritten, and nothing was made: ${there.join(", ")} is there already`,
      json,
    );
    return;
  }
  const answers = await answersFor(options, terminal);
  if (!answers.ok) {
    for (const problem of answers.problems) failed(terminal, problem, json);
    return;
  }
  const text = officeFile(answers.office);
  const reading = readOfficeFrom([{ name: paths.office, text }], terminal.clock.nowMs());
  if (reading.office === undefined) {
    if (!json) showProblems(terminal, reading);
    const why = reading.problems.map(({ message }) => message).join("; ");
    failed(terminal, json ? why : "nothing was made", json);
    return;
  }
  const files = filesFor(paths, text, options, systemIds);
  const applied = await makeAll(files, [paths.db], () =>
    applyFirst({ ...reading, office: reading.office as Office }, paths.db, terminal),
  );
  if (!applied) return;
  const next = nextSteps(folder, paths, answers.office.username, options.user);
  if (json) terminal.out(`${JSON.stringify({ ok: true, folder, made: Object.values(paths), next })}\n`);
  else terminal.out(`${madeText(folder)}\n${next.map(stepText).join("\n")}`);
}

function pathsIn(folder: string) {
  return {
    office: join(folder, "office", "office.yaml"),
    db: join(folder, "ringline.db"),
    config: join(folder, "ringline.yaml"),
    password: join(folder, "switch-password"),
    directorySecret: join(folder, "directory-secret"),
    variables: join(folder, "switch.env"),
    messages: join(folder, "messages"),
    unit: join(folder, "ringline@.service"),
  };
}

type Paths = ReturnType<typeof pathsIn>;

const FOR_OWNER = 0o600;
const FOR_ALL = 0o644;
/** The switch, in the group of the engine's user, writes messages there. */
const FOR_GROUP = 0o770;

function filesFor(paths: Paths, office: string, options: Options, ids: IdSource): NewFile[] {
  const [password, secret] = [secretText(ids), secretText(ids)];
  const unit = readFileSync(packageFile("docker/systemd/ringline@.service"), "utf8");
  return [
    { path: paths.office, text: office, mode: FOR_ALL },
    { path: paths.config, text: configFile(addressText(options.switch)), mode: FOR_ALL },
    { path: paths.password, text: `${password}\n`, mode: FOR_OWNER },
    { path: paths.directorySecret, text: `${secret}\n`, mode: FOR_OWNER },
    { path: paths.variables, text: switchVariables(password, secret), mode: FOR_OWNER },
    { path: paths.messages, text: null, mode: FOR_GROUP },
    { path: paths.unit, text: unitFile(unit, unitPlaces(paths, options.user)), mode: FOR_ALL },
  ];
}

/** 244 random bits, in letters and digits, since the switch pastes them into XML. */
function secretText(ids: IdSource): string {
  return `${ids.uuid()}${ids.uuid()}`.replaceAll("-", "");
}

function unitPlaces({ config, db }: Paths, user: string | undefined): UnitPlaces {
  const name = user ?? systemUser();
  const program = fileURLToPath(new URL("../ringline.js", import.meta.url));
  const folder = resolve(db, "..");
  return { folder, config, program: [process.execPath, program], user: name };
}

/** In containers the user often has no name; a unit may also have its number. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "ringline");
  }
}

async function applyFirst(
  { office, sourceHash }: OfficeReading & { readonly office: Office },
  db: string,
  terminal: Terminal,
): Promise<boolean> {
  const { author } = terminal;
  const request = { author, message: "made by ringline init", overwrite: false, compare: false };
  const ended = await onDatabase(
    terminal,
    { db },
    (deps) => applyFiles(deps, request, { office, sourceHash }),
    "make",
  );
  if (ended !== undefined && ended.outcome !== "applied")
    throw new Error(`a new database takes the first office: ${ended.outcome}`);
  return ended !== undefined;
}

interface Step {
  readonly what: string;
  readonly commands: readonly string[];
}

/** A word for a shell. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** @param owner the user who will run the engine, if it is not the one who made the files */
function nextSteps(folder: string, paths: Paths, username: string, owner: string | undefined): Step[] {
  const conf = packageFile("docker/freeswitch");
  const [db, config, unit, variables] = [paths.db, paths.config, paths.unit, paths.variables].map(shellWord);
  return [
    {
      what: "Start the switch with its variables, if it does not run yet:",
      commands: [`set -a; . ${variables}; set +a`, `freeswitch -nc -nonat -conf ${shellWord(conf)}`],
    },
    {
      what: "Start the engine, here or as a service:",
      commands: [
        ...(owner === undefined ? [] : [`sudo chown -R ${shellWord(owner)}: ${shellWord(folder)}`]),
        `ringline run --config ${config}`,
        `sudo cp ${unit} /etc/systemd/system/ && sudo systemctl enable --now ringline@a ringline@b`,
      ],
    },
    {
      what: `Connect a phone; then edit ${join(folder, "office")} and apply it:`,
      commands: [
        `ringline device credentials ${username} desk --db ${db}`,
        `ringline apply ${shellWord(join(folder, "office"))} --db ${db}`,
      ],
    },
  ];
}

function madeText(folder: string): string {
  return `An office was made in ${folder}: see office/office.yaml and ringline.yaml. Next:\n`;
}

function stepText({ what, commands }: Step, index: number): string {
  return `${index + 1}. ${what}\n${commands.map((command) => `     ${command}\n`).join("")}`;
}
