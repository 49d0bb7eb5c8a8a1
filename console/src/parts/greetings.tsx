/**
 * The greetings of a mailbox, of a user as of a group: which one callers hear now, listen, record with the microphone, upload a
 * file, take out of use.
 */
import { type ReactNode, useState } from "react";
import { FileTrigger } from "react-aria-components";
import { useChange } from "../office/change.js";
import { type AnswerOf, client } from "../office/client.js";
import { useRead } from "../office/read.js";
import { useWhen } from "../office/when.js";
import { useSpeech } from "../words/words.js";
import { Button } from "./button.js";
import { Confirm, Dialog } from "./dialog.js";
import { Player } from "./player.js";
import { Recorder } from "./recorder.js";
import { ChangeProblem, Shown } from "./states.js";
import "./greetings.css";

type Greeting = AnswerOf<"listGreetings">["items"][number];
type Kind = Greeting["kind"];
interface Slot {
  readonly kind: Kind;
  readonly busy: boolean;
}

/** Callers hear the first that is there. A recorded name is for our own words. */
const USUAL: readonly Slot[] = [
  { kind: "temporary", busy: false },
  { kind: "own", busy: false },
  { kind: "name", busy: false },
];
const BUSY: readonly Slot[] = [
  { kind: "temporary", busy: true },
  { kind: "own", busy: true },
];

/** @param box `user:NAME` or `group:ID` */
export function Greetings({ box }: { readonly box: string }): ReactNode {
  const { say } = useSpeech();
  const greetings = useRead("listGreetings", { params: { box } });
  return (
    <Shown of={greetings}>
      {({ value: { items, may } }) => {
        const find = (slot: Slot) => items.find(({ kind, busy }) => kind === slot.kind && busy === slot.busy);
        const heard = USUAL.find((slot) => find(slot) !== undefined);
        const hasBusy = BUSY.some((slot) => find(slot) !== undefined);
        return (
          <div className="stack">
            <p>{say(`greetings.heard.${heard?.kind ?? "none"}`)}</p>
            <ul className="greetings">
              {USUAL.map((slot) => (
                <GreetingLine
                  key={slot.kind}
                  {...{ box, slot, greeting: find(slot), mayChange: may.change }}
                  isHeard={heard === slot}
                />
              ))}
            </ul>
            {(may.change || hasBusy) && (
              <details open={hasBusy}>
                <summary>{say("greetings.busy")}</summary>
                <p className="muted small">{say("greetings.busy_help")}</p>
                <ul className="greetings">
                  {BUSY.map((slot) => (
                    <GreetingLine
                      key={slot.kind}
                      {...{ box, slot, greeting: find(slot), mayChange: may.change, isHeard: false }}
                    />
                  ))}
                </ul>
              </details>
            )}
          </div>
        );
      }}
    </Shown>
  );
}

interface LineProps {
  readonly box: string;
  readonly slot: Slot;
  readonly greeting: Greeting | undefined;
  readonly isHeard: boolean;
  readonly mayChange: boolean;
}

function GreetingLine({ box, slot, greeting, isHeard, mayChange }: LineProps): ReactNode {
  const { say } = useSpeech();
  const when = useWhen();
  const title = slotName(say, slot);
  const query = slot.busy ? { busy: true } : {};
  return (
    <li className="greeting" aria-label={title}>
      <div className="greeting-words">
        <h3>
          {title} {isHeard && <span className="badge good">{say("greetings.now")}</span>}
        </h3>
        <p className="muted small">
          {greeting === undefined
            ? say(`greetings.help.${slot.kind}`)
            : say("greetings.set_by", { name: greeting.set_by, time: when.short(greeting.set_at) })}
        </p>
      </div>
      {greeting !== undefined && (
        <Player
          key={greeting.set_at}
          src={client.url("hearGreeting", { params: { box, kind: slot.kind }, query })}
          seconds={null}
          label={title}
        />
      )}
      {mayChange && <GreetingTools {...{ box, slot, title }} isThere={greeting !== undefined} />}
    </li>
  );
}

/** What the server reads, by the ending of a file's name: not every system says a file's kind. */
const TYPES = {
  wav: "audio/wav",
  ogg: "audio/ogg",
  oga: "audio/ogg",
  opus: "audio/ogg",
  webm: "audio/webm",
  mp3: "audio/mpeg",
  mp4: "audio/mp4",
  m4a: "audio/mp4",
  flac: "audio/flac",
} as const;
const ENDINGS = Object.keys(TYPES).map((ending) => `.${ending}`);

function GreetingTools({
  box,
  slot,
  title,
  isThere,
}: {
  readonly box: string;
  readonly slot: Slot;
  readonly title: string;
  readonly isThere: boolean;
}): ReactNode {
  const { say } = useSpeech();
  const [open, setOpen] = useState<"record" | "remove" | null>(null);
  const [isUnknown, setUnknown] = useState(false);
  const set = useChange("setGreeting");
  const remove = useChange("removeGreeting");
  const params = { box, kind: slot.kind };
  const query = slot.busy ? { busy: true } : {};
  const put = async (body: Blob, type: (typeof TYPES)[keyof typeof TYPES]) => {
    const done = await set.run({ params, query, body, type }, { told: say("greetings.set", { title }) });
    if (done.ok) setOpen(null);
  };
  const upload = (files: FileList | null) => {
    const file = files?.[0];
    if (file === undefined) return;
    const ending = file.name.split(".").at(-1)?.toLowerCase() ?? "";
    const isKnown = Object.hasOwn(TYPES, ending);
    setUnknown(!isKnown);
    if (isKnown) void put(file, TYPES[ending as keyof typeof TYPES]);
  };
  return (
    <div className="stack tight">
      {open !== "record" && <ChangeProblem problem={set.problem} />}
      {isUnknown && (
        <p className="fault" role="alert">
          {say("greetings.wrong_kind")}
        </p>
      )}
      <div className="row">
        <Button size="small" onPress={() => setOpen("record")}>
          {say("greetings.record")}
        </Button>
        <FileTrigger acceptedFileTypes={ENDINGS} onSelect={upload}>
          <Button size="small" isPending={set.isBusy}>
            {say("greetings.upload")}
          </Button>
        </FileTrigger>
        {isThere && (
          <Button size="small" look="quiet" onPress={() => setOpen("remove")}>
            {say("app.remove")}
          </Button>
        )}
      </div>
      <Dialog
        title={say("greetings.record_title", { title })}
        isOpen={open === "record"}
        onClose={() => setOpen(null)}
      >
        <ChangeProblem problem={set.problem} />
        <Recorder
          use={say("greetings.use")}
          isBusy={set.isBusy}
          onUse={(wav) => void put(wav, "audio/wav")}
        />
      </Dialog>
      <Confirm
        title={say("greetings.remove_title", { title })}
        isOpen={open === "remove"}
        onClose={() => setOpen(null)}
        confirm={say("app.remove")}
        isBusy={remove.isBusy}
        onConfirm={() => {
          void remove
            .run({ params, query }, { told: say("greetings.removed", { title }) })
            .then((done) => done.ok && setOpen(null));
        }}
      >
        <ChangeProblem problem={remove.problem} />
        <p>{say("greetings.remove_help")}</p>
      </Confirm>
    </div>
  );
}

function slotName(say: ReturnType<typeof useSpeech>["say"], { kind, busy }: Slot): string {
  return say(busy ? `greetings.busy_kind.${kind}` : `greetings.kind.${kind}`);
}
