/**
 * What the schema of office files cannot say of a key: what it is for, what holds if it is left out, and an example. The
 * tables of docs/office.md are made of both; tests hold the keys, the defaults and the examples to the schema.
 */

import { PERMISSION_NAMES, type Permission } from "../../../policy/office/permission-names.js";

/** What it is for; what holds if it is left out, a value in backticks if there is one; an example, as a file writes it. */
export type KeyDoc = readonly [what: string, otherwise: string, example: string];
type TableDoc = Readonly<Record<string, KeyDoc>>;

const REQUIRED = "required";
const AN_ID = "Its name within the office.";

const LIMITS = (calls: string, minutes: string): TableDoc => ({
  calls_at_once: ["How many outside phones may ring or talk at a time.", calls, "4"],
  minutes_a_day: ["How many minutes may be called outside within any 24 hours.", minutes, "300"],
});

const PLACES = (whose: string): TableDoc => ({
  countries: [`Countries whose numbers ${whose} may call, besides the office's own.`, "none", "[CA, GB]"],
  prefixes: ["Premium and satellite numbers that may be called, by their first digits.", "none", '["+1900"]'],
  short_numbers: ["Premium short numbers of the country that may be called.", "none", '["411"]'],
});

const MAILBOX: TableDoc = {
  greeting: [
    "What callers hear before the tone, unless a greeting was recorded by phone.",
    "our words, with the extension",
    "greetings/sales.wav",
  ],
  busy_greeting: ["The same when every phone that was rung was busy.", "the greeting", "greetings/busy.wav"],
  email: ["Mails about messages, to members with an address.", "`false`", "attached"],
  limit: ["The longest message.", "`300`", "180"],
  silence: ["How much silence ends a message.", "`10`", "5"],
  silence_level: ["The loudness below which there is silence.", "`auto`", "140"],
  max_messages: ["The mailbox takes no more.", "`100`", "500"],
  operator: ["Where a caller goes who presses 0.", "0 does nothing", "extension:100"],
  catch_up: [
    "Whether a member whose voicemail is switched on again gets the messages that came meanwhile.",
    "`false`",
    "true",
  ],
  remote_access: ["Whether members can listen from outside with a PIN.", "`false`", "call_back"],
  missed_calls: ["Mails about calls that nobody answered and that left no message.", "`false`", "true"],
};

const ANONYMOUS: KeyDoc = ["Whether callers who withhold their number are taken.", "`accept`", "refuse"];
const STEPS = "`[{ ring: …, timeout: …}, { voicemail: … }]`";

function otherwise(permission: Permission): string {
  const admins = permission === "billing" ? "to System Admins and Billing Admins" : "to System Admins";
  return permission === "outside_calls" ? "given where there is a number to show" : `given ${admins}`;
}

