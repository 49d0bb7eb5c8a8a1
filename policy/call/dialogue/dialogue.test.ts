/**
 * What every dialogue has in common, with a small one of its own: a question that takes one key, an ask of the mailbox,
 * a recording, and last words.
 */
import { describe, expect, it } from "vitest";
import { CALL_ID, office, Scene } from "../../../fixtures/core/scene.js";
import {
  ANNOUNCE_MAX_MS,
  ANSWER_MS,
  INSPECTION_MS,
  MENU_REPEATS_MAX,
  MENU_WAIT_MS,
  RECORD_BEGINS_MS,
  RECORD_EXTRA_MS,
} from "../bounds.js";
import type { Command } from "../command.js";
import type { Input } from "../input.js";
import type { MailboxQuestion } from "../mailbox-requests.js";
import { dueTimers } from "../timers.js";
import { Turn } from "../turn.js";
import { type Activity, converse, type Dialogue } from "./dialogue.js";
import { armRecordingClock, askMailbox, enterStage, queueRecording, say } from "./stages.js";
import type { DialogueState } from "./state.js";

interface Survey extends DialogueState {
  readonly stage: Activity;
}

const QUESTION: MailboxQuestion = { id: "boxes", ask: { kind: "boxes", username: "alice" } };
const LIMITS = { limitMs: 10_000, silenceMs: 3_000 };

/** A dialogue of one stage at a time, which writes down what it was told. */
class Stage {
  survey: Survey = { playId: null, repeats: 0, stage: "hears" };
  readonly told: string[] = [];
  commands: readonly Command[] = [];
  #call = new Scene({ office: office([]) }).state;
  #atMs = 1_000_000;
  readonly #world = new Scene({ office: office([]) }).world;

  readonly #dialogue: Dialogue<Survey> = {
    activity: ({ stage }) => stage,
    pressed: (_turn, _survey, key) => this.told.push(`key ${key}`),
    heard: (_turn, _survey, missing) => this.told.push(missing ? "missing" : "heard"),
    putAgain: (turn, survey) => say(turn, this.#enter, survey, ["question"]),
    keysEnded: () => this.told.push("no key"),
    question: ({ stage }) => (stage === "waits" ? QUESTION : undefined),
    answered: (_turn, _survey, _question, { kind }) => this.told.push(`answer ${kind}`),
    unanswered: () => this.told.push("no answer"),
    recorded: (_turn, _survey, isLate) => this.told.push(isLate ? "recorded late" : "recorded"),
    gone: () => this.told.push("gone"),
  };

