/** How messages are named, and what people do with them, for the list, the open message and the first page. */
import { useTell } from "../../frame/toasts.js";
import { useChange } from "../../office/change.js";
import type { AnswerOf, ClientProblem } from "../../office/client.js";
import { useMe } from "../../office/me.js";
import { phone } from "../../office/when.js";
import { type Speech, useSpeech } from "../../words/words.js";

export type MessageShape = AnswerOf<"getMessage">;
type State = NonNullable<MessageShape["state"]>;

/** The caller's name, else the number, else that there is none. */
export function callerOf(say: Speech["say"], { name, from }: Pick<MessageShape, "name" | "from">): string {
  if (name !== "") return name;
  return from === "" ? say("calls.withheld") : phone(from);
}

/** The mailbox in words: the person's own, a group's, or another user's. */
export function useBoxNames(): (box: string) => string {
  const { say } = useSpeech();
  const { username, groups } = useMe();
  return (box) => {
    if (box === `user:${username}`) return say("messages.own_box");
    const id = box.slice(box.indexOf(":") + 1);
    return groups.find((group) => box === `group:${group.id}`)?.name ?? id;
  };
}

export interface MessageStates {
  /** Why the last one was refused. */
  readonly problem: ClientProblem | null;
  readonly isBusy: boolean;
  heard(message: MessageShape): Promise<void>;
  save(message: MessageShape): Promise<void>;
  remove(message: MessageShape): Promise<boolean>;
  /** As new, unsaved, or no longer deleted. */
  set(message: MessageShape, state: State): Promise<boolean>;
}

/** What is done with a message is told with a way back. */
export function useMessageStates(): MessageStates {
  const { say } = useSpeech();
  const tell = useTell();
  const change = useChange("changeMessage");
  const set = async ({ id }: MessageShape, state: State): Promise<boolean> => {
    const done = await change.run({ params: { id }, body: { state } }, { told: null });
    if (!done.ok) tell({ text: done.problem.detail ?? done.problem.title, look: "bad" });
    return done.ok;
  };
  const told = async (message: MessageShape, state: State, text: string): Promise<boolean> => {
    const { state: before } = message;
    const isDone = await set(message, state);
    const undo = () => void set(message, before ?? "heard");
    if (isDone) tell({ text, action: { text: say("app.undo"), run: undo } });
    return isDone;
  };
  return {
    problem: change.problem,
    isBusy: change.isBusy,
    heard: async (message) => {
      if (message.state === "new" && message.may.change) await set(message, "heard");
    },
    save: async (message) => {
      await told(message, "saved", say("messages.told.saved"));
    },
    remove: (message) => told(message, "deleted", say("messages.told.deleted")),
    set,
  };
}
