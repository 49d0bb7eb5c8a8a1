/** For how long calls are remembered, as an office file says it, and back. */
import { given, mapped } from "../office/optional.js";
import type { RecordKeeping } from "../office/record-keeping.js";
import type { RecordsFile } from "./schema.js";

export function keepingOf({ keep, anonymise, audit }: RecordsFile): RecordKeeping {
  return given({
    keepDays: mapped(keep, orNull),
    anonymiseDays: mapped(anonymise, orNull),
    auditDays: mapped(audit, orNull),
  });
}

/** The settings as a file writes them. */
export function keepingFile({ keepDays, anonymiseDays, auditDays }: RecordKeeping): RecordsFile {
  return given({
    keep: mapped(keepDays, orNone),
    anonymise: mapped(anonymiseDays, orNone),
    audit: mapped(auditDays, orNone),
  });
}

function orNull(days: number | "none"): number | null {
  return days === "none" ? null : days;
}

function orNone(days: number | null): number | "none" {
  return days ?? "none";
}
