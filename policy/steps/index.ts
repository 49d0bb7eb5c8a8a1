/** The kinds of steps, one line each: a kind that stands here is in files, checks, plans, calls and explanations. */
export { announce } from "./announce/index.js";
export { hangup } from "./hangup/index.js";
export { ring } from "./ring/index.js";
export { schedule } from "./schedule/index.js";
export { send } from "./send/index.js";
export { voicemail } from "./voicemail/index.js";
