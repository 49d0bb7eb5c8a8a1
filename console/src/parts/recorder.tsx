/** Records a sound with the microphone, and plays it before it is used. */
import { type ReactNode, useEffect, useRef, useState } from "react";
import {
  beginRecording,
  type NoMicrophone,
  type Recorded,
  type SoundRecorder,
} from "../office/sound-recorder.js";
import { duration } from "../office/when.js";
import { useSpeech } from "../words/words.js";
import { Button } from "./button.js";
import { Player } from "./player.js";

type State =
  | { readonly is: "ready" }
  | { readonly is: "refused"; readonly why: NoMicrophone }
  | { readonly is: "recording"; readonly recorder: SoundRecorder; readonly sinceMs: number }
  | { readonly is: "recorded"; readonly recorded: Recorded; readonly src: string };

/** Longer greetings are refused by the server. */
const SECONDS_MAX = 120;

export function Recorder({
  use,
  isBusy,
  onUse,
}: {
  /** The word on the button that uses what was recorded. */
  readonly use: string;
  readonly isBusy: boolean;
  onUse(wav: Blob): void;
}): ReactNode {
  const { say } = useSpeech();
  const [state, setState] = useState<State>({ is: "ready" });
  const begin = async () => {
    const begun = await beginRecording();
    setState(
      typeof begun === "string"
        ? { is: "refused", why: begun }
        : { is: "recording", recorder: begun, sinceMs: performance.now() },
    );
  };
  const end = async (recorder: SoundRecorder) => {
    const recorded = await recorder.stop();
    setState(
      recorded === null
        ? { is: "ready" }
        : { is: "recorded", recorded, src: URL.createObjectURL(recorded.wav) },
    );
  };
  useLetGo(state);
  switch (state.is) {
    case "ready":
      return (
        <div className="recorder">
          <RecordButton onPress={() => void begin()} label={say("recorder.begin")} />
          <p className="muted">{say("recorder.ready")}</p>
        </div>
      );
    case "refused":
      return (
        <div className="recorder">
          <RecordButton onPress={() => void begin()} label={say("recorder.begin")} />
          <p role="alert">{say(`recorder.refused.${state.why}`)}</p>
        </div>
      );
    case "recording":
      return <Recording {...state} onStop={() => void end(state.recorder)} />;
    case "recorded":
      return (
        <div className="stack">
          <Player src={state.src} seconds={state.recorded.seconds} label={say("recorder.recorded")} />
          <div className="row end">
            <Button onPress={() => setState({ is: "ready" })}>{say("recorder.again")}</Button>
            <Button look="primary" isPending={isBusy} onPress={() => onUse(state.recorded.wav)}>
              {use}
            </Button>
          </div>
        </div>
      );
  }
}

/** The microphone is not left on, and no sound is kept, when the dialog closes. */
function useLetGo(state: State): void {
  const now = useRef(state);
  now.current = state;
  useEffect(
    () => () => {
      if (now.current.is === "recording") now.current.recorder.discard();
      if (now.current.is === "recorded") URL.revokeObjectURL(now.current.src);
    },
    [],
  );
}

function RecordButton({ label, onPress }: { readonly label: string; onPress(): void }): ReactNode {
  return (
    <Button look="primary" onPress={onPress}>
      <span className="record-dot" aria-hidden="true" />
      {label}
    </Button>
  );
}

function Recording({
  recorder,
  sinceMs,
  onStop,
}: {
  readonly recorder: SoundRecorder;
  readonly sinceMs: number;
  onStop(): void;
}): ReactNode {
  const { say } = useSpeech();
  const [seconds, setSeconds] = useState(0);
  const level = useRef<HTMLProgressElement>(null);
  const stop = useRef(onStop);
  stop.current = onStop;
  useEffect(() => {
    const each = setInterval(() => {
      const now = (performance.now() - sinceMs) / 1_000;
      setSeconds(Math.floor(now));
      if (level.current !== null) level.current.value = recorder.level();
      if (now >= SECONDS_MAX) stop.current();
    }, 100);
    return () => clearInterval(each);
  }, [recorder, sinceMs]);
  return (
    <div className="recorder">
      <p className="recording" role="status">
        <span className="record-dot live" aria-hidden="true" />
        {say("recorder.recording")} <b>{duration(seconds)}</b>
      </p>
      <progress ref={level} className="level" max={1} aria-label={say("recorder.level")} />
      <Button look="primary" autoFocus onPress={onStop}>
        {say("recorder.stop")}
      </Button>
    </div>
  );
}
