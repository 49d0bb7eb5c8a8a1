/**
 * Goal: of each answer at each stage of a mail's way it is known whether it is about this mail or about the server, and
 * whether the server has the mail. Method: a table of answers, given by a real mail server on this machine.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type MailServer, type Said, type Stage, startMailServer } from "../../fixtures/mail-server.js";
import { systemClock } from "../clock.js";
import { type Envelope, type Sending, smtpSend } from "./smtp.js";

const NOTICE: Envelope = {
  to: "alice@example.com",
  messageId: "<m.1@ringline>",
  subject: "Message",
  text: "text",
  html: "<p>text</p>",
  attachment: null,
};

let folder: string;
let sound: Envelope;
const servers: MailServer[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ringline-smtp-"));
  const path = join(folder, "m.wav");
  writeFileSync(path, Buffer.alloc(100_000, 1));
  sound = { ...NOTICE, attachment: { filename: "m.wav", path } };
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  rmSync(folder, { recursive: true });
});

async function start(secure: boolean): Promise<MailServer> {
  const server = await startMailServer({ secure });
  servers.push(server);
  return server;
}

interface Case {
  readonly envelope?: Envelope;
  readonly commit?: () => Promise<void>;
  readonly limit?: AbortSignal;
  /** Accept a certificate that nobody has signed. */
  readonly trusting?: boolean;
}

function send(server: MailServer, secure: boolean, about: Case = {}): Promise<Sending> {
  const url = new URL(secure ? server.url.replace("smtps://", "smtps://office@") : server.url);
  const tls = { rejectUnauthorized: about.trusting === false };
  const smtp = smtpSend({ url, password: "secret", from: "office@example.com", tls });
  return smtp(
    about.envelope ?? NOTICE,
    about.commit ?? (() => Promise.resolve()),
    about.limit ?? new AbortController().signal,
  );
}

describe("what has become of a mail", () => {
  it.each<readonly [Stage, Said, Sending["outcome"]]>([
    ["greeting", "421 4.3.2 too busy", "server_failed"],
    ["greeting", "554 5.3.2 no service today", "server_failed"],
    ["greeting", "break", "not_taken"],
    ["EHLO", "421 4.3.2 closing", "server_failed"],
    ["EHLO", "502 5.5.1 what", "sent"],
    ["EHLO", "break", "not_taken"],
    ["AUTH", "454 4.7.0 try later", "server_failed"],
    ["AUTH", "534 5.7.9 too weak", "server_failed"],
    ["AUTH", "535 5.7.8 the password has expired", "server_failed"],
    ["AUTH", "550 5.7.1 blocked", "server_failed"],
    ["AUTH", "break", "not_taken"],
    ["MAIL", "421 4.3.2 closing", "server_failed"],
    ["MAIL", "451 4.3.0 local trouble", "server_failed"],
    ["MAIL", "530 5.7.0 authentication required", "server_failed"],
    ["MAIL", "550 5.7.1 sender unknown", "server_failed"],
    ["MAIL", "552 5.3.4 too large", "server_failed"],
    ["MAIL", "553 5.1.8 sender's address", "server_failed"],
    ["MAIL", "break", "not_taken"],
    ["RCPT", "421 4.7.0 too many", "server_failed"],
    ["RCPT", "450 4.2.0 greylisted", "not_taken"],
    ["RCPT", "452 4.2.2 full", "not_taken"],
    ["RCPT", "503 5.5.1 need MAIL", "server_failed"],
    ["RCPT", "530 5.7.0 authentication required", "server_failed"],
    ["RCPT", "550 5.1.1 no such user", "refused"],
    ["RCPT", "551 5.1.6 moved", "refused"],
    ["RCPT", "552 5.2.2 full", "refused"],
    ["RCPT", "553 5.1.3 no address", "refused"],
    ["RCPT", "554 5.7.1 no relay", "refused"],
    ["RCPT", "break", "not_taken"],
    ["DATA", "421 4.3.2 closing", "server_failed"],
    ["DATA", "451 4.3.0 local trouble", "not_taken"],
    ["DATA", "503 5.5.1 need RCPT", "server_failed"],
    ["DATA", "554 5.5.1 no valid recipients", "refused"],
    ["DATA", "break", "not_taken"],
  ])("%s answered with %s: %s", async (stage, said, outcome) => {
    const secure = stage === "AUTH";
    const server = await start(secure);
    server.says.set(stage, said);
    expect((await send(server, secure)).outcome).toBe(outcome);
    server.says.clear();
    expect((await send(server, secure)).outcome).toBe("sent");
  });

  it.each<readonly [number, Sending["outcome"]]>([
    [250, "sent"],
    [421, "server_failed"],
    [450, "not_taken"],
    [451, "not_taken"],
    [452, "not_taken"],
    [535, "server_failed"],
    [550, "refused"],
    [552, "refused"],
    [554, "refused"],
  ])("its end answered with %s: %s", async (answer, outcome) => {
    const server = await start(false);
    server.answers.push(answer);
    expect((await send(server, false)).outcome).toBe(outcome);
  });

  it.each<readonly [Stage, Said]>([
    ["MAIL", "552 5.3.4 too large"],
    ["MAIL", "550 5.3.4 too large"],
    ["RCPT", "552 5.2.3 too large for this mailbox"],
    ["RCPT", "550 5.2.3 too large for this mailbox"],
    ["DATA", "552 message size exceeds the limit"],
  ])("with its sound, %s answered with %s: too large", async (stage, said) => {
    const server = await start(false);
    server.says.set(stage, said);
    expect((await send(server, false, { envelope: sound })).outcome).toBe("too_large");
  });

  it("with its sound, its end answered with 552: too large", async () => {
    const server = await start(false);
    server.bytesMax = 50_000;
    expect((await send(server, false, { envelope: sound })).outcome).toBe("too_large");
    expect((await send(server, false)).outcome).toBe("sent");
  });

  it("is that the server failed when nobody is there, or its certificate is not to be trusted", async () => {
    const server = await start(true);
    expect((await send(server, true, { trusting: false })).outcome).toBe("server_failed");
    await server.close();
    expect((await send(server, true)).outcome).toBe("server_failed");
  });

  it.each<Stage>(["greeting", "EHLO", "MAIL", "RCPT", "DATA"])(
    "is that the server failed when it falls silent at %s",
    async (stage) => {
      const server = await start(false);
      server.says.set(stage, "hang");
      const limit = new AbortController();
      const sending = send(server, false, { limit: limit.signal });
      await server.hung();
      // Whatever would be read ahead has time to be read.
      for (let turn = 0; turn < 20; turn += 1)
        await new Promise<void>((resolve) => void systemClock.after(0, resolve));
      limit.abort();
      expect((await sending).outcome).toBe("server_failed");
    },
  );

  it("is unknown only when the last bytes were out", async () => {
    const server = await start(false);
    const commit = () => {
      server.cut();
      return new Promise<void>(() => {});
    };
    expect((await send(server, false, { commit })).outcome).toBe("broke_off");
    server.answers.push("taken, and the line breaks");
    expect((await send(server, false)).outcome).toBe("unknown");
  });

  it("is that it broke off when its last bytes may not go out, or its sound is unreadable", async () => {
    const server = await start(false);
    const commit = () => Promise.reject(new Error("database is locked"));
    expect((await send(server, false, { commit })).outcome).toBe("broke_off");
    rmSync(join(folder, "m.wav"));
    expect((await send(server, false, { envelope: sound })).outcome).toBe("broke_off");
    expect(server.received).toEqual([]);
  });
});
