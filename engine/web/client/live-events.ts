/** What the live stream says, as types for readers of it. */
import type * as forms from "../live/event-forms.js";

export type LiveCall = ReturnType<typeof forms.callEvent>;
export type LivePhone = ReturnType<typeof forms.phoneEvent>;
export type LiveGroup = ReturnType<typeof forms.groupEvent>;
export type LiveCarrier = ReturnType<typeof forms.carrierEvent>;
export type LiveFigures = ReturnType<typeof forms.figuresEvent>;
