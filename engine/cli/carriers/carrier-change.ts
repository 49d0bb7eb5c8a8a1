/** `ringline carrier add`, `set` and `remove`. Passwords are named by where they are kept, and never given here. */
import { type Command, Option } from "commander";
import type { EditFields } from "../../../policy/change/edits/types.js";
import {
  CALLED_PLACES,
  CALLER_PLACES,
  NUMBER_FORMS,
  SRTP,
  TRANSPORTS,
} from "../../../policy/office/carrier-settings.js";
import { given } from "../../../policy/office/optional.js";
import { type ChangeOptions, changing, editByCommand } from "../office/change.js";
import { changesAnything, clearOption, repeated, wholeNumber } from "../shared/arguments.js";
import type { RegisterCommand } from "../shared/command.js";

const SECRETS_HELP = `
A password is never given here, where every user of the machine could read it:
name the variable of the engine's environment that has it, or a file that the
engine reads.`;

const ADD_HELP = `${SECRETS_HELP}

Examples:
  ringline carrier add main --proxy sip.example.net --username acme \\
    --password-env CARRIER_PASSWORD --db r.db
  ringline carrier add trunk --proxy 192.0.2.10 --proxy 192.0.2.11:5070 \\
    --address 192.0.2.0/28 --prefix +44 --place 1 --db r.db`;

const SET_HELP = `
Only what is named changes; a list (--proxy, --address, --prefix) is replaced
whole.
${SECRETS_HELP}

Examples:
  ringline carrier set main --transport tls --srtp optional --db r.db
  ringline carrier set main --password-file /etc/ringline/carrier --db r.db
  ringline carrier set main --clear prefix --place 2 --dry-run --db r.db`;

const REMOVE_HELP = `
Conversations through the carrier go on.

Examples:
  ringline carrier remove backup --db r.db
  ringline carrier remove backup --message "contract ended" --db r.db`;

interface CarrierOptions extends ChangeOptions {
  readonly proxy?: readonly string[];
  readonly port?: number;
  readonly transport?: string;
  readonly srtp?: string;
  readonly username?: string;
  readonly passwordEnv?: string;
  readonly passwordFile?: string;
  readonly authUsername?: string;
  readonly register?: boolean;
  readonly realm?: string;
  readonly fromDomain?: string;
  readonly fromUser?: string;
  readonly extension?: string;
  readonly expire?: number;
  readonly ping?: number;
  readonly address?: readonly string[];
  readonly trusted?: boolean;
  readonly prefix?: readonly string[];
  readonly sendsNumbers?: string;
  readonly wantsNumbers?: string;
  readonly calledNumber?: string;
  readonly callerNumber?: string;
  readonly place?: number;
  readonly clear?: readonly string[];
}

/** What `--clear` takes away, and its field in a file. */
const CLEARABLE: Readonly<Record<string, string>> = {
  port: "port",
  transport: "transport",
  srtp: "srtp",
  username: "username",
  password: "password",
  "auth-username": "auth_username",
  register: "register",
  realm: "realm",
  "from-domain": "from_domain",
  "from-user": "from_user",
  extension: "extension",
  expire: "expire",
  ping: "ping",
  address: "addresses",
  trusted: "trusted",
  prefix: "prefixes",
  "sends-numbers": "sends_numbers",
  "wants-numbers": "wants_numbers",
  "called-number": "called_number",
  "caller-number": "caller_number",
};

export const registerCarrierChange: RegisterCommand = (carrier, terminal) => {
  changing(
    withSettings(
      carrier
        .command("add")
        .summary("add a carrier")
        .description("Adds a carrier: calls go in and out through it within a few seconds.")
        .argument("<id>", "its id"),
    ),
  )
    .addHelpText("after", ADD_HELP)
    .action(async (id: string, options: CarrierOptions, command: Command) => {
      const fields = fieldsOf(options, command);
      if (options.proxy === undefined) command.error("error: required option '--proxy <host>' not specified");
      const edits = [{ verb: "add", kind: "carrier", id, fields }] as const;
      await editByCommand(terminal, options, edits);
    });
  changing(
    withSettings(
      carrier
        .command("set")
        .summary("change a carrier")
        .description("Changes settings of a carrier. Calls in progress go on.")
        .argument("<id>", "the carrier's id"),
    ).addOption(clearOption(Object.keys(CLEARABLE))),
  )
    .addHelpText("after", SET_HELP)
    .action(async (id: string, options: CarrierOptions, command: Command) => {
      const fields = fieldsOf(options, command);
      if (!changesAnything(options)) command.error("error: nothing to change: say --proxy, --place, …");
      const edits = [{ verb: "set", kind: "carrier", id, fields }] as const;
      await editByCommand(terminal, options, edits);
    });
  changing(
    carrier
      .command("remove")
      .summary("remove a carrier")
      .description("Removes a carrier from the office.")
      .argument("<id>", "the carrier's id"),
  )
    .addHelpText("after", REMOVE_HELP)
    .action(async (id: string, options: ChangeOptions) => {
      const edits = [{ verb: "remove", kind: "carrier", id, options: {} }] as const;
      await editByCommand(terminal, options, edits);
    });
};

