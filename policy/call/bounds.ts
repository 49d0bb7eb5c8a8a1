/**
 * Every bound of the core, with its reason. Reaching one is a logged, tested outcome, never a surprise.
 * Times are milliseconds.
 */

/** Hand-overs (`send`, extensions, transfers) one call may make. A loop gets past `apply` only through transfers. */
export const HOPS_MAX = 10;

/** Legs one ring step may start: more would be a mistake in the office, and a flood for the switch and the carrier. */
export const LEGS_PER_STEP_MAX = 64;

/**
 * Legs of a call that may exist at one time, those included that were ended and of which the switch has not confirmed it:
 * all are part of the saved state.
 */
export const LEGS_PER_CALL_MAX = 2 * LEGS_PER_STEP_MAX;

/**
 * Phones that one ring step plans for; each is part of the saved state, which the switch keeps and every event carries.
 * Phones that can be reached come first.
 */
export const STATIONS_MAX = 128;

/** Names of people whose phones rang that a call keeps, for its record and for mails about it. */
export const RANG_MAX = 100;

/** What a call keeps of a number or a name that a caller or a phone has sent: more than any display shows. */
const SENT_TEXT_CHARACTERS_MAX = 128;

/** What is read of a header of a carrier's request, which may have several addresses; nothing of it is kept. */
export const HEADER_CHARACTERS_MAX = 1_024;

export function cutText(text: string): string {
  if (text.length <= SENT_TEXT_CHARACTERS_MAX) return text;
  // Half of a character (a high surrogate alone) is no text: a database reads it back as another one.
  return text.slice(0, SENT_TEXT_CHARACTERS_MAX).replace(/[\uD800-\uDBFF]$/, "");
}

/** How long one member of an in-order or rotating group rings when the office names no time. */
export const MEMBER_RING_MS = 20_000;

/** How long a number outside rings for a caller whom a phone has transferred there, before they go back to that phone. */
export const TRANSFER_RING_MS = 60_000;

/** How long a phone outside rings that gets a caller back. */
export const RECALL_RING_MS = 30_000;

/**
 * How long a carrier may take to ring or to answer before the next one is tried. Numbers abroad take up to 11 s (ITU-T
 * E.721, 95 % of calls). A carrier that answers nothing at all is given up earlier by the switch (timer-T1X64).
 */
export const CARRIER_SILENT_MS = 12_000;

/**
 * The least of that in a short step, of which the next carrier gets its part: calls within a country begin to ring after 3
 * to 5 s on average (ITU-T E.721), so a shorter time would end calls by a carrier that works.
 */
export const CARRIER_SILENT_MIN_MS = 4_000;

/**
 * The same for the last carrier, or the only one. The switch does not end each leg by itself: a leg whose host is in no
 * DNS while the resolver is silent stays as it is (CS_CONSUME_MEDIA), and its caller would hear ringing for ever.
 */
export const LAST_CARRIER_SILENT_MS = 30_000;

/** From the first carrier's INVITE for a number on, no further carrier is begun: callers have given up by then. */
export const CARRIERS_TRIED_MS = 30_000;

/** The decision clock: from the answer of a leg to its release without a key. Long enough for three prompts. */
export const DECIDE_MS = 25_000;

/** How often the accept prompt is repeated for a wrong key. */
export const PROMPT_REPEATS_MAX = 2;

/** From the winning answer to CHANNEL_BRIDGE. The switch needs 60 to 100 ms; beyond this the winner counts as lost. */
export const CONNECT_MS = 5_000;

/** After so long without a bridge, a caller who was answered hears ringing again: never silence for longer. */
export const CONNECT_TONE_MS = 1_000;

/**
 * How often the switch is asked what it has of a winner that is not connected yet: an event may be lost, and no
 * conversation may be ended for that. Longer than a bridge takes on the busiest switch: at 80 calls a second on two
 * cores 1.3 s at the worst; with more, calls failed. An inspection costs the switch something when it has least to spare.
 */
export const CONNECT_INSPECT_MS = 2_000;

/** The longest an announcement may play before the flow goes on without it. */
export const ANNOUNCE_MAX_MS = 120_000;

/** How long voicemail may take to answer, for example whether a message can be taken or how long one is. */
export const ANSWER_MS = 3_000;

/** How long a call whose caller is gone waits for its message to be in the mailbox. */
export const DELIVERY_MS = 10_000;

