/** The doctor's checks of the switch, one function each. Every command only reads. */

import type { Office } from "../../policy/office/office.js";
import { PHONES_PROFILE } from "../calls/switch-contract.js";
import { presentedAt } from "../certificates/presented.js";
import { tlsPortOf } from "../certificates/reload.js";
import { counted } from "../counted.js";
import { PROBE_VARIABLE } from "../directory/answer.js";
import { PROBE_NAME } from "../directory/lookup.js";
import * as commands from "../switch/commands.js";
import type { SwitchSession } from "../switch/session.js";
import type { WireCommand } from "../switch/wire.js";
import { type CarrierExamination, examineCarriers } from "./carriers.js";
import {
  CARRIERS_DEMANDS,
  CORE_DEMANDS,
  type Demand,
  elementNamed,
  parametersOf,
  phonesDemands,
} from "./config.js";
import { type Check, type Finding, ok, problem, warning } from "./finding.js";
import { checkOfficeSounds } from "./office-wants.js";
import type { SecretPlaces } from "./secrets.js";

export interface Examined {
  readonly findings: readonly Finding[];
  /** The switch's folder for recordings. */
  readonly recordings: string | null;
  readonly places: SecretPlaces;
}

export interface Examination {
  readonly session: SwitchSession;
  readonly office: Office | undefined;
  readonly domain: string;
  readonly nowMs: () => number;
  readonly ofCarriers: Omit<CarrierExamination, "session" | "carriers">;
  /** Which certificate a port presents; left out: it is asked. */
  readonly presented?: typeof presentedAt;
}

/** Runs all checks of the switch. */
export async function examineSwitch(examination: Examination): Promise<Examined> {
  const findings: Finding[] = [];
  for (const check of [
    version,
    modules,
    core,
    profiles,
    domain,
    dialplan,
    sounds,
    officeSounds,
    directory,
    carriers,
    clock,
  ])
    findings.push(...(await check(examination)));
  findings.push(...(await certificates(examination)));
  const folder = async (name: string) => {
    const path = await say(examination, commands.globalVariable(name));
    return path === "" ? null : path;
  };
  const places = { log: await folder("log_dir"), tls: await folder("ringline_tls_dir") };
  return { findings, recordings: await folder("recordings_dir"), places };
}

/** The switch's answer; null when the switch refuses the command. */
function say({ session }: Examination, command: WireCommand): Promise<string> {
  return answerOf(session, command);
}

async function answerOf(session: SwitchSession, command: WireCommand): Promise<string> {
  const reply = await session.ask(command);
  return reply.outcome === "ok" ? reply.text : "";
}

async function version(examination: Examination): Promise<Finding[]> {
  const text = await say(examination, commands.version());
  const number = /Version (\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  if (number === null)
    return [problem("version", "the switch does not say which version it is", "run FreeSWITCH 1.10")];
  const [whole = "", major, minor] = number;
  return Number(major) === 1 && Number(minor) === 10
    ? [ok("version", `FreeSWITCH ${whole.replace("Version ", "")}`)]
    : [
        warning(
          "version",
          `FreeSWITCH ${whole.replace("Version ", "")}: ringline is tried on 1.10`,
          "run FreeSWITCH 1.10.12",
        ),
      ];
}

/** Each module, and what happens without it. */
const MODULES: ReadonlyArray<readonly [name: string, otherwise: string]> = [
  ["mod_commands", "the engine's commands do nothing"],
  ["mod_dptools", "calls cannot be parked or answered"],
  ["mod_dialplan_xml", "calls are not handed to the engine"],
  ["mod_hash", "calls cannot be claimed, and two engines may fight over one"],
  ["mod_sofia", "there is no SIP"],
  ["mod_sndfile", "announcements cannot be played"],
  ["mod_tone_stream", "callers hear no ringing and no hold music"],
];

async function modules(examination: Examination): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, otherwise] of MODULES)
    if ((await say(examination, commands.moduleExists(name))) !== "true")
      findings.push(
        problem(
          "modules",
          `${name} is not loaded: ${otherwise}`,
          `load it in modules.conf.xml, or now: fs_cli -x "load ${name}"`,
        ),
      );
  if ((await say(examination, commands.moduleExists("mod_voicemail"))) === "true")
    findings.push(
      problem(
        "modules",
        "mod_voicemail is loaded: it tells every phone that there are no messages, and fights the engine's lamps",
        "take it out of modules.conf.xml and restart the switch",
      ),
    );
  return findings.length > 0 ? findings : [ok("modules", `all ${MODULES.length} that are needed are loaded`)];
}

async function core(examination: Examination): Promise<Finding[]> {
  const found = parametersOf(await say(examination, commands.configuration("switch.conf")));
  const findings = unmet("core", "switch.conf.xml", found, CORE_DEMANDS);
  return findings.length > 0 ? findings : [ok("core", "switch.conf is as it should be")];
}

