/** The mails about signing in on the web. None has a password; a link in one works once. */
import { framed, type MailOffice, type MailText } from "./frame.js";
import { timeText } from "./time-text.js";

/** Whom a mail is for. */
export interface MailedPerson {
  readonly name: string;
  readonly username: string;
}

export interface MailedLink {
  readonly address: string;
  readonly expiresMs: number;
}

export function invitationMail(office: MailOffice, person: MailedPerson, link: MailedLink): MailText {
  return framed(office, {
    subject: "choose a password for your phone system",
    to: person.name,
    parts: [
      {
        kind: "text",
        text: "You have an account with the phone system of your office. There you listen to your messages, set up your phones and decide what happens with your calls.",
      },
      { kind: "button", label: "Choose a password", address: link.address },
      { kind: "facts", facts: [["Your username", person.username]] },
      {
        kind: "text",
        text: `The link works once, until ${timeText(link.expiresMs, office.timezone)}.`,
      },
      {
        kind: "text",
        text: "Did you not expect this mail? Then do not open the link, and tell your administrator.",
      },
    ],
  });
}

export function passwordMail(office: MailOffice, person: MailedPerson, link: MailedLink): MailText {
  return framed(office, {
    subject: "choose a new password",
    to: person.name,
    parts: [
      { kind: "text", text: "Somebody has asked for a new password for your account." },
      { kind: "button", label: "Choose a new password", address: link.address },
      { kind: "facts", facts: [["Your username", person.username]] },
      {
        kind: "text",
        text: `The link works once, until ${timeText(link.expiresMs, office.timezone)}. Until you use it, your password stays as it is.`,
      },
      { kind: "text", text: "Was it not you? Then do nothing, and delete this mail." },
    ],
  });
}

export interface NewDevice {
  readonly atMs: number;
  /** What the browser says of itself, in words. */
  readonly device: string;
  /** The address that it came from. */
  readonly address: string;
}

export function newDeviceMail(
  office: MailOffice,
  person: MailedPerson,
  { atMs, device, address }: NewDevice,
): MailText {
  return framed(office, {
    subject: "a sign-in from a new device",
    to: person.name,
    parts: [
      {
        kind: "text",
        text: "Somebody has signed in to your account from a device that was not used for it before.",
      },
      {
        kind: "facts",
        facts: [
          ["Account", person.username],
          ["When", timeText(atMs, office.timezone)],
          ["Device", device],
          ["From", address],
        ],
      },
      {
        kind: "text",
        text: "Was it you? Then there is nothing to do. If not, change your password now, which ends all other sessions, and tell your administrator.",
      },
    ],
  });
}

export interface ShownLink {
  readonly atMs: number;
  /** Who has it. */
  readonly by: string;
}

/** Somebody else was shown a link with which the person's password is chosen. */
export function shownLinkMail(office: MailOffice, person: MailedPerson, { atMs, by }: ShownLink): MailText {
  return framed(office, {
    subject: "a link for a new password",
    to: person.name,
    parts: [
      {
        kind: "text",
        text: "An administrator has been shown a link with which a new password is chosen for your account, to give it to you.",
      },
      {
        kind: "facts",
        facts: [
          ["Account", person.username],
          ["When", timeText(atMs, office.timezone)],
          ["By", by],
        ],
      },
      {
        kind: "text",
        text: "Did you ask for it? Then there is nothing to do. If not, ask them: whoever uses the link signs in as you, and your password stops working.",
      },
    ],
  });
}

/** Shows that mails arrive. */
export function testMail(office: MailOffice, atMs: number): MailText {
  return framed(office, {
    subject: "a test of mails",
    to: null,
    parts: [
      {
        kind: "text",
        text: `This mail shows that the phone system of your office can send mails. It was sent on ${timeText(atMs, office.timezone)}.`,
      },
    ],
  });
}
