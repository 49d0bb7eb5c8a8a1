/**
 * Completion scripts for shells, made from the tree of commands. Each script knows the tree itself, since starting the
 * program at each press of the tabulator key would take half a second. All of them work alike: the words so far say which
 * command it is (a text such as ` user add`), the word before says whether a value of an option is due.
 */
import type { CommandShown, OptionShown, ValueKind } from "./tree.js";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

export function completionScript(shell: Shell, commands: readonly CommandShown[]): string {
  switch (shell) {
    case "bash":
      return bash(commands);
    case "zsh":
      return zsh(commands);
    case "fish":
      return fish(commands);
  }
}

/** ` user add`; the program itself is the empty text. */
function place({ path }: Pick<CommandShown, "path">): string {
  return path.map((word) => ` ${word}`).join("");
}

/** In single quotes of bash and zsh. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Patterns of `case` for all commands but the program. */
function placesPattern(commands: readonly CommandShown[], separator: string): string {
  return commands
    .filter(({ path }) => path.length > 0)
    .map((command) => quoted(place(command)))
    .join(separator);
}

/** Options that take a value of this kind, as ` user add --name`. */
function optionsWith(
  commands: readonly CommandShown[],
  has: (kind: ValueKind["kind"]) => boolean,
): Array<{ readonly at: string; readonly option: OptionShown }> {
  return commands.flatMap((command) =>
    command.options
      .filter(({ value }) => value !== null && has(value.kind))
      .map((option) => ({ at: `${place(command)} ${option.long}`, option })),
  );
}

/** Lines of `case` that say what an option's value may be. */
function valueCases(
  commands: readonly CommandShown[],
  say: { readonly path: string; readonly words: (words: readonly string[]) => string },
): string[] {
  const ofKind = (kind: ValueKind["kind"]) => optionsWith(commands, (each) => each === kind);
  const pattern = (found: ReturnType<typeof ofKind>) => found.map(({ at }) => quoted(at)).join(" | ");
  const paths = ofKind("path");
  const others = ofKind("other");
  return [
    ...ofKind("words").map(
      ({ at, option }) =>
        `    ${quoted(at)}) ${say.words(option.value?.kind === "words" ? option.value.words : [])}; return ;;`,
    ),
    ...(paths.length === 0 ? [] : [`    ${pattern(paths)}) ${say.path}; return ;;`]),
    ...(others.length === 0 ? [] : [`    ${pattern(others)}) return ;;`]),
  ];
}

function wordsOfArguments({ arguments: all }: CommandShown): readonly string[] {
  return all.flatMap((kind) => (kind.kind === "words" ? kind.words : []));
}

const takesPaths = ({ arguments: all }: CommandShown): boolean => all.some(({ kind }) => kind === "path");

function bash(commands: readonly CommandShown[]): string {
  const cases = commands.map((command) => {
    const words = [...command.children.map(({ name }) => name), ...wordsOfArguments(command)];
    const options = command.options.map(({ long }) => long);
    return `    ${quoted(place(command))}) words=${quoted(words.join(" "))}; options=${quoted(options.join(" "))}; paths=${takesPaths(command) ? "yes" : ""} ;;`;
  });
  return `# Completion of ringline for bash. Load it with: source <(ringline completion bash)
_ringline_paths() {
  compopt -o filenames 2> /dev/null
  local IFS=$'\\n'
  COMPREPLY=($(compgen -f -- "$1"))
}

_ringline() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}"
  local at="" words="" options="" paths="" i
  COMPREPLY=()
  # bash takes --db=x for three words.
  if [[ $current == "=" ]]; then current=""; elif [[ $before == "=" ]]; then before="\${COMP_WORDS[COMP_CWORD - 2]}"; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
      ${placesPattern(commands, " | ")}) at="$at \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at $before" in
${valueCases(commands, {
  path: `_ringline_paths "$current"`,
  words: (words) => `COMPREPLY=($(compgen -W ${quoted(words.join(" "))} -- "$current"))`,
}).join("\n")}
  esac
  case "$at" in
${cases.join("\n")}
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ -n $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  elif [[ -n $paths ]]; then
    _ringline_paths "$current"
  fi
}

complete -F _ringline ringline
`;
}

/** A word with what it means, as \`_describe\` of zsh wants it. */
function described(word: string, description: string): string {
  return quoted(`${word.replaceAll(":", "\\:")}:${description}`);
}

function zsh(commands: readonly CommandShown[]): string {
  const cases = commands.map((command) => {
    const words = [
      ...command.children.map(({ name, summary }) => described(name, summary)),
      ...wordsOfArguments(command).map((word) => quoted(word)),
    ];
    const options = command.options.map(({ long, description }) => described(long, description));
    return `    ${quoted(place(command))}) entries=(${words.join(" ")}); options=(${options.join(" ")}); paths=${takesPaths(command) ? "yes" : ""} ;;`;
  });
  return `#compdef ringline
# Completion of ringline for zsh. Load it with: source <(ringline completion zsh)
# after compinit, or write it to a file _ringline in a folder of $fpath.
_ringline() {
  local at="" before="$words[CURRENT-1]" word paths=""
  local -a entries options
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in
      ${placesPattern(commands, " | ")}) at="$at $word" ;;
    esac
  done
  case "$at $before" in
${valueCases(commands, { path: "_files", words: (words) => `compadd -- ${words.map(quoted).join(" ")}` }).join("\n")}
  esac
  case "$at" in
${cases.join("\n")}
  esac
  if [[ $PREFIX == -* ]]; then
    _describe -o option options
  elif (( $#entries )); then
    _describe command entries
  elif [[ -n $paths ]]; then
    _files
  fi
}

if [[ $funcstack[1] == _ringline ]]; then
  _ringline "$@"
else
  compdef _ringline ringline
fi
`;
}

/** In single quotes of fish. */
function fishQuoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

function fish(commands: readonly CommandShown[]): string {
  const lines = commands.flatMap((command) => {
    const at = `complete -c ringline -n ${fishQuoted(`__ringline_at ${fishQuoted(place(command))}`)}`;
    return [
      ...command.children.map(
        ({ name, summary }) => `${at} -a ${fishQuoted(name)} -d ${fishQuoted(summary)}`,
      ),
      ...wordsOfArguments(command).map((word) => `${at} -a ${fishQuoted(word)}`),
      ...(takesPaths(command) ? [`${at} -F`] : []),
      ...command.options.map(
        ({ long, description, value }) =>
          `${at} -l ${fishQuoted(long.replace(/^--/, ""))}${fishValue(value)} -d ${fishQuoted(description)}`,
      ),
    ];
  });
  return `# Completion of ringline for fish. Load it with: ringline completion fish | source
function __ringline_at
    set -l at ''
    for word in (commandline -opc)[2..-1]
        switch "$at $word"
            case ${placesPattern(commands, " ")}
                set at "$at $word"
        end
    end
    test "$at" = "$argv[1]"
end

complete -c ringline -f
${lines.join("\n")}
`;
}

function fishValue(value: ValueKind | null): string {
  if (value === null) return "";
  if (value.kind === "path") return " -r -F";
  return value.kind === "words" ? ` -x -a ${fishQuoted(value.words.join(" "))}` : " -x";
}