async function profiles(examination: Examination): Promise<Finding[]> {
  const config = await say(examination, commands.configuration("sofia.conf"));
  const findings: Finding[] = [];
  for (const [name, demands] of [
    [PHONES_PROFILE, phonesDemands(examination.domain)],
    ["carriers", CARRIERS_DEMANDS],
  ] as const) {
    const status = await say(examination, commands.sofiaXmlStatus(name));
    if (!status.includes("<profile-info>"))
      findings.push(
        problem(
          "profiles",
          `the profile ${name} does not run`,
          `see why in the switch's log (a port that is taken, most often), then: fs_cli -x "sofia profile ${name} start"`,
        ),
      );
    const profile = elementNamed(config, "profile", name);
    if (profile !== undefined)
      findings.push(...unmet("profiles", `the profile ${name}`, parametersOf(profile), demands));
  }
  return findings.length > 0
    ? findings
    : [ok("profiles", "phones and carriers run, and are set as they should be")];
}

function unmet(
  check: Check,
  where: string,
  found: ReadonlyMap<string, string>,
  demands: readonly Demand[],
): Finding[] {
  return demands.flatMap(({ name, passes, wanted, otherwise, level }) => {
    const value = found.get(name);
    if (passes(value)) return [];
    const what = `${where}: ${name} is ${value === undefined ? "not set" : JSON.stringify(value)}: ${otherwise}`;
    return [
      {
        level,
        check,
        what,
        mend: `set ${name} to ${wanted}, as in docker/freeswitch, and restart the switch`,
      },
    ];
  });
}

async function domain(examination: Examination): Promise<Finding[]> {
  const ofSwitch = await say(examination, commands.globalVariable("ringline_domain"));
  if (ofSwitch === examination.domain) return [ok("domain", ofSwitch)];
  return [
    problem(
      "domain",
      `the switch's domain is ${ofSwitch === "" ? "not set" : ofSwitch}, and ours is ${examination.domain}: no password is ever right`,
      "start the switch, the engine and this command with the same RINGLINE_DOMAIN",
    ),
  ];
}

async function dialplan(examination: Examination): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, marks, otherwise] of [
    [
      "inbound",
      ['application="park"', "fallback"],
      "calls from carriers are refused or never reach the engine",
    ],
    ["phones", ['application="park"', "fallback"], "calls of phones are refused or never reach the engine"],
    ["ringline", ["ringline-claim"], "callers hear nothing when no engine is there"],
  ] as const) {
    const context = await say(examination, commands.dialplanContext(name));
    if (marks.every((mark) => context.includes(mark))) {
      findings.push(...outdated(name, context));
      continue;
    }
    findings.push(
      problem(
        "dialplan",
        `the context ${name} is ${context.includes("<context") ? "not ours" : "missing"}: ${otherwise}`,
        `take dialplan/${name}.xml from docker/freeswitch, then: fs_cli -x reloadxml`,
      ),
    );
  }
  return findings.length > 0 ? findings : [ok("dialplan", "calls are handed over, and there is a fallback")];
}

interface Newer {
  readonly mark: string;
  /** Its file in docker/freeswitch/dialplan. */
  readonly file: string;
  readonly otherwise: string;
}

const HAND_OVER: Newer = {
  mark: "api_before_bridge_wait",
  file: "hand_over.inc",
  otherwise: "who has just been connected when an engine dies is cut off half a minute later",
};

/** By context: what an older version of our dialplan lacks. */
const NEWER: Readonly<Record<string, Newer>> = {
  inbound: HAND_OVER,
  phones: HAND_OVER,
  ringline: {
    mark: "sched_hangup",
    file: "ringline.xml",
    otherwise: "a caller whom a phone transfers while no engine is there waits in silence",
  },
};

function outdated(name: string, context: string): Finding[] {
  const newer = NEWER[name];
  if (newer === undefined || context.includes(newer.mark)) return [];
  return [
    warning(
      "dialplan",
      `the context ${name} is an older one of ours: ${newer.otherwise}`,
      `take dialplan/${newer.file} from docker/freeswitch, then: fs_cli -x reloadxml`,
    ),
  ];
}

