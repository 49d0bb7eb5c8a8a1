/** `ringline completion`: prints a script that makes a shell complete commands, options and paths. */
import { Argument } from "commander";
import type { RegisterCommand } from "../shared/command.js";
import { completionScript, SHELLS, type Shell } from "./scripts.js";
import { commandsOf } from "./tree.js";

const HELP = `
The script belongs to this release: load it anew after an upgrade.

Examples:
  source <(ringline completion bash)
  ringline completion bash > /etc/bash_completion.d/ringline
  ringline completion zsh > ~/.zfunc/_ringline
  ringline completion fish > ~/.config/fish/completions/ringline.fish`;

export const registerCompletion: RegisterCommand = (program, terminal) => {
  program
    .command("completion")
    .summary("make a shell complete commands and options")
    .description("Prints a script that makes a shell complete commands, options and paths.")
    .addArgument(new Argument("<shell>", "bash, zsh or fish").choices(SHELLS))
    .addHelpText("after", HELP)
    .action((shell: Shell) => terminal.out(completionScript(shell, commandsOf(program))));
};