  readonly #enter = (_turn: Turn, survey: Survey) => {
    this.survey = survey;
  };

  constructor(activity: Activity) {
    this.#do((turn) => {
      turn.disarm("claim");
      const survey = { ...this.survey, stage: activity };
      if (activity === "waits") askMailbox(turn, this.#enter, survey, QUESTION);
      else if (activity === "speaks") {
        enterStage(turn, this.#enter, { ...survey, playId: "recording" });
        armRecordingClock(turn, LIMITS.limitMs);
        queueRecording(turn, "recording", "message", LIMITS);
      } else say(turn, this.#enter, survey, ["question"]);
    });
  }

  #do(work: (turn: Turn) => void): void {
    const turn = new Turn(this.#call, this.#world, this.#atMs);
    work(turn);
    this.#call = turn.state;
    this.commands = turn.commands.filter(({ type }) => type !== "save");
  }

  #input(input: Input): void {
    this.#do((turn) => {
      if (input.type === "timer") turn.disarm(input.id);
      converse(this.#dialogue, turn, this.survey, input);
    });
  }

  input(input: Input extends infer I ? (I extends Input ? Omit<I, "atMs"> : never) : never): void {
    this.#input({ ...input, atMs: this.#atMs } as Input);
  }

  /** Lets time pass; a timer that is due comes back. */
  pass(ms: number): void {
    this.#atMs += ms;
    for (const id of dueTimers(this.#call.timers, this.#atMs))
      this.#input({ type: "timer", atMs: this.#atMs, id });
  }

  heard(): void {
    this.input({ type: "played", playId: this.survey.playId ?? "" });
  }

  resync(seen: { readonly playing?: boolean; readonly recording?: true } | null, isStopped = false): void {
    const here = {
      media: "answered",
      parked: true,
      playing: false,
      transferredTo: null,
      bridgedTo: null,
    } as const;
    const stopped = isStopped ? { isStopped } : {};
    this.input({ type: "resync", caller: seen === null ? null : { ...here, ...seen }, legs: [], ...stopped });
  }

  types(): string[] {
    return this.commands.map(({ type }) => type);
  }
}

const ALL: readonly Activity[] = ["hears", "chooses", "types", "typing", "waits", "speaks"];

describe("at every stage", () => {
  it.each(ALL)("%s: the caller may hang up, known at once or after the connection was lost", (activity) => {
    const atOnce = new Stage(activity);
    atOnce.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    const later = new Stage(activity);
    later.resync(null);
    expect([atOnce.told, later.told]).toEqual([["gone"], ["gone"]]);
  });

  it.each(ALL)("%s: a key of the caller counts, and no other channel's", (activity) => {
    const stage = new Stage(activity);
    stage.input({ type: "digit", channel: "another", digit: "1" });
    stage.input({ type: "digit", channel: CALL_ID, digit: "2" });
    expect(stage.told).toEqual(["key 2"]);
  });

  it.each([
    ["hears", ANNOUNCE_MAX_MS, "heard"],
    ["typing", ANNOUNCE_MAX_MS, "no key"],
    ["waits", ANSWER_MS, "no answer"],
    ["speaks", LIMITS.limitMs + RECORD_EXTRA_MS, "recorded late"],
  ] as const)("%s: a clock ends it when nothing is heard of the switch", (activity, ms, told) => {
    const stage = new Stage(activity);
    stage.pass(ms - 1);
    expect(stage.told).toEqual([]);
    stage.pass(1);
    expect(stage.told).toEqual([told]);
  });
});

describe("what is heard", () => {
  it("goes on at its end, and says when its file is missing", () => {
    const stage = new Stage("hears");
    stage.input({ type: "played", playId: "an older sound" });
    stage.heard();
    stage.input({ type: "played", playId: stage.survey.playId ?? "", missing: true });
    expect(stage.told).toEqual(["heard", "missing"]);
  });

  it("is stopped when it takes too long", () => {
    const stage = new Stage("hears");
    stage.pass(ANNOUNCE_MAX_MS);
    expect(stage.types()).toEqual(["stop_playing"]);
  });

  it("counts as heard after the connection was lost, unless something plays still", () => {
    const playing = new Stage("hears");
    playing.resync({ playing: true });
    expect(playing.told).toEqual([]);
    playing.resync({});
    expect(playing.told).toEqual(["heard"]);
  });
});

describe("a question", () => {
  it("is put again when no key comes, and then is over", () => {
    const stage = new Stage("chooses");
    for (let n = 1; n < MENU_REPEATS_MAX; n++) {
      stage.heard();
      stage.pass(MENU_WAIT_MS);
      expect([stage.types(), stage.survey.repeats, stage.told]).toEqual([["play"], n, []]);
    }
    stage.heard();
    stage.pass(MENU_WAIT_MS);
    expect(stage.told).toEqual(["no key"]);
  });

  it.each(["chooses", "types"] as const)(
    "%s: is put again, uncounted, when its end was lost with the connection",
    (activity) => {
      const stage = new Stage(activity);
      stage.resync({});
      expect([stage.types(), stage.survey.repeats]).toEqual([["play"], 0]);
    },
  );

  it("is not put again when it was heard and the caller thinks", () => {
    const stage = new Stage("chooses");
    stage.heard();
    stage.resync({});
    expect([stage.types(), stage.told]).toEqual([[], []]);
  });

  it("of which some keys were typed is not put again", () => {
    const stage = new Stage("typing");
    stage.heard();
    stage.resync({});
    expect(stage.types()).toEqual([]);
  });
});

describe("an ask of the mailbox", () => {
  it("takes its own answer only", () => {
    const stage = new Stage("waits");
    stage.input({ type: "answered", id: "another", answer: { kind: "done" } });
    stage.input({ type: "answered", id: QUESTION.id, answer: { kind: "boxes", boxes: [] } });
    expect(stage.told).toEqual(["answer boxes"]);
  });

  it("is made again, the same, after the connection was lost", () => {
    const stage = new Stage("waits");
    const asked = stage.commands;
    stage.resync({});
    expect(stage.commands).toEqual(asked);
  });
});

describe("a recording", () => {
  it("is queued right behind its tone, and ends by its own id", () => {
    const stage = new Stage("speaks");
    expect(stage.types()).toEqual(["play", "record"]);
    stage.input({ type: "recorded", playId: "another" });
    stage.input({ type: "recorded", playId: "recording" });
    expect(stage.told).toEqual(["recorded"]);
  });

  /** Answers inspections that show nothing, until the switch is told to stop. */
  const untilStopped = (stage: Stage): void => {
    stage.resync({});
    for (let look = 1; look <= 2; look += 1) {
      stage.pass(RECORD_BEGINS_MS);
      expect(stage.commands).toEqual([{ type: "inspect" }]);
      stage.resync({});
    }
    expect(stage.commands).toEqual([{ type: "inspect", stopFirst: true }]);
  };

  it("is believed to be over when the switch has stopped everything and still shows nothing", () => {
    const stage = new Stage("speaks");
    untilStopped(stage);
    expect(stage.told).toEqual([]);
    stage.resync({}, true);
    expect(stage.told).toEqual(["recorded"]);
  });

  it("goes on when several inspections have fallen into gaps: its own event says that it was stopped", () => {
    const stage = new Stage("speaks");
    untilStopped(stage);
    stage.resync({ recording: true }, true);
    expect(stage.told).toEqual([]);
    stage.input({ type: "recorded", playId: "recording" });
    expect(stage.told).toEqual(["recorded"]);
  });

  it("is checked from the start when nobody has confirmed that it was stopped", () => {
    const stage = new Stage("speaks");
    untilStopped(stage);
    stage.pass(INSPECTION_MS);
    expect(stage.commands).toEqual([{ type: "inspect" }]);
    stage.resync({});
    expect(stage.commands).toEqual([{ type: "inspect", stopFirst: true }]);
    expect(stage.told).toEqual([]);
  });

  it.each([
    ["the recording", { recording: true }],
    ["the tone", { playing: true }],
  ] as const)("is not stopped when the third inspection shows %s", (_what, seen) => {
    const stage = new Stage("speaks");
    stage.resync({});
    stage.pass(RECORD_BEGINS_MS);
    stage.resync({});
    stage.pass(RECORD_BEGINS_MS);
    stage.resync(seen);
    expect([stage.commands, stage.told]).toEqual([[], []]);
  });

  it("is asked for again when an inspection is not answered, and goes on when the switch records", () => {
    const stage = new Stage("speaks");
    stage.resync({});
    stage.pass(RECORD_BEGINS_MS);
    stage.pass(INSPECTION_MS);
    expect(stage.types()).toEqual(["inspect"]);
    stage.resync({ recording: true });
    stage.pass(INSPECTION_MS);
    expect([stage.types(), stage.told]).toEqual([[], []]);
  });
});
