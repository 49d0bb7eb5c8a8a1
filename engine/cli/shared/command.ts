/** What every command's file exports: a function that adds the command to the program. */
import type { Command } from "commander";
import type { Terminal } from "./terminal.js";

export type RegisterCommand = (program: Command, terminal: Terminal) => void;

export { EXIT_CHANGES, EXIT_FAILED, EXIT_OK } from "./exit-codes.js";