/** Sounds that the core plays by itself: if one is missing, a caller or a colleague hears nothing at that moment. */
const SOUNDS = [
  "try-again-later",
  "cannot-be-completed",
  "apology",
  "call-for",
  "from",
  "unknown-caller",
  "press-1-to-accept",
  "call-taken",
  ...["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "plus"].map((digit) => `digit-${digit}`),
];

/** What is wrong with the switch's own sounds, and how to mend it; null: all are there. */
export async function missingSounds(session: SwitchSession): Promise<{ what: string; mend: string } | null> {
  const folder = await answerOf(session, commands.globalVariable("sound_prefix"));
  const missing: string[] = [];
  for (const sound of SOUNDS)
    if ((await answerOf(session, commands.fileExists(`${folder}/${sound}.wav`))) !== "true")
      missing.push(`${sound}.wav`);
  if (missing.length === 0) return null;
  return {
    what: `${missing.length} of ${SOUNDS.length} sounds are missing in ${folder}: ${missing.slice(0, 5).join(", ")}`,
    mend: "put docker/freeswitch/sounds/en there (`npm run sounds` makes them), or set sound_prefix to where they are",
  };
}

async function sounds(examination: Examination): Promise<Finding[]> {
  const missing = await missingSounds(examination.session);
  if (missing !== null) return [problem("sounds", missing.what, missing.mend)];
  const folder = await say(examination, commands.globalVariable("sound_prefix"));
  return [ok("sounds", `all ${SOUNDS.length} are in ${folder}`)];
}

function officeSounds(examination: Examination): Promise<Finding[]> {
  return checkOfficeSounds(examination.office, (command) => say(examination, command));
}

async function directory(examination: Examination): Promise<Finding[]> {
  const url = await say(examination, commands.globalVariable("ringline_directory_url"));
  if ((await say(examination, commands.moduleExists("mod_xml_curl"))) !== "true")
    return [
      warning(
        "directory",
        url === ""
          ? "the switch asks nobody about phones: only those in its own files can sign in"
          : "mod_xml_curl is not loaded: the switch cannot ask the engine about phones",
        "start the switch with RINGLINE_DIRECTORY_URL and RINGLINE_DIRECTORY_SECRET, and with mod_xml_curl",
      ),
    ];
  const answer = await say(
    examination,
    commands.userVariable(PROBE_NAME, examination.domain, PROBE_VARIABLE),
  );
  if (/^revision \d+/.test(answer))
    return [ok("directory", `${url} answers: ${answer}`), ...(await ownFiles(examination))];
  return [
    problem(
      "directory",
      `the switch asks ${url} about phones and gets no answer of ours: none can sign in`,
      "run the engine with the same RINGLINE_DIRECTORY_SECRET as the switch was started with, and with --directory at that address; the switch's log says what came back",
    ),
  ];
}

/** Users in the switch's own files can sign in without the engine's directory. */
async function ownFiles(examination: Examination): Promise<Finding[]> {
  const users =
    (await say(examination, commands.directoryDomain(examination.domain))).match(/<user\s/g) ?? [];
  return users.length === 0
    ? []
    : [
        warning(
          "directory",
          `${counted(users.length, "phone stands", "phones stand")} in the switch's own files: they sign in past the engine's directory, and are signed out when the engine starts`,
          "empty generated/directory of the switch, then: fs_cli -x reloadxml",
        ),
      ];
}

function carriers({ session, office, ofCarriers }: Examination): Promise<Finding[]> {
  return examineCarriers({ session, carriers: office?.carriers ?? [], ...ofCarriers });
}

/** An authority renews a certificate a month before its end; below this a renewal has failed, or was not taken up. */
const CERTIFICATE_LOW_MS = 14 * 86_400_000;

async function certificates({ session, nowMs, presented }: Examination): Promise<Finding[]> {
  const port = await tlsPortOf(session, PHONES_PROFILE);
  if (port === undefined)
    return [
      ok(
        "TLS",
        "the switch has no certificate: phones talk in clear (docs/phones-outside.md says how to change it)",
      ),
    ];
  const where = `${port.host}:${port.port}`;
  const facts = await (presented ?? presentedAt)(port);
  if (facts === undefined)
    return [
      warning(
        "TLS",
        `no certificate is presented at ${where}, as far as this machine can see`,
        "run the doctor on the switch's machine; if it says the same there, see the switch's log, and agent.pem and cafile.pem in RINGLINE_TLS_DIR",
      ),
    ];
  const until = new Date(facts.untilMs).toISOString().slice(0, 10);
  const what = `phones at ${where} get a certificate for ${facts.names}, until ${until}`;
  const leftMs = facts.untilMs - nowMs();
  if (leftMs <= 0) return [problem("TLS", `${what}: it has expired, and phones refuse it`, RENEW)];
  return [leftMs < CERTIFICATE_LOW_MS ? warning("TLS", what, RENEW) : ok("TLS", what)];
}

const RENEW = "renew it, then: ringline tls install …, and ringline tls reload …";

/** With a larger difference the times of call stories, recordings and certificates are wrong. */
const SKEW_MAX_MS = 2_000;

async function clock(examination: Examination): Promise<Finding[]> {
  const beforeMs = examination.nowMs();
  const seconds = Number(await say(examination, commands.epochSeconds()));
  const afterMs = examination.nowMs();
  if (!Number.isFinite(seconds) || seconds === 0)
    return [warning("clock", "the switch does not tell its time", "load mod_commands")];
  // The switch reports whole seconds, so its clock may be up to a second later.
  const ahead = seconds * 1000 - afterMs;
  const behind = beforeMs - (seconds * 1000 + 999);
  const skewMs = Math.max(ahead, behind, 0);
  if (skewMs <= SKEW_MAX_MS) return [ok("clock", "the switch's clock and ours agree")];
  const which = ahead > behind ? "ahead of" : "behind";
  return [
    warning(
      "clock",
      `the switch's clock is ${Math.round(skewMs / 1000)} s ${which} ours`,
      "let both machines take their time from NTP",
    ),
  ];
}