function withSettings(command: Command): Command {
  return withNumberForms(
    command
      .option("--proxy <host>", "its SIP proxy, with a port where it is not 5060 (repeat for more)", repeated)
      .option("--port <port>", "for proxies that name none", wholeNumber)
      .addOption(new Option("--transport <word>", "what SIP goes over").choices(TRANSPORTS))
      .addOption(new Option("--srtp <word>", "whether audio is encrypted").choices(SRTP))
      .option("--username <name>", "the user name it has given you")
      .option("--password-env <name>", "the environment variable of the engine that has the password")
      .option("--password-file <path>", "the file that has the password")
      .option("--auth-username <name>", "the name for challenges, where it is another")
      .option("--register", "register, also without a password")
      .option("--no-register", "do not register")
      .option("--realm <text>", "the realm of its challenges")
      .option("--from-domain <host>", "the host of From")
      .option("--from-user <name>", "the user of From")
      .option("--extension <name>", "the user of the registered Contact")
      .option("--expire <seconds>", "for how long a registration is asked for", wholeNumber)
      .option("--ping <seconds>", "how often OPTIONS asks whether the proxy is there", wholeNumber)
      .option("--address <address>", "where its calls may come from (repeat for more)", repeated)
      .option("--trusted", "tell it the numbers that callers withhold, which it shows to nobody")
      .option("--no-trusted", "tell it no withheld number")
      .option("--prefix <digits>", "only for numbers that begin so (repeat for more)", repeated),
  ).option("--place <position>", "in the order in which calls try carriers, from 1", wholeNumber);
}

function withNumberForms(command: Command): Command {
  return command
    .addOption(
      new Option("--sends-numbers <form>", "how it writes numbers to us").choices(["auto", ...NUMBER_FORMS]),
    )
    .addOption(new Option("--wants-numbers <form>", "how it wants them from us").choices(NUMBER_FORMS))
    .option(
      "--called-number <place>",
      `where the number called is: auto, ${CALLED_PLACES.join(", ")}, or X-…`,
    )
    .option("--caller-number <place>", `where the caller's is: auto, ${CALLER_PLACES.join(", ")}, or X-…`);
}

function fieldsOf(options: CarrierOptions, command: Command): EditFields {
  const { passwordEnv, passwordFile, proxy, clear = [] } = options;
  if (passwordEnv !== undefined && passwordFile !== undefined)
    command.error("error: either --password-env or --password-file");
  return {
    ...given({
      proxy: proxy?.length === 1 ? proxy[0] : proxy,
      port: options.port,
      transport: options.transport,
      srtp: options.srtp,
      username: options.username,
      password: passwordOf(passwordEnv, passwordFile),
      auth_username: options.authUsername,
      register: options.register,
      realm: options.realm,
    }),
    ...given({
      from_domain: options.fromDomain,
      from_user: options.fromUser,
      extension: options.extension,
      expire: options.expire,
      ping: options.ping,
      addresses: options.address,
      trusted: options.trusted,
      prefixes: options.prefix,
      sends_numbers: options.sendsNumbers,
      wants_numbers: options.wantsNumbers,
      called_number: placeOf(options.calledNumber),
      caller_number: placeOf(options.callerNumber),
      place: options.place,
    }),
    ...Object.fromEntries(
      clear.flatMap((what) => (CLEARABLE[what] === undefined ? [] : [[CLEARABLE[what], null]])),
    ),
  };
}

function passwordOf(env: string | undefined, file: string | undefined): object | undefined {
  if (env !== undefined) return { env };
  return file === undefined ? undefined : { file };
}

/** A header is written by its name; all other places are words. */
function placeOf(text: string | undefined): string | { readonly header: string } | undefined {
  return text !== undefined && /^[XP]-/i.test(text) ? { header: text } : text;
}