/** A recording with less sound than this is no message: the caller breathed, said "oh" and hung up. */
export const MESSAGE_MIN_MS = 2_000;

/** The switch ends a recording itself, up to a second late. After this much more, the event of its end was lost. */
export const RECORD_EXTRA_MS = 10_000;

/**
 * From the end of the tone, or from an inspection that showed nothing, until the switch is asked whether it records.
 */
export const RECORD_BEGINS_MS = 300;

/** From the second inspection that showed nothing of a recording to the third: more than any gap in which nothing shows. */
export const QUIET_AGAIN_MS = 100;

/** How long the answer to an inspection may take before the switch is asked again. */
export const INSPECTION_MS = 2_000;

/**
 * How long the switch may take to confirm that nothing plays or is recorded any more, before it is told to stop again, and
 * how often it is told before the call goes on without knowing. Without a connection this time stands still.
 */
export const STOP_MS = 1_000;
export const STOPS_MAX = 10;

/** How many recordings one caller may make at a mailbox. */
export const TAKES_MAX = 5;

/** How often a menu is said, the first time included, before the absence of a key is taken for an answer. */
export const MENU_REPEATS_MAX = 2;

/** How long a caller may think after they have heard a menu. */
export const MENU_WAIT_MS = 4_000;

/** How long the switch may take to say what became of a kill before it is sent again. */
export const KILL_AGAIN_MS = 1_000;

/**
 * Kills of a leg, one a second, before the core believes an inspection that does not show the leg: the switch may be
 * about to make its channel.
 */
export const KILLS_BEFORE_GONE = 3;

/**
 * Inspections, one a second, that must not show a leg which was only just dialled before the leg counts as lost: a thread
 * of the switch makes the channel, which takes a while on a busy machine.
 */
export const LOOKS_BEFORE_LOST = 3;
export const LOOK_AGAIN_MS = 1_000;

/** Kills of one channel after which the channel counts as gone: its events were lost. */
export const KILLS_MAX = 10;

/** How long a call that is over waits for the caller's channel to go before it is killed once more. */
export const RELEASE_MS = 2_000;

/**
 * How long a ring step waits for the event of the caller's end after a leg was cancelled as ORIGINATOR_CANCEL. The
 * switch runs the caller's hangup hook, which cancels the legs, before it reports the caller's end
 * (switch_core_state_machine.c), and each channel reports from a thread of its own, so a leg's end may come first.
 */
export const CALLER_GONE_MS = 500;

/**
 * How long the switch lets a leg ring (`originate_timeout`) beyond the time that the core gives it. The core's own
 * timers end the leg before that; this ends a leg whose engine is gone.
 */
export const LEG_DEADMAN_EXTRA_MS = 15_000;

/** The same for a leg that may ring for ever (`timeout: none`). */
export const LEG_DEADMAN_NONE_MS = 3_600_000;

/** How long a leg that answered may stay parked on the switch when no engine carries the call any more. */
export const LEG_PARK_MS = DECIDE_MS + 20_000;

/** How long the reply to a claim may take before the arrival is given up to the switch's own fallback. */
export const CLAIM_MS = 4_000;

/**
 * How long nothing may show that the switch has used the answer to its question before the switch is asked about the call.
 * It waits a second for an answer (xml_curl.conf).
 */
export const ASKED_MS = 2_000;

/**
 * Messages in one list of a mailbox session. The list is part of the call's state; after its last message it is asked
 * for anew.
 */
export const LISTENED_MAX = 50;

/** How far one key goes back or forward within a message. */
export const SEEK_MS = 5_000;

/** A message counts as heard when it has played for its length and this much more: the event of its end was lost. */
export const PLAY_EXTRA_MS = 10_000;

/** How long a listener may think before the first key of an extension or a PIN, and between two keys. */
export const ENTRY_WAIT_MS = 6_000;
export const ENTRY_DIGIT_WAIT_MS = 4_000;

/** Keys of one entry that are kept: no extension and no PIN is longer. */
export const ENTRY_DIGITS_MAX = 20;

/** Wrong extensions and PINs in one call; voicemail counts wrong PINs across calls. */
export const ENTRY_WRONG_MAX = 3;

/** The longest greeting, name or introduction that is recorded by phone, and the silence that ends one. */
export const GREETING_LIMIT_MS = 120_000;
export const GREETING_SILENCE_MS = 5_000;
