/**
 * Where each option of a command gets its value: from the command line, else an environment variable, else the
 * configuration file, else its default. `--log-level` is `RINGLINE_LOG_LEVEL` and `log-level:`; the rule is the same for
 * every option, so that a new one needs nothing here.
 */
import { dirname, resolve } from "node:path";
import { type Command, InvalidArgumentError, type Option } from "commander";
import type { Entry } from "./config-file.js";

/** Where a value comes from. */
export type Source =
  | { readonly kind: "option" }
  | { readonly kind: "environment"; readonly variable: string }
  | { readonly kind: "file"; readonly path: string; readonly place: string }
  | { readonly kind: "default" }
  | { readonly kind: "unset" };

export interface Setting {
  /** The option without its dashes. */
  readonly name: string;
  readonly value: unknown;
  readonly source: Source;
}

export interface SettingsRead {
  readonly settings: readonly Setting[];
  readonly problems: readonly string[];
}

/** Options that say how the others are read. */
const NOT_SETTINGS = ["config", "show-config", "help"];

/** The options that can be set in all three ways; of `--pretty` and `--no-pretty` only the first. */
function settable(command: Command): Option[] {
  return command.options.filter((option) => !option.negate && !NOT_SETTINGS.includes(option.name()));
}

/** The names that a configuration file may have. */
export function settingNames(command: Command): string[] {
  return settable(command).map((option) => option.name());
}

export function variableOf(name: string): string {
  return `RINGLINE_${name.replaceAll("-", "_").toUpperCase()}`;
}

/** Completes the options of the command that was parsed; `command.opts()` has them all afterwards. */
export function readSettings(
  command: Command,
  env: NodeJS.ProcessEnv,
  file: { readonly path: string; readonly entries: readonly Entry[] } | null,
): SettingsRead {
  const problems: string[] = [];
  const settings = settable(command).map((option): Setting => {
    const name = option.name();
    const key = option.attributeName();
    const use = (text: string, where: string, source: Source): Setting => {
      const read = readValue(option, text);
      if (!read.ok) problems.push(`${where}: ${name}: ${read.why}`);
      else command.setOptionValueWithSource(key, read.value, source.kind === "file" ? "config" : "env");
      return { name, value: read.ok ? read.value : undefined, source };
    };
    const value: unknown = command.getOptionValue(key);
    if (command.getOptionValueSource(key) === "cli") return { name, value, source: { kind: "option" } };
    const variable = variableOf(name);
    const inEnvironment = env[variable];
    if (inEnvironment !== undefined && inEnvironment !== "")
      return use(inEnvironment, variable, { kind: "environment", variable });
    const entry = file?.entries.find((each) => each.name === name);
    if (entry !== undefined && file !== null) {
      const text = isPath(option, entry.text) ? besideFile(file.path, entry.text) : entry.text;
      const { path } = file;
      return use(text, `${path}:${entry.place}`, { kind: "file", path, place: entry.place });
    }
    return { name, value, source: { kind: value === undefined ? "unset" : "default" } };
  });
  return { settings, problems };
}

/** Paths in a file are relative to the folder of the file, so that it means the same wherever it is used from. */
function besideFile(file: string, path: string): string {
  return path === ":memory:" ? path : resolve(dirname(file), path);
}

/** `<file|host:port>` takes what has a slash in it for a path. */
function isPath(option: Option, text: string): boolean {
  return /<(?:file|folder)>/.test(option.flags) || (/<file\|/.test(option.flags) && text.includes("/"));
}

type ValueRead =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly why: string };

function readValue(option: Option, text: string): ValueRead {
  if (option.isBoolean()) return flagOf(text);
  if (option.argChoices !== undefined)
    return option.argChoices.includes(text)
      ? { ok: true, value: text }
      : { ok: false, why: `expected ${option.argChoices.join(" or ")}` };
  if (option.parseArg === undefined) return { ok: true, value: text };
  try {
    return { ok: true, value: option.parseArg(text, undefined) };
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    return { ok: false, why: error.message.replace(/\.$/, "") };
  }
}

function flagOf(text: string): ValueRead {
  const word = text.toLowerCase();
  if (["true", "yes", "on", "1"].includes(word)) return { ok: true, value: true };
  if (["false", "no", "off", "0"].includes(word)) return { ok: true, value: false };
  return { ok: false, why: "expected true or false" };
}
