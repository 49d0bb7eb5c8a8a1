/**
 * A blind transfer (REFER, RFC 3515) that nobody has taken yet. The phone that transferred the caller stays on the
 * switch until the outcome is known (`confirm_blind_transfer`), and is told the truth: 200 when somebody took the call,
 * else why nobody did. A transfer that fails brings the caller back to whoever transferred them (`recalling.ts`).
 */
import type { HangupReason } from "../steps/hangup/step.js";
import type { TransferStatus } from "./command.js";
import type { Turn } from "./turn.js";

/** Why a transfer failed, as the status that a call to the same target would have ended with. */
const STATUS: Readonly<Record<HangupReason, TransferStatus>> = {
  normal: 480,
  busy: 486,
  no_answer: 480,
  declined: 603,
  unavailable: 503,
  unassigned: 404,
};

/** The status for a transfer that ended so; a flow that ends without an answer after a busy phone counts as busy. */
export function failedStatus(turn: Turn, why: HangupReason): TransferStatus {
  if (turn.state.flow.source.kind === "not_permitted") return 403;
  return why === "no_answer" && turn.state.busy === true ? STATUS.busy : STATUS[why];
}

/**
 * Somebody, or a mailbox, has taken the caller. The phone that transferred them hangs up when it is told.
 * @param told the switch tells the phone itself: it does as soon as the caller is bridged (switch_core_session.c,
 * CF_CONFIRM_BLIND_TRANSFER)
 */
export function transferTaken(turn: Turn, told: boolean): void {
  settle(turn, told ? null : 200);
}

/** The caller has gone, or is hung up: the phone that transferred them is told that. */
export function transferOver(turn: Turn): void {
  settle(turn, 487);
}

function settle(turn: Turn, status: TransferStatus | null): void {
  const { transfer } = turn.state;
  if (transfer === null) return;
  const { channel } = transfer;
  if (channel !== null) {
    turn.emit({ type: "tell_transfer", channel, status });
    turn.expectEnd(channel, "BLIND_TRANSFER");
  }
  turn.patch({ transfer: null });
}
