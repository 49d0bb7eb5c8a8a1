/** Entries of the audit in words: as lines for a terminal, and as a table for spreadsheets. */
import { zonedMoment } from "../../policy/office/zoned-moment.js";
import { printable } from "../../policy/text.js";
import { AUDIT_ACTIONS, type AuditEntry } from "../../storage/audit.js";
import { csvText } from "../office/files/csv-text.js";

const CSV_HEADING = ["Time", "Who", "Key", "From", "What", "About", "Details"];

export function auditCsvHeading(): string {
  return csvText([CSV_HEADING]);
}

export function auditCsvRows(entries: readonly AuditEntry[], timezone: string): string {
  return csvText(
    entries.map((entry) =>
      [
        zonedMoment(entry.atMs, timezone),
        whoText(entry),
        entry.key ?? "",
        fromText(entry),
        AUDIT_ACTIONS[entry.action],
        entry.subject ?? "",
        detailText(entry.detail),
        // Names and reasons are written by people, and are also looked at on a terminal.
      ].map(printable),
    ),
  );
}

/** `2026-11-30 09:30:12.000 -05:00  alice.wong (key sync) from 203.0.113.9: changed the office user:bob.stone`. */
export function auditLine(entry: AuditEntry, timezone: string): string {
  const key = entry.key === null ? "" : ` (key ${entry.key})`;
  const about = entry.subject === null ? "" : ` ${entry.subject}`;
  const head = `${zonedMoment(entry.atMs, timezone)}  ${whoText(entry)}${key} ${fromWords(entry)}`;
  const detail = detailText(entry.detail);
  const line = `${head}: ${AUDIT_ACTIONS[entry.action]}${about}${detail === "" ? "" : `\n      ${detail}`}`;
  return line.split("\n").map(printable).join("\n");
}

/** The user; of a command, the system's name of whoever gave it. */
function whoText({ actor, detail }: AuditEntry): string {
  const by = detail["by"];
  return actor ?? (typeof by === "string" && by !== "" ? by : "somebody");
}

function fromText({ address, actor, detail }: AuditEntry): string {
  if (address !== null) return address;
  if (detail["way"] === "files") return "files";
  return actor === null ? "this machine" : "";
}

function fromWords(entry: AuditEntry): string {
  const from = fromText(entry);
  return from === "files"
    ? "by files"
    : from === ""
      ? ""
      : from === "this machine"
        ? "on this machine"
        : `from ${from}`;
}

/** What is said elsewhere in the line. */
const SAID: ReadonlySet<string> = new Set(["by", "way"]);

function detailText(detail: AuditEntry["detail"]): string {
  return Object.entries(detail)
    .filter(([name, value]) => !SAID.has(name) && value !== "" && value !== null && value !== undefined)
    .map(([name, value]) => (name === "summary" ? "" : `${name.replaceAll("_", " ")}: ${valueText(value)}`))
    .filter((text) => text !== "")
    .join("; ");
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
