/**
 * The pages behind a link for a person: what it is for, with one button, and, after the button, what the phone signs in
 * with. Programs that look at the links in mails fetch the first page only, so they do not use the link up.
 */
import { renderSVG } from "uqr";
import { escapeHtml, oneLine } from "../html.js";
import { timeText } from "../mail/time-text.js";
import type { LinkRefused, LinkUsed, UsableLink } from "../office/changes/setup-links.js";
import { phoneSettings, settingsLines } from "../phone-settings.js";

/** Where the style sheet is, also behind a proxy that adds a path; the pages have no style and no script of their own (Content-Security-Policy). */
export const STYLE_PATH = "/setup.css";

export const STYLE = `:root { color-scheme: light dark; --ink: #1c2430; --paper: #fbfaf7; --line: #d8d4ca; --accent: #1f5f5b; --on: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9e6df; --paper: #161a1f; --line: #3a4048; --accent: #7cc4bd; --on: #10201f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.55 system-ui, sans-serif; }
main { max-width: 38rem; margin: 0 auto; padding: 3rem 1.25rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
dl { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; margin: 1.5rem 0; border-top: 1px solid var(--line); }
dt, dd { margin: 0; padding: .55rem 0; border-bottom: 1px solid var(--line); }
dt { padding-right: 1rem; }
dd { overflow-wrap: anywhere; font-family: ui-monospace, monospace; }
button { font: inherit; font-weight: 600; padding: .7rem 1.4rem; border: 0; border-radius: .5rem; background: var(--accent); color: var(--on); cursor: pointer; }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
.qr { max-width: 15rem; background: #fff; padding: .75rem; border-radius: .5rem; }
.qr svg { display: block; width: 100%; height: auto; }
@media (max-width: 26rem) { dl { grid-template-columns: 1fr; } dt { border: 0; padding-bottom: 0; font-weight: 600; } }
`;

/** Before the link is used. */
export function askingPage({ office, user, phone, link }: UsableLink): string {
  return page(
    office.name,
    `Set up your phone “${shown(phone.device)}”`,
    `<p>Hello ${shown(user.name)}. The button shows what your phone signs in with: user name, password and server, also as a
QR code. It works <strong>once</strong>, until ${shown(timeText(link.expiresMs, office.timezone))}, so have the phone at hand.</p>
<p>If the phone has signed in before, its earlier password stops working.</p>
<form method="post"><button type="submit">Show the sign-in</button></form>`,
  );
}

/** The link was used just now. */
export function shownPage({ office, phone, link, signIn }: LinkUsed): string {
  const settings = phoneSettings(signIn, link.server);
  const rows = settingsLines(settings).map(
    ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  return page(
    office.name,
    `Your phone “${shown(phone.device)}” signs in with this`,
    `<p>Type it into the phone now. <strong>It is not shown again</strong>; if it is lost, ask for another link.</p>
<dl>${rows.join("\n")}</dl>
<p>The same for a camera:</p>
<div class="qr" role="img" aria-label="QR code of the sign-in">${renderSVG(settings.qrText, { border: 2 })}</div>`,
  );
}

const UNKNOWN = "This link does not work. It may have been replaced by a newer one. Ask for another link.";

/** Why a link shows nothing. */
export function refusedPage(refused: LinkRefused): string {
  return page("Ringline", "This link shows nothing any more", `<p>${escapeHtml(refusedText(refused))}</p>`);
}

function refusedText(refused: LinkRefused): string {
  switch (refused.outcome) {
    case "used": {
      const { usedMs, usedFrom } = refused.link;
      const when = timeText(usedMs ?? 0, refused.timezone);
      return `It was used on ${when} from ${oneLine(usedFrom ?? "an unknown address")}. If that was not you, tell your administrator: the phone needs another password.`;
    }
    case "expired":
      return `It worked until ${timeText(refused.link.expiresMs, refused.timezone)}. Ask for another link.`;
    case "suspended":
      return "Your phones may not sign in at the moment. Ask your administrator.";
    case "unknown":
      return UNKNOWN;
  }
}

/** When the database cannot be read. */
export function troublePage(): string {
  return page(
    "Ringline",
    "The office cannot be read at the moment",
    "<p>The link was not used. Try again in a minute.</p>",
  );
}

function page(office: string, heading: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${heading} · ${shown(office)}</title>
<link rel="stylesheet" href="..${STYLE_PATH}">
</head>
<body>
<main>
<h1>${heading}</h1>
${body}
</main>
</body>
</html>
`;
}

function shown(text: string): string {
  return escapeHtml(oneLine(text));
}
