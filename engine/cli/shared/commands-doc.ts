/**
 * The reference of the command line, `docs/commands.md`, made out of the commands themselves: what `--help` says of
 * each, in the order of the work they are for. A command that stands nowhere in that order is a mistake.
 */
import type { Command } from "commander";

interface Job {
  readonly title: string;
  readonly about: string;
  readonly commands: readonly string[];
}

const JOBS: readonly Job[] = [
  {
    title: "Trying it",
    about: "Without a FreeSWITCH, and without anything to set up.",
    commands: ["demo"],
  },
  {
    title: "Writing an office",
    about: "Files in version control: checked, explained and tested before anybody's phone rings.",
    commands: ["check", "explain", "test", "schema", "import"],
  },
  {
    title: "Changing the live office",
    about:
      "Each change is a revision with author, time and reason. An engine that runs takes it up within a second.",
    commands: ["plan", "apply", "history", "diff", "rollback", "export"],
  },
  {
    title: "People, groups and phones",
    about: "Single changes by command; `plan` shows them as drift against the files.",
    commands: ["user", "group", "device", "phones"],
  },
  {
    title: "Messages",
    about: "What callers have left, for those who keep the system running.",
    commands: ["voicemail"],
  },
  {
    title: "Running it",
    about: "The engine beside the switch.",
    commands: ["run", "doctor", "backup"],
  },
];

const INTRODUCTION = `# The command line

Every command says the same with \`--help\`. Results go to standard output and everything else (problems, progress) to
standard error, so that a pipe gets results alone; \`--json\` prints for programs. Exit codes: 0 done, 1 failed or refused
(with the reason); 2 of \`plan\`: there are changes. The office's database is named by \`--db\`.
`;

/** The width at which help is wrapped, whatever the terminal is. */
const WIDTH = 110;

/** The whole document. @throws Error for a command that no job has, or a job's that there is none of */
export function commandsMarkdown(program: Command): string {
  const known = JOBS.flatMap(({ commands }) => commands);
  const missing = program.commands.map((command) => command.name()).filter((name) => !known.includes(name));
  if (missing.length > 0) throw new Error(`commands of no job: ${missing.join(", ")}`);
  const jobs = JOBS.map(({ title, about, commands }) => {
    const parts = commands.map((name) => {
      const command = program.commands.find((each) => each.name() === name);
      if (command === undefined) throw new Error(`no command ${name}`);
      return commandMarkdown(command, `ringline ${name}`, 3);
    });
    return `## ${title}\n\n${about}\n\n${parts.join("\n")}`;
  });
  return `${INTRODUCTION}\n${jobs.join("\n")}`;
}

function commandMarkdown(command: Command, name: string, level: number): string {
  const children = command.commands.map((child) =>
    commandMarkdown(child, `${name} ${child.name()}`, level + 1),
  );
  const help = `${"#".repeat(level)} ${name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`;
  return [help, ...children].join("\n");
}

/** With what is added behind the options, which only a printed help has. */
function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (piece) => {
      text += piece;
    },
    getOutHelpWidth: () => WIDTH,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.trim();
}
