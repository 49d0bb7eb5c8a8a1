/** A user and their devices as the API shows them, for the tabs of the user's page. */
import type { AnswerOf } from "../../../office/client.js";

export type UserShown = AnswerOf<"getUser">;

/** What each tab gets: the user as the office has them now. */
export interface OfUser {
  readonly user: UserShown;
  readonly revision: number | null;
}

export type Device = AnswerOf<"listDevices">["items"][number];
