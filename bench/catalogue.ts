/** Every benchmark: what it measures, in a line and for the docs, and how it is loaded. */
import type { Bench } from "./bench.js";

export interface Entry {
  /** For the list of benchmarks. */
  readonly what: string;
  /** For docs/benchmarks.md: what is measured, beside what, and by which options. It has no figures that were measured. */
  readonly about: string;
  /** Options by which the benchmark itself is tried in a minute or two. */
  readonly small: readonly string[];
  /**
   * It measures the product's programs and its configuration of the switch, and can measure those of another checkout.
   * The others measure parts of the product from within.
   */
  readonly ofPrograms: boolean;
  readonly load: () => Promise<Bench>;
}

const CALLS = `by the switch's own dialplan (\`bridge\`), by a script in mod_lua that finds the number in SQLite and
bridges, and by the engine on either road: parked (the switch parks the caller, the engine rings legs of its own) and asked
(the switch asks the engine and rings itself)`;

export const BENCHES: Readonly<Record<string, Entry>> = {
  control: {
    what: "what a call costs by the engine, beside the dialplan's own bridge and mod_lua",
    about: `The same calls are carried ${CALLS}. Shapes: one desk phone; a group of five phones of which one answers; an
outside phone that hears the prompt; a phone that rings later. Callers and phones are one process with one clock, without
RTP. CPU is that of switch and engine, from \`/proc\`. An engine is connected only during its turn. Options: \`--rounds\`,
\`--seconds\` of each, \`--rates 25,50\`, \`--warm-up\` (calls before each round), \`--variants plain,lua,parked,asked\`,
\`--shapes desk,group,outside,delayed\`, \`--normal-priority\` for the switch.`,
    small: ["--rounds", "1", "--seconds", "2", "--rates", "10", "--warm-up", "10"],
    ofPrograms: true,
    load: async () => (await import("./control.js")).control,
  },
  capacity: {
    what: "the highest rate of calls, and what becomes of twice that rate",
    about: `The highest rate at which 99.9 % of calls connect within two seconds and the first phone rings within 50 ms at
p99, ${CALLS}. The rate rises by steps until a variant fails twice, and is then halved in between; the variants take
turns at each step. Then twice that rate: which calls are shed, and how (503 at once, or the fallback, which is 503 after an
announcement); when calls are normal again; and what is left on the switch: channels, and claims in its hash. The callers'
own process is measured too: where it was the limit, the table says so. Options: \`--seconds\` of a step, \`--from\` (first
rate), \`--up-to\`, \`--precision\` (0.1: within 10 %), \`--overload\` (seconds), \`--variants\`, \`--shapes\`,
\`--real-time\` (threads of the switch with the priority they usually have, which starves callers on the same machine).`,
    small: ["--seconds", "2", "--from", "10", "--up-to", "20", "--precision", "0.5", "--overload", "3"],
    ofPrograms: true,
    load: async () => (await import("./capacity.js")).capacity,
  },
  crowd: {
    what: "a thousand calls in progress, and ten thousand one after the other",
    about: `Calls in progress, up to a thousand: the engine's memory, the longest stall of its event loop, and what one more
call costs beside 10, 100, … of them. Then ten thousand calls, a few at a time: the engine's heap after a collection, before
and after. Options: \`--calls\` in progress, \`--steps 10,100,500,1000\`, \`--probe\` (seconds of further calls at each
step), \`--rate\`, \`--in-a-row\` (calls), \`--lanes\` (of those at once), \`--variants parked,asked\`, \`--hold talking\` or
\`ringing\`: what the crowd does. The switch sends no audio, as no caller does, but its threads wake for each call that
talks.`,
    small: ["--calls", "40", "--steps", "10,40", "--probe", "2", "--in-a-row", "200"],
    ofPrograms: true,
    load: async () => (await import("./crowd.js")).crowd,
  },
  flame: {
    what: "where the engine's time goes: a profile of calls at an even rate",
    about: `A profile of the engine while calls arrive at an even rate, by V8's sampling profiler: a flame graph, in which a
function stands below its caller and is as wide as its time, and the time in functions themselves by their place and by name.
Idle time is left out, but time in which the engine waits for a core counts. Functions of the language and of the system have no place. Options: \`--rate\` (50), \`--seconds\`,
\`--variants parked,asked\`, \`--shapes\`.`,
    small: ["--rate", "10", "--seconds", "3"],
    ofPrograms: true,
    load: async () => (await import("./flame.js")).flame,
  },
  ring: {
    what: "from accepting to being connected, beside the dialplan and mod_lua; and a step of the core",
    about: `The time from accepting to CHANNEL_BRIDGE, by the switch's timestamps (its clock for events ticks in 20 ms), and
from accepting to the caller's 200, on the wire; in turns call by call. \`uuid_bridge\` changes the state of both channels
first and waits in steps of 20 ms (switch_ivr_bridge.c). The digit is that of a prompt: the engine's own, and \`group_confirm_key\` of the
dialplan and the script. Options: \`--calls\` of each kind, \`--rate\` over all kinds, \`--variants\`.`,
    small: ["--calls", "10"],
    ofPrograms: true,
    load: async () => (await import("./ring.js")).ring,
  },
  directory: {
    what: "look-ups of phones, and five thousand that sign in within a minute",
    about: `Look-ups of phones over HTTP as the switch makes them, each on a new connection, in an office of a hundred
devices and in a large one. Then phones that sign in at an even rate on a real switch, with the engine's directory and with
the switch's own files. The switch's one SIP thread waits for each answer, so other load is the limit. Options:
\`--devices\`, \`--lookups\`, \`--concurrency\`, \`--phones\`, \`--seconds\`.`,
    small: ["--devices", "1000", "--lookups", "500", "--phones", "100", "--seconds", "4"],
    ofPrograms: true,
    load: async () => (await import("./directory.js")).directory,
  },
  voicemail: {
    what: "two hundred callers who leave a message at once, beside the dialplan's own record",
    about: `Many callers leave a message at once, with real audio: each hears a greeting and the tone, then sends a tone of
its own and hangs up. They are carried by the engine, into twenty mailboxes, and by a plain dialplan that plays the same
greeting and tone and records with the same options. Afterwards each stored file is checked: it exists once, has the caller's
tone, and the right length to 0.2 s. Switch, engine and callers share the machine. The switch runs with normal priority
(\`-np\`), or with its usual real-time threads (\`--real-time\`), which starve callers on the same machine. Options:
\`--callers\`, \`--within\` (seconds of arrivals), \`--seconds\` (of speech), \`--rounds\`.`,
    small: ["--callers", "10", "--seconds", "3"],
    ofPrograms: true,
    load: async () => (await import("./voicemail.js")).voicemail,
  },
  records: {
    what: "a million calls that are kept: lists, statistics, size; and what the engine waits for them",
    about: `A database with a year of made calls, as the recorder writes them: most come from outside, ring three phones of a
group, and are answered, missed, or leave a message. A page of each list and the page after it, with another question each
time; statistics of a month; the size. Before that, what records cost a running engine: the same calls on the simulated
switch by an engine that keeps no records, by one that keeps them, and by one that also tells a webhook of every event, in turns
(\`--rounds\`, 0 for none, of \`--turn\` seconds). Then the engine's own writes, every 10 ms, alone and while the recorder's thread
records calls, takes callers out of old ones, and deletes old ones. Options: \`--calls\`, \`--copies\` (all but one of
so many calls are copies of the one that was written, made by SQL), \`--asks\` of each list,
\`--seconds\` of writes, \`--rate\` of the calls that are recorded.`,
    small: ["--calls", "2000", "--copies", "4", "--asks", "5", "--seconds", "2", "--rounds", "0"],
    ofPrograms: false,
    load: async () => (await import("./records.js")).records,
  },
  office: {
    what: "a large office beside a running engine: takeovers, an apply of everything, lamps",
    about: `What a running engine pays for a large office: a hundred calls that are taken over on earlier revisions
(\`--takeover\`, in numbers); another process that applies an office in which every number differs, while this one reads and
writes as an engine does for its calls (\`--apply\`); and the lamp of a phone that registers (\`--messages\`). Writes wait
while an apply writes its rows, and fail after five seconds of attempts.`,
    small: ["--takeover", "1000", "--apply", "5000", "--messages", "1000"],
    ofPrograms: false,
    load: async () => (await import("./office.js")).officeBench,
  },
  table: {
    what: "the routing table: loading, look-ups, one change, changes by command; and finding a number, beside a plain XML dialplan",
    about: `Offices of several sizes, in SQLite and in memory: numbers alone, and with a user of three devices for every ten
numbers. It measures look-ups of a number in each way of writing; the time from another process's change of one user until
calls get the new table, with the longest stall of the event loop meanwhile; how long a change by command takes; and, on the
real switch, the time from an INVITE to the refusal of an unknown number, by plain XML dialplans, whose extensions the switch compares one by one, and by the
engine. Options: \`--sizes\`, \`--calls\` on the switch for each dialplan.`,
    small: ["--sizes", "1000,5000", "--calls", "10"],
    ofPrograms: false,
    load: async () => (await import("./table.js")).tableBench,
  },
  tables: {
    what: "a table of 40,000 people: imported, checked, applied, added, updated",
    about: `A table of people, as CSV and as .xlsx: turned into an office file, the file checked and applied, the table added to
a live office, and added again with every address changed. Each is one command of the program in a process of its own; CPU is
its user and system time, MB the most memory it had. Option: \`--people\`.`,
    small: ["--people", "500"],
    ofPrograms: false,
    load: async () => (await import("./tables.js")).tablesBench,
  },
  live: {
    what: "what readers of the live feed cost: calls with none, one and twenty",
    about: `The same load with no reader of the engine's live feed, with one and with twenty, in turns on one engine: calls
arrive at an even rate on the simulated switch, people answer, are busy, talk, call each other. Readers ask for all topics and
take in every line; engine, switch and readers are processes of their own. The CPU is the engine's, from \`/proc\`. Options:
\`--rate\` (25 calls a second), \`--readers 0,1,20\`, \`--seconds\` of each turn, \`--rounds\`, \`--warm-up\` (seconds).`,
    small: ["--rounds", "1", "--seconds", "2", "--rate", "10", "--warm-up", "5"],
    ofPrograms: false,
    load: async () => (await import("./live.js")).live,
  },
  signin: {
    what: "whether signing in tells by its time which names exist",
    about: `Names with an account, without one and of nobody, each with a wrong password, in turns, by the API without a
socket. Option: \`--turns\` of each name.`,
    small: ["--turns", "3"],
    ofPrograms: false,
    load: async () => (await import("./sign-in.js")).signInTimes,
  },
  web: {
    what: "lists of a large office by the API, and what calls notice of a busy web server",
    about: `Questions at an even rate to \`ringline web\` about an office of many users and a year of calls; a time counts
from when the question was to go out. Then calls arrive at an even rate on the simulated switch, alone, and while the web
server of their engine answers many more questions, many viewers read the stream of events, and a table of people is
imported, in turns. Server, engine, switch and those who ask are processes of their own. Options: \`--users\`, \`--calls\`,
\`--copies\`, \`--rate\`, \`--seconds\`; \`--calls-rate\`, \`--load\` (questions a second), \`--viewers\`, \`--import\`
(people), \`--rounds\`, \`--turn\` (seconds).`,
    small: [
      ...[
        "--users",
        "500",
        "--calls",
        "2000",
        "--copies",
        "4",
        "--rate",
        "20",
        "--seconds",
        "3",
        "--calls-rate",
        "10",
      ],
      ...["--load", "50", "--viewers", "10", "--import", "100", "--rounds", "1", "--turn", "4"],
    ],
    ofPrograms: false,
    load: async () => (await import("./web.js")).web,
  },
  nudge: {
    what: "what waking the switch's listener is worth",
    about: `The switch looks at its event socket every 20 ms, and an empty line wakes it. How late events come, and the CPU
time of both sides, without such lines and for several periods, in turns; the CPU is in percent of a core, and that of the
other lines is above that of the first.`,
    small: [],
    ofPrograms: false,
    load: async () => (await import("./nudge.js")).nudge,
  },
};
