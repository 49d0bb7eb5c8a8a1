/**
 * `ringline user suspend` and `resume`: a suspended user's phones can no longer sign in and are not rung; all else
 * stays.
 */
import { setUsersSuspended } from "../../office/changes/users.js";
import { type ChangeOptions, changeOffice, changing } from "../office/change.js";
import type { RegisterCommand } from "../shared/command.js";

const SUSPEND_HELP = `
A suspended user's phones are not rung and cannot sign in, and may nothing. Numbers, flows and memberships stay,
and go on as if the user did not answer; \`ringline user resume\` takes it back.

Examples:
  ringline user suspend dana.reed --message "on leave" --db ringline.db`;

const RESUME_HELP = `
Examples:
  ringline user resume dana.reed --db ringline.db`;

export const registerUserSuspend: RegisterCommand = (user, terminal) => {
  changing(
    user
      .command("suspend")
      .summary("suspend users")
      .description("Suspends users: their phones are not rung and cannot sign in.")
      .argument("<username...>", "who"),
  )
    .addHelpText("after", SUSPEND_HELP)
    .action(async (usernames: string[], options: ChangeOptions) => {
      await changeOffice(terminal, options, (deps, request) =>
        setUsersSuspended(deps, request, usernames, true),
      );
    });
  changing(
    user
      .command("resume")
      .summary("take a suspension back")
      .description("Lets suspended users' phones sign in and ring again.")
      .argument("<username...>", "who"),
  )
    .addHelpText("after", RESUME_HELP)
    .action(async (usernames: string[], options: ChangeOptions) => {
      await changeOffice(terminal, options, (deps, request) =>
        setUsersSuspended(deps, request, usernames, false),
      );
    });
};
