/** The mail that brings a person the links for their phones. It has no password, and none exists yet. */
import type { MadeLink } from "../office/changes/setup-links.js";
import { framed, type MailOffice, type MailText } from "./frame.js";
import { timeText } from "./time-text.js";

export interface MailedLink extends Pick<MadeLink, "device" | "expiresMs"> {
  readonly address: string;
}

/** @param links at least one, all of one person */
export function setupMail(office: MailOffice, name: string, links: readonly MailedLink[]): MailText {
  const until = timeText(Math.min(...links.map(({ expiresMs }) => expiresMs)), office.timezone);
  const one = links.length === 1;
  const what = `${one ? "this link shows" : "these links show"} what your ${one ? "phone signs" : "phones sign"} in with. Each works once, until ${until}, so open it when the phone is at hand.`;
  return framed(office, {
    subject: `set up your ${one ? "phone" : "phones"}`,
    to: name,
    parts: [
      { kind: "text", text: what },
      { kind: "links", links: links.map(({ device, address }) => ({ label: device, address })) },
      {
        kind: "text",
        text: "Did you not expect this mail? Then do not open the link, and tell your administrator.",
      },
    ],
  });
}
