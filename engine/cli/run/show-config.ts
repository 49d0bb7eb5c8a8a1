/** What `ringline run --show-config` prints: each option's value and where it comes from. Secrets are never shown. */

import { placeText } from "../../feed/place.js";
import { columns } from "../shared/columns.js";
import { DIRECTORY_SECRET_VARIABLE, LIVE_SECRET_VARIABLE, PASSWORD_VARIABLE } from "../shared/secret.js";
import { addressText, SMTP_PASSWORD } from "./run-options.js";
import type { Setting, Source } from "./settings.js";

/** A secret is named by an option or is in a variable. */
const SECRETS: ReadonlyArray<readonly [what: string, variable: string, option: string]> = [
  ["switch password", PASSWORD_VARIABLE, "password-file"],
  ["directory secret", DIRECTORY_SECRET_VARIABLE, "directory-secret-file"],
  ["mail password", SMTP_PASSWORD, "smtp-password-file"],
  ["live feed secret", LIVE_SECRET_VARIABLE, "live-secret-file"],
];

export function configText(settings: readonly Setting[], env: NodeJS.ProcessEnv): string {
  const rows = settings.map(({ name, value, source }) => [name, valueText(value), sourceText(source)]);
  const secrets = SECRETS.map(([what, variable, option]) => {
    const { from, isSet } = secretSource(settings, env, variable, option);
    return [what, isSet ? "(hidden)" : "-", from];
  });
  return columns([...rows, ...secrets]);
}

function secretSource(
  settings: readonly Setting[],
  env: NodeJS.ProcessEnv,
  variable: string,
  option: string,
): { readonly from: string; readonly isSet: boolean } {
  if (comesFromVariable(settings, env, variable, option))
    return { from: `environment ${variable}`, isSet: true };
  const file = settings.find(({ name }) => name === option)?.value;
  return typeof file === "string"
    ? { from: `first line of ${file}`, isSet: true }
    : { from: "not set", isSet: false };
}

/**
 * Whether a secret is taken from its variable: the environment goes before the configuration file, but a file that the
 * command line or the environment itself names goes before the variable.
 */
export function comesFromVariable(
  settings: readonly Setting[],
  env: NodeJS.ProcessEnv,
  variable: string,
  option: string,
): boolean {
  const secret = env[variable];
  if (secret === undefined || secret === "") return false;
  const kind = settings.find(({ name }) => name === option)?.source.kind;
  return kind !== "option" && kind !== "environment";
}

function valueText(value: unknown): string {
  if (value === undefined) return "-";
  if (value === true) return "yes";
  if (value === false) return "no";
  if (value instanceof URL) return value.href;
  if (typeof value === "object" && value !== null && "host" in value && "port" in value)
    return addressText({ host: String(value.host), port: Number(value.port) });
  if (typeof value === "object" && value !== null && "path" in value)
    return placeText({ kind: "socket", path: String(value.path) });
  return String(value);
}

function sourceText(source: Source): string {
  switch (source.kind) {
    case "option":
      return "command line";
    case "environment":
      return `environment ${source.variable}`;
    case "file":
      return `${source.path}:${source.place}`;
    case "default":
      return "default";
    case "unset":
      return "not set";
  }
}
