/** A finding of the doctor: what was checked, its state, and how to mend it if something is wrong. */

export type Finding =
  | { readonly level: "ok"; readonly check: Check; readonly what: string }
  | {
      /** A `problem` loses calls or admits an intruder; with a `warning` the office works, but not as it should. */
      readonly level: "warning" | "problem";
      readonly check: Check;
      readonly what: string;
      readonly mend: string;
    };

/** In the order in which they are shown. */
export const CHECKS = [
  "database",
  "office",
  "emergency",
  "event socket",
  "version",
  "modules",
  "core",
  "profiles",
  "TLS",
  "domain",
  "dialplan",
  "sounds",
  "directory",
  "credentials",
  "messages",
  "mail",
  "web",
  "carriers",
  "webhooks",
  "clock",
  "secrets",
  "disk",
] as const;
export type Check = (typeof CHECKS)[number];

export function ok(check: Check, what: string): Finding {
  return { level: "ok", check, what };
}

export function warning(check: Check, what: string, mend: string): Finding {
  return { level: "warning", check, what, mend };
}

export function problem(check: Check, what: string, mend: string): Finding {
  return { level: "problem", check, what, mend };
}
