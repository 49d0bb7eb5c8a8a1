/**
 * Goal: every mail says the same as text and as HTML, with the office's name and its times, and texts from elsewhere become
 * neither markup nor headers. Method: a table of all mails, and properties with hostile texts.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { invitationMail, newDeviceMail, passwordMail, shownLinkMail, testMail } from "./account-mails.js";
import type { MailOffice, MailText } from "./frame.js";
import { setupMail } from "./setup-mail.js";

const AT_MS = Date.UTC(2026, 6, 1, 12, 30);
const SECRET = "A".repeat(43);
const LINK = { address: `https://phones.example.com/activate#${SECRET}`, expiresMs: AT_MS };

interface Texts {
  readonly office: string;
  readonly name: string;
  readonly device: string;
}

const MAILS: Readonly<Record<string, (texts: Texts) => MailText>> = {
  invitation: ({ office, name }) => invitationMail(at(office), { name, username: "alice.wong" }, LINK),
  password: ({ office, name }) => passwordMail(at(office), { name, username: "alice.wong" }, LINK),
  "new device": ({ office, name, device }) =>
    newDeviceMail(
      at(office),
      { name, username: "alice.wong" },
      { atMs: AT_MS, device, address: "192.0.2.7" },
    ),
  "link that others have": ({ office, name, device }) =>
    shownLinkMail(at(office), { name, username: "alice.wong" }, { atMs: AT_MS, by: device }),
  phones: ({ office, name, device }) => setupMail(at(office), name, [{ device, ...LINK }]),
  test: ({ office }) => testMail(at(office), AT_MS),
};

function at(name: string): MailOffice {
  return { name, timezone: "Europe/Berlin" };
}

const PLAIN: Texts = { office: "Acme Dental", name: "Alice Wong", device: "Firefox on Windows" };

describe.each(Object.entries(MAILS))("the mail about %s", (_name, mail) => {
  it("has the office's name and the time in its zone, as text and as HTML", () => {
    const { subject, text, html } = mail(PLAIN);
    expect(subject).toMatch(/^Acme Dental: /);
    for (const part of [text, html]) {
      expect(part).toContain("Acme Dental");
      expect(part).toContain("1 July 2026 at 14:30 (Europe/Berlin)");
    }
  });

  it("has each link in both parts", () => {
    const { text, html } = mail(PLAIN);
    const links = text.match(/https:\S+/g) ?? [];
    for (const link of links) expect(html).toContain(`href="${link}"`);
  });

  it("has no markup, no header and no line from elsewhere", () => {
    const piece = fc.constantFrom(
      "<",
      ">",
      '"',
      "'",
      "&",
      "\r\n",
      "\n",
      "Bcc: x@y.zz",
      "a",
      "\u202e",
      "\ud800",
      "{{",
      "\0",
    );
    const hostile = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
    const plain = mail(PLAIN);
    const tags = (html: string) => html.match(/<[^>]*>/g)?.map((tag) => tag.replace(/\s.*/s, ""));
    fc.assert(
      fc.property(hostile, hostile, hostile, (office, name, device) => {
        const made = mail({ office, name, device });
        expect(made.subject).not.toMatch(/[\r\n\0]/);
        expect(tags(made.html)).toEqual(tags(plain.html));
        expect(made.text.split("\n")).toHaveLength(plain.text.split("\n").length);
      }),
    );
  });
});
