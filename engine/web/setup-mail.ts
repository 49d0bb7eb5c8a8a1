/** The mail that brings a person the links for their phones. It has no password, and none exists yet. */
import { escapeHtml, oneLine } from "../html.js";
import type { MadeLink } from "../office/changes/setup-links.js";
import { timeText } from "./setup-page.js";

export interface SetupMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MailedLink extends Pick<MadeLink, "device" | "expiresMs"> {
  readonly address: string;
}

/** @param links at least one, all of one person */
export function setupMail(
  office: { readonly name: string; readonly timezone: string },
  name: string,
  links: readonly MailedLink[],
): SetupMail {
  const until = timeText(Math.min(...links.map(({ expiresMs }) => expiresMs)), office.timezone);
  const hello = `Hello ${oneLine(name)},`;
  const what = `${links.length === 1 ? "this link shows" : "these links show"} what your ${links.length === 1 ? "phone signs" : "phones sign"} in with. Each works once, until ${until}, so open it when the phone is at hand.`;
  const not = "Did you not expect this mail? Then do not open the link, and tell your administrator.";
  const lines = links.map(({ device, address }) => `${oneLine(device)}: ${address}`);
  const items = links.map(
    ({ device, address }) =>
      `<li>${escapeHtml(oneLine(device))}: <a href="${escapeHtml(address)}">${escapeHtml(address)}</a></li>`,
  );
  const officeName = oneLine(office.name);
  return {
    subject: `${officeName}: set up your ${links.length === 1 ? "phone" : "phones"}`,
    text: `${hello}\n\n${what}\n\n${lines.join("\n")}\n\n${not}\n\n${officeName}\n`,
    html: `<p>${escapeHtml(hello)}</p><p>${escapeHtml(what)}</p><ul>${items.join("")}</ul><p>${not}</p><p>${escapeHtml(officeName)}</p>`,
  };
}
