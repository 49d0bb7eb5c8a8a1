/** The doctor's check of mails: those that wait for a mail server that takes none, and those that were given up. */
import type { OutboxStore } from "../../storage/outbox.js";
import { type Finding, ok, warning } from "./finding.js";

/** How long mails that were given up are reported. */
const REPORTED_MS = 7 * 86_400_000;
const SHOWN = 3;

export async function checkMail(outbox: OutboxStore, nowMs: number): Promise<Finding[]> {
  const findings: Finding[] = [];
  const waiting = await outbox.waiting();
  const trouble = await outbox.trouble();
  if (trouble !== undefined && waiting > 0)
    findings.push(
      warning(
        "mail",
        `${waiting} mails wait since ${new Date(trouble.sinceMs).toISOString()}: the mail server takes none: ${trouble.what}`,
        "see --smtp, --mail-from and RINGLINE_SMTP_PASSWORD of `ringline run`, and the mail server's log; a start of the engine tries at once",
      ),
    );
  const givenUp = await outbox.givenUp(nowMs - REPORTED_MS);
  if (givenUp.length > 0)
    findings.push(
      warning(
        "mail",
        `${givenUp.length} mails of the last week were given up: ${givenUp
          .slice(0, SHOWN)
          .map(({ address, why }) => `${address}: ${why}`)
          .join("; ")}${givenUp.length > SHOWN ? " …" : ""}`,
        "see whether the addresses are right; the messages are in the mailboxes",
      ),
    );
  if (findings.length === 0) findings.push(ok("mail", `${waiting} mails wait to be sent`));
  return findings;
}
