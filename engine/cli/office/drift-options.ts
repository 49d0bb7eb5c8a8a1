/** The options of commands that apply files, or say what applying would do: what of the drift is overwritten, and kept. */
import { type Command, Option } from "commander";
import type { DriftRequest } from "../../office/changes/reconcile.js";

/** What was given for `--overwrite`: everything, or names, or a path that stands behind it. */
interface Overwrite {
  readonly all: boolean;
  readonly names: readonly string[];
  readonly paths: readonly string[];
}

export interface DriftOptions {
  readonly overwrite?: Overwrite;
  readonly keep?: readonly string[];
}

/** Stands for `--overwrite` without a name. */
const ALL = "";

/** The name of an entity or a field: a kind and a colon, or a field of the office. Everything else is a path. */
const NAME = /^(?:office\.(?!ya?ml$)[^/]+|[a-z]+:.*)$/;

export function withDriftOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--overwrite [what]", "also overwrite what was changed by command: this, or everything")
        .preset(ALL)
        .argParser(overwrite),
    )
    .option("--keep <what>", "keep this as it is live, whatever the files say", keep);
}

/** The paths of a command line: one may have been taken for a name, behind `--overwrite`. At least one is needed. */
export function pathsOf(
  paths: readonly string[],
  { overwrite: given }: DriftOptions,
  command: Command,
): string[] {
  const all = [...(given?.paths ?? []), ...paths];
  if (all.length === 0) command.error("error: missing required argument 'path'");
  return all;
}

export function driftRequest({ overwrite: given, keep: keeps = [] }: DriftOptions): DriftRequest {
  return { overwrite: given?.all === true ? true : (given?.names ?? []), keep: keeps };
}

function overwrite(text: string, before: Overwrite = { all: false, names: [], paths: [] }): Overwrite {
  if (text === ALL) return { ...before, all: true };
  if (NAME.test(text)) return { ...before, names: [...before.names, text] };
  return { ...before, all: true, paths: [...before.paths, text] };
}

function keep(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
