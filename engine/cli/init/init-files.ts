/**
 * The texts of the files that `ringline init` makes: the office, the engine's configuration, the switch's variables and
 * the unit of systemd, which is the one of the package with other paths.
 */
import { join } from "node:path";
import { stringify } from "yaml";

export interface FirstOffice {
  readonly name: string;
  readonly country: string;
  readonly timezone: string;
  readonly admin: string;
  readonly username: string;
  readonly extension: string;
}

const quoted = (text: string): string => stringify(text, { lineWidth: 0 }).trimEnd();

export function officeFile({ name, country, timezone, admin, username, extension }: FirstOffice): string {
  return `# The office. \`ringline check\` finds every mistake in it; docs/office.md has everything that it may say.
office:
  name: ${quoted(name)}
  country: ${quoted(country)} # how numbers without a country code are read
  timezone: ${quoted(timezone)}

# A carrier connects the office with the public network:
# carriers:
#   - { id: main, proxy: sip.example.net, username: acme, password: { env: CARRIER_PASSWORD } }

users:
  - username: ${quoted(username)}
    name: ${quoted(admin)}
    extension: ${quoted(extension)}
    devices:
      - { id: desk, sip: ${quoted(username)} }

groups:
  - { id: system-admins, members: [{ user: ${quoted(username)} }] }

# A number of the office, and what happens to its calls:
# numbers:
#   - number: "+12125550100"
#     steps:
#       - { ring: ${quoted(`user:${username}`)}, timeout: 20 }
#       - { voicemail: ${quoted(`user:${username}`)} }
`;
}

export function configFile(switchAddress: string): string {
  return `# What \`ringline run --config\` reads; \`ringline run --help\` has every option. Paths are relative to this folder.
db: ringline.db
switch: ${quoted(switchAddress)} # the event socket
password-file: switch-password
directory-secret-file: directory-secret
recordings: messages

# For mails about messages:
# smtp: smtps://office@mail.example.com
# smtp-password-file: smtp-password
# mail-from: office@example.com

# For monitoring, at /metrics, /health and /ready:
# metrics: 127.0.0.1:9100
`;
}

/** The variables with which the switch is started (docker/freeswitch/vars.xml). */
export function switchVariables(password: string, directorySecret: string): string {
  return `RINGLINE_SWITCH_PASSWORD=${password}
RINGLINE_DIRECTORY_SECRET=${directorySecret}
RINGLINE_DIRECTORY_URL=http://127.0.0.1:8023/
RINGLINE_ARRIVAL_URL=http://127.0.0.1:8023/calls
`;
}

export interface UnitPlaces {
  readonly folder: string;
  readonly config: string;
  /** What starts the program: the path of Node.js and of the program. */
  readonly program: readonly string[];
  readonly user: string;
}

/**
 * The package's unit for an office in a folder of its own: the options come from the configuration file, and nothing but
 * the folder is writable. The user who made the secrets reads them, so they need not be handed over by systemd.
 * @param unit docker/systemd/ringline@.service
 */
export function unitFile(unit: string, { folder, config, program, user }: UnitPlaces): string {
  const start = [...program, "run", "--standby", "--config", config]
    .map((word) => unitWord(word.replaceAll("$", "$$$$")))
    .join(" ");
  const made = unit
    .replace(/^ExecStart=(?:.*\\\n)*.*$/m, () => `ExecStart=${start}`)
    .replace(/^Environment=RINGLINE_SWITCH=.*\n/m, "")
    .replace(/^EnvironmentFile=.*$/m, () => `EnvironmentFile=-${unitPath(join(folder, "environment"))}`)
    .replace(/^LoadCredential=.*\n/gm, "")
    .replace(/^User=.*$/m, () => `User=${user}`)
    // Without a group it is the user's own.
    .replace(/^Group=.*\n/m, "")
    .replace(/^StateDirectory=.*$/m, () => `ReadWritePaths=${unitWord(folder)}`)
    .replace(/^StateDirectoryMode=.*\n/m, "");
  // Home folders are hidden otherwise, and so would be an office in one of them.
  return /^\/(?:home|root|run\/user)\//.test(`${folder}/`)
    ? made.replace(/^ProtectHome=yes$/m, "ProtectHome=read-only")
    : made;
}

/** A word of a list (systemd.syntax(7)), quoted if need be. In a command line a dollar is written twice, and nowhere else. */
function unitWord(text: string): string {
  const escaped = text.replaceAll("%", "%%");
  return /^[\w@%+=:,./$-]+$/.test(escaped) ? escaped : `"${escaped.replace(/["\\]/g, "\\$&")}"`;
}

/** A path that is a whole value: spaces need no quotes there. */
function unitPath(text: string): string {
  return text.replaceAll("%", "%%");
}
