/** Plays a recorded sound: seeking, speed, and the time; the server sends only the part that is played. */
import { type ReactNode, useRef, useState } from "react";
import { duration } from "../office/when.js";
import { useSpeech } from "../words/words.js";
import { Button } from "./button.js";

const SPEEDS = [1, 1.25, 1.5, 2, 0.75] as const;

export function Player({
  src,
  seconds,
  label,
  onPlay,
  onEnded,
}: {
  readonly src: string;
  /** Of the whole sound, as far as it is known before it is played. */
  readonly seconds: number | null;
  readonly label: string;
  /** When it is played for the first time. */
  onPlay?: () => void;
  /** When it was played to its end. */
  onEnded?: () => void;
}): ReactNode {
  const { say } = useSpeech();
  const audio = useRef<HTMLAudioElement>(null);
  const wasPlayed = useRef(false);
  const [isPlaying, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(seconds ?? 0);
  const [speed, setSpeed] = useState<number>(1);
  const [isBroken, setBroken] = useState(false);
  const toggle = () => {
    const player = audio.current;
    if (player === null) return;
    if (!player.paused) return player.pause();
    player.playbackRate = speed;
    void player.play().catch(() => setBroken(true));
  };
  const nextSpeed = () => {
    const next = SPEEDS[(SPEEDS.indexOf(speed as (typeof SPEEDS)[number]) + 1) % SPEEDS.length] ?? 1;
    setSpeed(next);
    if (audio.current !== null) audio.current.playbackRate = next;
  };
  return (
    <div className="player" role="group" aria-label={label}>
      {/* biome-ignore lint/a11y/useMediaCaption: a message has no captions */}
      <audio
        ref={audio}
        src={src}
        preload="none"
        onPlay={() => {
          setPlaying(true);
          if (!wasPlayed.current) onPlay?.();
          wasPlayed.current = true;
        }}
        onPause={() => setPlaying(false)}
        onEnded={() => {
          setPlaying(false);
          onEnded?.();
        }}
        onError={() => setBroken(true)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onLoadedMetadata={(event) =>
          Number.isFinite(event.currentTarget.duration) && setLength(event.currentTarget.duration)
        }
      />
      <Button size="small" onPress={toggle} aria-label={say(isPlaying ? "player.pause" : "player.play")}>
        <span aria-hidden="true">{isPlaying ? "❚❚" : "▶"}</span>
      </Button>
      <input
        type="range"
        min={0}
        max={Math.max(length, 1)}
        step={0.1}
        value={Math.min(at, Math.max(length, 1))}
        aria-label={say("player.position")}
        aria-valuetext={duration(at)}
        onChange={(event) => {
          const next = Number(event.currentTarget.value);
          setAt(next);
          if (audio.current !== null) audio.current.currentTime = next;
        }}
      />
      <span className="small muted">
        {duration(at)} / {duration(length)}
      </span>
      <Button look="quiet" size="small" onPress={nextSpeed} aria-label={say("player.speed", { speed })}>
        {speed}×
      </Button>
      {isBroken && <span className="fault">{say("player.broken")}</span>}
    </div>
  );
}