/** By the path of the table, then by the key. */
export const REFERENCE: Readonly<Record<string, TableDoc>> = {
  office: {
    name: ["The office's name, for mails and lists.", REQUIRED, "Acme Dental"],
    country: ["The country by which numbers are read, and to which calls may go.", REQUIRED, "US"],
    timezone: ["The zone of schedules and of times that are shown.", REQUIRED, "America/New_York"],
    outside_caller_id: [
      "What outside phones are shown of a call: its caller, the number that was called, or always this number.",
      "`caller`",
      '"+12125550100"',
    ],
    emergency_numbers: ["The numbers that are dialled for help.", "those of the country", "[911, 933]"],
    emergency: ["Who is told when a phone calls for help.", "nobody", "{ notify: [bob.stone] }"],
    outside_calls: [
      "Where calls outside may go, and how much.",
      "the office's own country and toll-free numbers",
      "{ countries: [CA] }",
    ],
    records: [
      "For how many days calls are remembered, and who did what.",
      "`{ keep: 400, audit: 400 }`",
      "{ keep: 400, anonymise: 90, audit: 400 }",
    ],
    phones_need_account: [
      "Whether a user's phones sign in only once the user has followed the invitation and has an account.",
      "`false`",
      "true",
    ],
    sign_in: [
      "How long people stay signed in on the web, and how many guesses at passwords there may be.",
      "`{ idle_hours: 12, absolute_days: 30 }`",
      "{ idle_hours: 8, absolute_days: 7 }",
    ],
  },
  "office.sign_in": {
    idle_hours: ["Who has asked nothing for so long is signed out.", "`12`", "8"],
    absolute_days: ["Who signed in so long ago signs in again.", "`30`", "7"],
    guesses_an_hour: [
      "So many sign-ins may fail in an hour, of all people together, before further ones have to wait. Browsers in which somebody signed in before do not count, and do not wait.",
      "`300`",
      "1000",
    ],
  },
  "office.records": {
    keep: ["Records of calls are deleted so many days after the call.", "`400`", "30"],
    anonymise: [
      "Callers' numbers and names are taken out of records so many days after the call.",
      "`none`",
      "90",
    ],
    audit: ["Entries of the audit are deleted after so many days.", "`400`", "800"],
  },
  "office.emergency": {
    notify: ["Who gets a mail at once.", "nobody", "[bob.stone, desk@example.com]"],
    call_back: [
      "The number of the office at which notices say the caller can be called back.",
      "the number that the emergency service is shown",
      '"+12125550100"',
    ],
    test_numbers: [
      "Numbers with which emergency calls are tried; they are dialled as emergency numbers are.",
      "933 where it is an emergency number",
      "[933]",
    ],
  },
  "office.outside_calls": {
    ...PLACES("everybody"),
    ...LIMITS("`100`", "`10000`"),
    each_user: [
      "The limits of each user.",
      "`{ calls_at_once: 10, minutes_a_day: 600 }`",
      "{ calls_at_once: 4 }",
    ],
  },
  "office.outside_calls.each_user": LIMITS("`10`", "`600`"),
  "carriers[]": {
    id: [`${AN_ID} The order of carriers is the order in which calls try them.`, REQUIRED, "main"],
    proxy: ["Where calls out and registrations go; several are tried in order.", REQUIRED, "sip.example.net"],
    port: ["The port of proxies that name none.", "what DNS says, else 5060", "5080"],
    transport: ["How SIP is carried.", "`udp`", "tls"],
    srtp: ["Whether sound is encrypted.", "accepted and not offered", "required"],
    username: [
      "The account with which calls and registrations are signed.",
      "the carrier knows us by our address",
      "acme",
    ],
    password: [
      "Where the account's password is kept.",
      "challenges are not answered",
      "{ env: CARRIER_PASSWORD }",
    ],
    auth_username: ["The account's name in challenges, where it is another.", "the username", "auth-acme"],
    register: ["Whether the switch registers.", "it does if it has a username and a password", "false"],
    realm: ["The realm of the carrier's challenges.", "the proxy's name", "sip.example.net"],
    from_domain: ["The host of From.", "the proxy's name", "example.net"],
    from_user: ["The user of From.", "the number that calls", "acme"],
    extension: ["The user of the registered Contact.", "the carrier's gateway", '"+12125550100"'],
    expire: ["For how long a registration is asked for.", "3600", "600"],
    ping: ["How often OPTIONS asks whether the proxy is there.", "never", "30"],
    addresses: ["Where calls may come from.", "the addresses of the proxies", "[192.0.2.0/28]"],
    trusted: ["Whether the carrier is told numbers that are withheld.", "`false`", "true"],
    prefixes: ["The numbers that go through the carrier.", "every number", '["+44", "+49"]'],
    sends_numbers: ["How the carrier writes numbers to us.", "`auto`", "national"],
    wants_numbers: ["How the carrier wants numbers from us.", "`e164`", "national"],
    called_number: ["Where the carrier puts the number that was called.", "`auto`", "to"],
    caller_number: ["Where the carrier puts the caller's number.", "`auto`", "{ header: X-Caller }"],
  },
  "users[]": {
    username: ["The user's name in files and commands. It never changes.", REQUIRED, "alice.wong"],
    name: ["The name that people read.", REQUIRED, "Alice Wong"],
    email: ["Where mails about messages and missed calls go.", "no mails", "alice@example.com"],
    extension: ["What colleagues dial.", "colleagues cannot dial the user", "101"],
    outbound_number: [
      "The number of the office that calls outside show.",
      "the office's fixed number, else the user cannot call outside",
      '"+12125550101"',
    ],
    location: [
      "Where the user's phones are, for whoever looks for a person who called for help.",
      "notices name no place",
      '"Building 2, 3rd floor, room 310"',
    ],
    suspended: ["The user's phones are not rung and cannot sign in; all else stays.", "`false`", "true"],
    permissions: ["What the user may do.", "see below", "{ outside_calls: false }"],
    outside_calls: [
      "Where the user may call besides, and how much.",
      "what the office says",
      "{ countries: [JP] }",
    ],
    hide_number: ["Whether calls outside hide the user's number.", "`false`", "true"],
    anonymous_callers: ANONYMOUS,
    devices: ["What rings.", "`[]`", "[{ id: desk, sip: alice-desk }]"],
    voicemail: ["How the user's mailbox works.", "the defaults below", "{ email: true }"],
    no_answer: [
      "The flow of calls to the user.",
      STEPS,
      "[{ ring: user:alice.wong, timeout: 30 }, { hangup: busy }]",
    ],
  },
  "users[].permissions": Object.fromEntries(
    PERMISSION_NAMES.map((name): [string, KeyDoc] => [name, ["", otherwise(name), "true"]]),
  ),
  "users[].outside_calls": {
    ...PLACES("the user"),
    ...LIMITS("what `each_user` of the office says", "what `each_user` of the office says"),
  },
  "users[].devices[]": {
    id: ["Its name within the user.", REQUIRED, "desk"],
    renamed_from: ["What it was called before.", "it had no other id", "phone"],
    sip: [
      "A phone that signs in with this name. A device has this or `phone`.",
      "the device is an outside phone",
      "alice-desk",
    ],
    phone: ["An outside phone.", "the device signs in", '"+1 917 555 0144"'],
    delay: ["How much later than its user it starts to ring.", "`0`", "5"],
    ring: ["How long it rings.", "as long as its user", "20"],
    accept: ["Whether who answers must press 1. `auto`: on outside phones.", "`auto`", "always"],
    location: ["Where a SIP phone is.", "where its user is", '"Reception, ground floor"'],
    srtp: ["Whether a SIP phone's sound is encrypted.", "offered to a phone on TLS", "required"],
  },
  "users[].voicemail": MAILBOX,
  "groups[]": {
    id: [
      `${AN_ID} \`all-users\`, \`billing-admins\` and \`system-admins\` are there in every office.`,
      REQUIRED,
      "sales",
    ],
    renamed_from: [
      "What it was called before: messages, greetings and all that leads to it follow.",
      "it had no other id",
      "[vertrieb, seller]",
    ],
    name: ["The name that people read.", "the id", "Sales"],
    extension: ["What colleagues dial.", "colleagues cannot dial the group", "200"],
    strategy: [
      "The order in which members ring; all but the first, one after the other.",
      "`simultaneous`",
      "in_order",
    ],
    caller_id_prefix: ["What phones of the office show before the caller's name.", "nothing", '"Sales: "'],
    anonymous_callers: ANONYMOUS,
    members: ["Users who share the group's calls and messages.", "none", "[{ user: alice.wong }]"],
    voicemail: ["How the group's mailbox works.", "the defaults below", "{ email: true }"],
    no_answer: [
      "The flow of calls to the group.",
      STEPS,
      "[{ ring: group:sales, timeout: 40 }, { hangup: busy }]",
    ],
  },
  "groups[].members[]": {
    user: ["The member.", REQUIRED, "alice.wong"],
    delay: ["How much later than the group, or the member's turn, the member's devices start.", "`0`", "5"],
    ring: [
      "How long the member rings.",
      "20 where members ring one after the other, else as long as the step",
      "15",
    ],
    calls: ["Whether the member is rung.", "`true`", "false"],
    voicemail: ["Whether the member gets the group's messages.", "`true`", "false"],
  },
  "groups[].voicemail": MAILBOX,
  "numbers[]": {
    number: [
      "A number of the office, a block of numbers, or `any` for every other number.",
      REQUIRED,
      '"+12125550100"',
    ],
    label: ["What it is for, in lists and calls.", "nothing", "Main line"],
    caller_id_prefix: ["What phones of the office show before the caller's name.", "the group's", '"Main: "'],
    anonymous_callers: ANONYMOUS,
    plan: [
      "The plan by which calls outside that show the number are counted.",
      "they have no price",
      "business",
    ],
    flow: ["The named flow to which it leads.", "see `steps`", "main"],
    steps: [
      "A flow of its own. A number has this or `flow`.",
      "without both, callers hear that the call cannot be completed",
      "[{ send: group:sales }]",
    ],
  },
  "webhooks[]": {
    id: [AN_ID, REQUIRED, "crm"],
    url: ["Where events are sent.", REQUIRED, "https://crm.example.com/calls"],
    events: ["Which events are sent.", "all of them", "[call.answered, call.ended]"],
    secret: ["What signs the requests.", REQUIRED, "{ env: CRM_WEBHOOK_SECRET }"],
    allow_private: [
      "Whether it may be an address of the office's own network, also by http://.",
      "`false`",
      "true",
    ],
  },
  "schedules[]": {
    id: [AN_ID, REQUIRED, "practice"],
    timezone: ["The zone of its hours.", "the office's", "America/Chicago"],
    open: [
      "When it is open; `[]`: only when it is opened by hand.",
      REQUIRED,
      '[{ days: mon-fri, from: "08:00", to: "17:00" }]',
    ],
    closed: ["Days on which it is closed.", "`[]`", '["2026-12-25"]'],
  },
  "schedules[].open[]": {
    days: ["The days on which these hours begin.", REQUIRED, "mon-fri"],
    from: ["When they begin.", REQUIRED, '"08:00"'],
    to: ["When they end; before `from`: on the next day.", REQUIRED, '"17:00"'],
  },
  "plans[]": {
    id: [AN_ID, REQUIRED, "business"],
    name: ["The name that people read.", "the id", "Business 1000"],
    currency: ["The currency of its prices.", REQUIRED, "USD"],
    included_minutes: [
      "Minutes a month that cost nothing, shared by all numbers of the plan.",
      "none",
      "1000",
    ],
    included_prefixes: ["The calls that use them.", "all calls outside", '["+1"]'],
    per_minute: [
      "What a minute costs to numbers for which no other price stands.",
      "they have no price",
      '"0.25"',
    ],
    prices: [
      "What a minute costs; of the prefixes that a number begins with, the longest counts.",
      "`[]`",
      '[{ prefix: "+44", per_minute: "0.02" }]',
    ],
  },
  "plans[].prices[]": {
    prefix: ["The numbers that begin so.", "the price is for `short_number`", '"+44"'],
    short_number: ["A short number of the country, as it is dialled.", "the price is for `prefix`", "411"],
    per_minute: ["What a minute to them costs.", REQUIRED, '"0.02"'],
  },
  "step schedule": {
    schedule: ["Goes on while this schedule is open.", REQUIRED, "practice"],
    closed: ["Where calls go while it is closed.", REQUIRED, "flow:night"],
  },
  "step ring": {
    ring: ["Whom to ring.", REQUIRED, "group:sales"],
    timeout: [
      "How long. An accept prompt may make the step longer, see [steps](steps/ring.md).",
      "20 for a user or number, 30 for a group",
      "40",
    ],
    accept: ["Who must press 1, whatever the devices say.", "what the devices say", "always"],
    strategy: ["In which order a group's members ring.", "the group's", "rotating"],
    skip: ["Whether pressing 3 sends the caller on to the next step.", "`false`", "true"],
  },
  "step announce": { announce: ["What the caller hears.", REQUIRED, "please-hold"] },
  "step voicemail": { voicemail: ["Whose mailbox takes the message.", REQUIRED, "group:sales"] },
  "step send": {
    send: ["Where the call goes.", REQUIRED, "user:alice.wong"],
    accept: [
      "Whether who answers at a number outside must press 1.",
      "callers from outside are asked for, others not",
      "never",
    ],
  },
  "step hangup": { hangup: ["What the caller's phone is told.", REQUIRED, "busy"] },
};
