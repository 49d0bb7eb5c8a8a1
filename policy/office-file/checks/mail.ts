/** Finds mailboxes that want mails and have nobody with an address. */
import { isBuiltIn } from "../../office/built-in.js";
import { type Problem, under } from "../problem.js";
import type { Entries, GroupEntry, UserEntry } from "../read-entries.js";

/** The keys of a mailbox that ask for mails. */
const MAILS = ["email", "missed_calls"] as const;

export function checkMail({ users, groups }: Entries): Problem[] {
  const withAddress = new Set(users.flatMap(({ id, fields }) => (fields.email === undefined ? [] : [id])));
  return [
    ...users
      .filter(({ fields }) => fields.email === undefined)
      .flatMap((user) => noAddress(user, `\`${user.id}\` has no address`, "an email of the user")),
    // All Users has members whom no file names.
    ...groups
      .filter(({ id }) => id === undefined || !isBuiltIn(id))
      .filter(({ members }) => !gettingMessages(members.items).some((user) => withAddress.has(user)))
      .flatMap((group) =>
        noAddress(
          group,
          `no member of \`${group.id}\` who gets its messages has an address`,
          "an email of at least one member with voicemail: true",
        ),
      ),
  ];
}

function gettingMessages(members: GroupEntry["members"]["items"]): string[] {
  return members.flatMap(({ value }) => (value.voicemail === false ? [] : [value.user]));
}

function noAddress({ voicemail }: UserEntry | GroupEntry, why: string, expected: string): Problem[] {
  return MAILS.flatMap((key): Problem[] => {
    const wanted = voicemail?.value[key];
    if (voicemail === undefined || wanted === undefined || wanted === false) return [];
    const what = key === "email" ? "messages" : "missed calls";
    return [
      {
        severity: "warning",
        code: "no_address",
        message: `nobody gets a mail about ${what}: ${why}`,
        at: under(voicemail.at, key, "value"),
        found: String(wanted),
        expected: `${expected}, or ${key}: false`,
      },
    ];
  });
}
