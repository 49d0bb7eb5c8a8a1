/**
 * `ringline doctor`: checks a whole installation and says for everything that is wrong how to mend it. It changes
 * nothing and places no call, so it may run at any time.
 */

import { isIP } from "node:net";
import { resolve } from "node:path";
import { InvalidArgumentError } from "commander";
import { given } from "../../../policy/office/optional.js";
import { missingSecrets, secretReader } from "../../carriers/secrets.js";
import { counted } from "../../counted.js";
import { checkDatabase, checkDisk } from "../../doctor/database.js";
import { CHECKS, type Finding, ok, problem } from "../../doctor/finding.js";
import { checkMailServer } from "../../doctor/office-wants.js";
import { checkSecrets } from "../../doctor/secrets.js";
import { examineSwitch } from "../../doctor/switch.js";
import { checkWebhooks } from "../../doctor/webhooks.js";
import { troubleInWords, withSwitch } from "../../switch/session.js";
import { type SwitchAddress, switchAddress } from "../run/run-options.js";
import { DOMAIN_DEFAULT, sipDomain } from "../shared/arguments.js";
import { EXIT_FAILED, EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { PASSWORD_VARIABLE, readPassword } from "../shared/secret.js";
import type { Terminal } from "../shared/terminal.js";

const HELP = `
Run it where the engine runs, with the same variables. The switch's event-socket password comes from
${PASSWORD_VARIABLE}, or from the first line of --password-file. It only reads, and places no call.

Exit codes: 0 all is well, or only warnings; 1 there are problems: calls are lost, or somebody gets in.

Examples:
  ringline doctor --db ringline.db
  ringline doctor --db ringline.db --from 203.0.113.7
  ringline doctor --db ringline.db --switch 10.0.0.5:8021 --json`;

interface DoctorOptions {
  readonly db: string;
  readonly switch: SwitchAddress;
  readonly passwordFile?: string;
  readonly domain: string;
  readonly from?: string;
  readonly json?: boolean;
}

const LOCAL = /^(127\.|localhost$|::1$)/;

export const registerDoctor: RegisterCommand = (program, terminal) => {
  program
    .command("doctor")
    .summary("look an installation over, and say what to mend")
    .description("Checks an installation end to end and says what to do about each finding.")
    .requiredOption("--db <file>", "the database")
    .option("--switch <host:port>", "the switch's event socket", switchAddress, {
      host: "127.0.0.1",
      port: 8021,
    })
    .option("--password-file <file>", "file whose first line is the event socket's password")
    .option("--domain <name>", "the switch's SIP domain (RINGLINE_DOMAIN)", sipDomain, DOMAIN_DEFAULT)
    .option("--from <address>", "also say whether calls from this address would be let in", ipAddress)
    .option("--json", "print one JSON object: { ok, findings: [{ level, check, what, mend }] }")
    .addHelpText("after", HELP)
    .action((options: DoctorOptions) => examine(options, terminal));
};

async function examine(options: DoctorOptions, terminal: Terminal): Promise<void> {
  const json = options.json ?? false;
  const password = await readPassword(options.passwordFile, terminal.env);
  if (!password.ok) {
    failed(terminal, password.why, json);
    return;
  }
  const { findings: ofFiles, office } = await checkDatabase(
    options.db,
    options.domain,
    terminal.clock.nowMs(),
  );
  const target = { ...options.switch, password: password.secret };
  const ofCarriers = {
    missing: await missingSecrets({ carriers: office?.carriers ?? [] }, secretReader(terminal.env)),
    lookUp: terminal.lookUp,
    ...given({ from: options.from }),
  };
  const { domain } = options;
  const examined = await withSwitch(target, (session) =>
    examineSwitch({ session, office, domain, nowMs: () => terminal.clock.nowMs(), ofCarriers }),
  );
  const ofSwitch: readonly Finding[] = examined.ok
    ? [ok("event socket", `${target.host}:${target.port} lets us in`), ...examined.value.findings]
    : [unreachable(troubleInWords(target, examined.trouble))];
  // The folders of a switch on another machine are not visible here.
  const seen = examined.ok && LOCAL.test(target.host) ? examined.value : undefined;
  const findings = inOrder([
    ...ofFiles,
    ...checkMailServer(office, terminal.env),
    ...(await checkWebhooks(office, secretReader(terminal.env, "signature"))),
    ...ofSwitch,
    ...(seen === undefined ? [] : await checkSecrets(seen.places)),
    ...(await checkDisk(resolve(options.db), seen?.recordings ?? null)),
  ]);
  const problems = findings.filter(({ level }) => level === "problem").length;
  if (json) terminal.out(`${JSON.stringify({ ok: problems === 0, findings })}\n`);
  else terminal.out(findingsText(terminal, findings));
  terminal.exit(problems === 0 ? EXIT_OK : EXIT_FAILED);
}

/** @throws InvalidArgumentError unless it is an address */
function ipAddress(text: string): string {
  if (isIP(text) === 0 || text.includes("%"))
    throw new InvalidArgumentError("expected an IPv4 or IPv6 address, for example 203.0.113.7.");
  return text;
}

function unreachable({ what, mend }: { readonly what: string; readonly mend: string }): Finding {
  return problem("event socket", what, mend);
}

function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => CHECKS.indexOf(a.check) - CHECKS.indexOf(b.check));
}

const LEVELS = { ok: "ok", warning: "warning", problem: "PROBLEM" } as const;

function findingsText(terminal: Terminal, findings: readonly Finding[]): string {
  const lines = findings.map((finding) => {
    const head = `${LEVELS[finding.level].padEnd(8)} ${finding.check.padEnd(13)} ${finding.what}`;
    if (finding.level === "ok") return `${head}\n`;
    const painted = finding.level === "problem" ? terminal.paint.error(head) : terminal.paint.warning(head);
    return `${painted}\n${" ".repeat(23)}-> ${finding.mend}\n`;
  });
  const count = (level: Exclude<Finding["level"], "ok">) =>
    counted(findings.filter((finding) => finding.level === level).length, level);
  return `${lines.join("")}${count("problem")}, ${count("warning")}\n`;
}
