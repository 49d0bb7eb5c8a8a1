/** `ringline device set`: changes when a device rings, and what it is. */
import type { Command } from "commander";
import type { Edit } from "../../../policy/change/edits/types.js";
import { given } from "../../../policy/office/optional.js";
import { editOfficeBy } from "../../office/changes/edits.js";
import { type ChangeOptions, changing, editByCommand, onOffice, sayChanged } from "../office/change.js";
import { orNull, secondsOrNone } from "../people/set-options.js";
import { wholeNumber } from "../shared/arguments.js";
import type { RegisterCommand } from "../shared/command.js";
import type { Terminal } from "../shared/terminal.js";

const SET_HELP = `
Only what is named changes. A SIP phone under another name needs a new password:
\`ringline device credentials\` makes it.

Examples:
  ringline device set bob.stone cell --delay 5 --ring 20 --db ringline.db
  ringline device set bob.stone cell --phone "+1 917 555 0199" --dry-run --db r.db
  ringline device set bob.stone desk --accept never --ring none --db ringline.db
  ringline device set bob.stone desk --location "Building 2, room 310" --db r.db`;

const RENAME_HELP = `
Examples:
  ringline device rename bob.stone cell mobile --db ringline.db`;

interface SetOptions extends ChangeOptions {
  readonly sip?: string;
  readonly phone?: string;
  readonly delay?: number;
  readonly ring?: number | "none";
  readonly accept?: string;
  readonly location?: string;
}

export const registerDeviceSet: RegisterCommand = (device, terminal) => {
  changing(
    named(device, "set", "changes a device: what is named, and nothing else")
      .option("--sip <name>", "a SIP phone, by the name it signs in with")
      .option("--phone <number>", "an outside phone instead, by its number")
      .option("--delay <seconds>", "starts ringing so much later", wholeNumber)
      .option("--ring <seconds>", "rings no longer than this; none: as long as its user", secondsOrNone)
      .option("--accept <rule>", "whether who answers has to press 1: always, never, auto")
      .option("--location <place>", "where a SIP phone is, for who comes to help; none: where its user is"),
  )
    .addHelpText("after", SET_HELP)
    .action(async (username: string, id: string, options: SetOptions, command: Command) => {
      const { sip, phone, delay, ring, accept, location } = options;
      const fields = given({
        ...{ sip, phone, delay, accept },
        ring: ring === "none" ? null : ring,
        location: orNull(location),
      });
      if (Object.keys(fields).length === 0) command.error("error: nothing to change was named");
      await set(terminal, options, { verb: "set", kind: "device", id: `${username}/${id}`, fields });
    });
  changing(
    named(device, "rename", "gives a device another id; it stays signed in").argument(
      "<new-id>",
      "its id from now on",
    ),
  )
    .addHelpText("after", RENAME_HELP)
    .action((username: string, id: string, to: string, options: ChangeOptions) =>
      editByCommand(terminal, options, [{ verb: "rename", kind: "device", id: `${username}/${id}`, to }]),
    );
};

async function set(terminal: Terminal, options: SetOptions, edit: Edit): Promise<void> {
  const ended = await onOffice(terminal, options, (deps, request) => editOfficeBy(deps, request, [edit]));
  if (ended === undefined) return;
  sayChanged(terminal, ended, options.json ?? false);
  const { sip, json = false } = options;
  if (sip !== undefined && ended.outcome === "applied" && !json)
    terminal.err(`${sip} signs in once \`ringline device credentials\` has made its password\n`);
}

function named(device: Command, name: string, description: string): Command {
  return device
    .command(name)
    .description(description)
    .argument("<user>", "the username")
    .argument("<device>", "the device's id, for example desk");
}
