#!/usr/bin/env node
/**
 * The executable: hands the process's arguments and terminal to the program.
 */
import { runProgram } from "./program.js";
import { terminalOf } from "./shared/terminal.js";

await runProgram(process.argv.slice(2), terminalOf(process));
