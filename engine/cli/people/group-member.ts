/**
 * `ringline group member`: changes which users are members of a group, and which take part in its calls and messages.
 */
import type { Command } from "commander";
import type { Edit } from "../../../policy/change/edits/types.js";
import { given } from "../../../policy/office/optional.js";
import { addGroupMembers, removeGroupMembers, switchGroupMembers } from "../../office/changes/groups.js";
import { type ChangeOptions, changeOffice, changing, editByCommand } from "../office/change.js";
import { wholeNumber } from "../shared/arguments.js";
import type { RegisterCommand } from "../shared/command.js";
import { onOrOff, secondsOrNone } from "./set-options.js";

const HELP = `
Examples:
  ringline group member add sales bob.stone carol.diaz --delay 10 --db ringline.db
  ringline group member remove sales bob.stone --db ringline.db
  ringline group member set sales bob.stone --delay 5 --ring none --place 1 --db r.db
  ringline group member switch sales carol.diaz --calls off --db ringline.db
  ringline group member switch all-users carol.diaz --voicemail off --db ringline.db`;

interface MemberOptions extends ChangeOptions {
  readonly delay?: number;
  readonly ring?: number;
  readonly calls?: boolean;
  readonly voicemail?: boolean;
}

interface SetOptions extends Omit<MemberOptions, "ring"> {
  readonly ring?: number | "none";
  readonly place?: number;
}

export const registerGroupMember: RegisterCommand = (group, terminal) => {
  const member = group
    .command("member")
    .summary("change who is in a group")
    .description("Changes who is in a group, and who takes part in its calls and messages.")
    .addHelpText("after", HELP);
  changing(
    member
      .command("add")
      .summary("add members")
      .description("Adds users to a group.")
      .argument("<group>", "the group's id")
      .argument("<username...>", "who")
      .option("--delay <seconds>", "start ringing this much later", wholeNumber)
      .option("--ring <seconds>", "ring no longer than this", wholeNumber)
      .option("--calls <on|off>", "take part in its calls", onOrOff)
      .option("--voicemail <on|off>", "take part in its messages", onOrOff),
  )
    .addHelpText("after", HELP)
    .action(async (id: string, usernames: string[], options: MemberOptions) => {
      const { delay, ring, calls, voicemail } = options;
      const members = usernames.map((username) => ({ username, delay, ring, calls, voicemail }));
      await changeOffice(terminal, options, (deps, request) => addGroupMembers(deps, request, id, members));
    });
  changing(
    member
      .command("set")
      .summary("change members")
      .description("Changes how members ring, what they take part in, and their place.")
      .argument("<group>", "the group's id")
      .argument("<username...>", "who")
      .option("--delay <seconds>", "start ringing this much later", wholeNumber)
      .option("--ring <seconds>", "ring no longer than this; none: as long as the group", secondsOrNone)
      .option("--calls <on|off>", "take part in its calls", onOrOff)
      .option("--voicemail <on|off>", "take part in its messages", onOrOff)
      .option("--place <number>", "the place in the order, from 1; of one member", wholeNumber),
  )
    .addHelpText("after", HELP)
    .action(async (id: string, usernames: string[], options: SetOptions, command: Command) => {
      const { delay, ring, calls, voicemail, place } = options;
      const fields = given({ delay, ring: ring === "none" ? null : ring, calls, voicemail });
      if (Object.keys(fields).length === 0 && place === undefined)
        command.error("error: nothing to change was named");
      if (place !== undefined && usernames.length > 1)
        command.error("error: --place is for one member; `group set --order` names several");
      const edits = usernames.map((username): Edit => {
        return {
          verb: "set",
          kind: "member",
          id: `${id}/${username}`,
          fields: { ...fields, ...given({ place }) },
        };
      });
      await editByCommand(terminal, options, edits);
    });
  changing(
    member
      .command("remove")
      .summary("take members out")
      .description("Takes users out of a group; they stay in the office.")
      .argument("<group>", "the group's id")
      .argument("<username...>", "who"),
  )
    .addHelpText("after", HELP)
    .action(async (id: string, usernames: string[], options: ChangeOptions) => {
      await changeOffice(terminal, options, (deps, request) =>
        removeGroupMembers(deps, request, id, usernames),
      );
    });
  changing(
    member
      .command("switch")
      .summary("switch members' calls or messages on or off")
      .description("Switches single members' part in a group's calls or messages on or off.")
      .argument("<group>", "the group's id")
      .argument("<username...>", "who")
      .option("--calls <on|off>", "take part in its calls", onOrOff)
      .option("--voicemail <on|off>", "take part in its messages", onOrOff),
  )
    .addHelpText("after", HELP)
    .action(async (id: string, usernames: string[], options: MemberOptions, command) => {
      const { calls, voicemail } = options;
      if (calls === undefined && voicemail === undefined)
        command.error("error: --calls, --voicemail or both, on or off");
      await changeOffice(terminal, options, (deps, request) =>
        switchGroupMembers(deps, request, id, usernames, { calls, voicemail }),
      );
    });
};
