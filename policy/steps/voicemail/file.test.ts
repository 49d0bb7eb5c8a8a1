/** What an office file says about silence in recordings, read and written again. */
import { describe, expect, it } from "vitest";
import { MAILBOX_DEFAULTS, silenceLevelOf } from "../../mailbox/mailbox.js";
import { type MailboxFile, mailboxFile, mailboxOfFile, mailboxSchema } from "./file.js";

describe("silence in the settings of a mailbox", () => {
  it.each<[MailboxFile, number | null, ReturnType<typeof silenceLevelOf>]>([
    [{}, MAILBOX_DEFAULTS.silenceMs, "auto"],
    [{ silence: 5 }, 5_000, "auto"],
    [{ silence: 5, silence_level: "auto" }, 5_000, "auto"],
    [{ silence_level: 200 }, MAILBOX_DEFAULTS.silenceMs, 200],
    [{ silence: "none" }, null, "off"],
    [{ silence: "none", silence_level: 200 }, null, "off"],
  ])("%j ends a message after %s ms, by level %s", (written, silenceMs, level) => {
    const settings = mailboxOfFile(mailboxSchema.parse(written), undefined);
    expect(settings.silenceMs).toBe(silenceMs);
    expect(silenceLevelOf(settings)).toBe(level);
    expect(mailboxOfFile(mailboxSchema.parse(mailboxFile(settings, undefined)), undefined)).toEqual(settings);
  });

  it.each([
    { silence: 2 },
    { silence: 0 },
    { silence: "never" },
    { silence_level: 0 },
    { silence_level: 2_001 },
    { silence_level: "none" },
  ])("%j is refused", (written) => {
    expect(mailboxSchema.safeParse(written).success).toBe(false);
  });
});
