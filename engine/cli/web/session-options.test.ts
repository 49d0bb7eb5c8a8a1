/** Goal: how long people stay signed in is what the options say. Method: the options as a command reads them. */
import { Command } from "commander";
import { expect, it } from "vitest";
import { SESSION_LIMITS } from "../../../policy/accounts/session-life.js";
import { type SessionOptions, sessionLimits, sessionOptions } from "./session-options.js";

function read(...said: string[]) {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  for (const option of sessionOptions()) command.addOption(option);
  return sessionLimits(command.parse(said, { from: "user" }).opts<SessionOptions>());
}

it("without options it is the default", () => {
  expect(read()).toEqual(SESSION_LIMITS);
});

it("options say it in hours and days", () => {
  expect(read("--session-idle", "2", "--session-days", "1")).toEqual({
    idleMs: 7_200_000,
    wholeMs: 86_400_000,
  });
});

it.each([
  ["--session-idle", "0"],
  ["--session-idle", "721"],
  ["--session-idle", "1.5"],
  ["--session-days", "366"],
  ["--session-days", "-1"],
  ["--session-days", "a month"],
])("%s %s makes no sense", (option, value) => {
  expect(() => read(option, value)).toThrow(/from 1 to/);
});
