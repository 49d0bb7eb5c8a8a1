/** `ringline user set`: changes what the office says of users, field by field. */
import { type Command, InvalidArgumentError } from "commander";
import type { Edit, EditFields } from "../../../policy/change/edits/types.js";
import { given } from "../../../policy/office/optional.js";
import type { Permission } from "../../../policy/office/permission-names.js";
import { type ChangeOptions, changing, editByCommand } from "../office/change.js";
import type { RegisterCommand } from "../shared/command.js";
import { permission } from "./permission-option.js";
import {
  nameAndValue,
  onOrOff,
  orNull,
  type SharedSetOptions,
  setEdits,
  sharedFields,
  sharedOptions,
} from "./set-options.js";

const HELP = `
Only what is named changes. "none" takes an e-mail address, an extension, an
outbound number or a location away; --extension auto leaves an extension that is there. A
username never changes.

--ring, --accept and --then change how the user's own phones ring in what happens
to a call for the user, and what comes then. If it does not begin with these
phones, --steps says all of it.

Settings of a mailbox are those of the office file, such as limit=120,
greeting=greetings/bob.wav or operator=user:alice.wong; "default" takes one away.

With several users, all get the same.

Examples:
  ringline user set bob.stone --name "Robert Stone" --extension 104 --db r.db
  ringline user set bob.stone --email none --permit numbers --dry-run --db r.db
  ringline user set bob.stone --ring 30 --then group:sales --db r.db
  ringline user set bob.stone --device cell:delay=5,ring=20 --db r.db
  ringline user set bob.stone --notify attached --voicemail limit=120 --db r.db`;

interface SetOptions extends ChangeOptions, SharedSetOptions {
  readonly name?: string;
  readonly email?: string;
  readonly outboundNumber?: string;
  readonly hideNumber?: boolean;
  readonly location?: string;
  readonly permit: readonly Permission[];
  readonly deny: readonly Permission[];
  readonly default: readonly Permission[];
  readonly device: readonly DeviceSetting[];
}

interface DeviceSetting {
  readonly id: string;
  readonly fields: EditFields;
}

export const registerUserSet: RegisterCommand = (user, terminal) => {
  const command = user
    .command("set")
    .summary("change users")
    .description("Changes what the office says of users: what is named, and nothing else.")
    .argument("<username...>", "who")
    .option("--name <name>", "the person's name")
    .option("--email <address>", "an e-mail address, or none")
    .option("--outbound-number <number>", "the number of the office that outside parties see, or none")
    .option("--hide-number <on|off>", "whether people outside never see the number", onOrOff)
    .option("--location <place>", "where their phones are, for who comes to help; or none")
    .option("--permit <permission>", "allow something by name (repeat for more)", permission, [])
    .option("--deny <permission>", "deny something by name (repeat for more)", permission, [])
    .option("--default <permission>", "neither allow nor deny it by name (repeat for more)", permission, [])
    .option(
      "--device <id:field=value,…>",
      "delay, ring, accept, location of a device (repeat for more)",
      device,
      [],
    );
  changing(sharedOptions(command))
    .addHelpText("after", HELP)
    .action(async (usernames: string[], options: SetOptions, self: Command) => {
      const { ring, accept, then, device: devices } = options;
      const parts = usernames.flatMap((username) => devices.map((each) => deviceEdit(username, each)));
      const edits = setEdits("user", usernames, { fields: fieldsOf(options), parts, ring, accept, then });
      if (edits === undefined) self.error("error: nothing to change was named");
      else await editByCommand(terminal, options, edits);
    });
};

function fieldsOf(options: SetOptions): EditFields {
  const { name, email, outboundNumber, hideNumber, location, permit, deny } = options;
  const permissions = {
    ...Object.fromEntries(permit.map((each) => [each, true])),
    ...Object.fromEntries(deny.map((each) => [each, false])),
    ...Object.fromEntries(options.default.map((each) => [each, null])),
  };
  return {
    ...given({
      name,
      email: orNull(email),
      outbound_number: orNull(outboundNumber),
      hide_number: hideNumber,
      location: orNull(location),
    }),
    ...(Object.keys(permissions).length === 0 ? {} : { permissions }),
    ...sharedFields(options),
  };
}

function deviceEdit(username: string, { id, fields }: DeviceSetting): Edit {
  return { verb: "set", kind: "device", id: `${username}/${id}`, fields };
}

/** Reads `cell:delay=5,ring=20`. */
function device(text: string, before: readonly DeviceSetting[]): readonly DeviceSetting[] {
  const colon = text.indexOf(":");
  if (colon < 1) throw new InvalidArgumentError("Not of the form ID:FIELD=VALUE.");
  const fields = Object.fromEntries(
    text
      .slice(colon + 1)
      .split(",")
      .map(nameAndValue),
  );
  return [...before, { id: text.slice(0, colon), fields }];
}
