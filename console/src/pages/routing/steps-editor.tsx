/**
 * A list of steps that works by keyboard: the arrows go from step to step, Alt and an arrow moves one, Enter opens its fields
 * where it stands, Delete removes it; undo and redo while editing. Every one of them has a button, too.
 */
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "../../parts/button.js";
import { useSpeech } from "../../words/words.js";
import { StepFields } from "./step-fields.js";
import { StepSentence } from "./step-sentence.js";
import {
  endsFlow,
  freshStep,
  kindOf,
  placeFor,
  STEP_KINDS,
  type StepFile,
  type StepKind,
  withoutStep,
  withStepAt,
  withStepMoved,
  withStepSet,
} from "./steps.js";
import type { StepsHistory } from "./steps-history.js";

interface Props {
  readonly steps: readonly StepFile[];
  readonly history: StepsHistory;
  /** What the server said of a step, or of a field in it, by its JSON pointer from the step. */
  faultAt(index: number, field?: string): string | undefined;
  readonly isDisabled: boolean;
}

export function StepsEditor({ steps, history, faultAt, isDisabled }: Props): ReactNode {
  const { say } = useSpeech();
  const list = useRef<HTMLOListElement>(null);
  const [open, setOpen] = useState<number | null>(null);
  const [focus, setFocus] = useState<number | null>(null);
  const [told, setTold] = useState("");
  useEffect(() => {
    if (focus === null) return;
    list.current?.querySelectorAll<HTMLElement>(".step-open")[focus]?.focus();
    setFocus(null);
  }, [focus]);
  const move = (from: number, to: number) => {
    const moved = withStepMoved(steps, from, to);
    if (moved === steps) return;
    history.change(moved);
    setOpen(open === from ? to : null);
    setFocus(to);
    setTold(say("flows.moved", { to: to + 1, count: steps.length }));
  };
  const remove = (at: number) => {
    history.change(withoutStep(steps, at));
    setOpen(null);
    setFocus(Math.min(at, steps.length - 2));
    setTold(say("flows.removed", { at: at + 1 }));
  };
  const add = (kind: StepKind) => {
    const step = freshStep(kind);
    const at = placeFor(steps, step);
    history.change(withStepAt(steps, at, step));
    setOpen(at);
    setFocus(at);
    setTold(say("flows.added", { at: at + 1 }));
  };
  const undoByKeys = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || (event.target as HTMLElement).matches("input, textarea")) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) history.undo();
    else if (key === "y" || key === "z") history.redo();
    else return;
    event.preventDefault();
  };
  const end = steps.findIndex(endsFlow);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of its buttons are heard here
    <div className="stack" onKeyDown={isDisabled ? undefined : undoByKeys}>
      <ol className="steps" ref={list} aria-label={say("flows.steps")}>
        {steps.map((step, index) => (
          <StepRow
            // biome-ignore lint/suspicious/noArrayIndexKey: a step has no name but its place
            key={index}
            {...{ step, index, isDisabled }}
            count={steps.length}
            isOpen={open === index}
            isReached={end < 0 || index <= end}
            fault={(field) => faultAt(index, field)}
            onToggle={() => setOpen(open === index ? null : index)}
            onChange={(next) => history.change(withStepSet(steps, index, next))}
            onMove={(to) => move(index, to)}
            onRemove={() => remove(index)}
            onFocus={setFocus}
          />
        ))}
      </ol>
      {steps.length === 0 && <p className="muted">{say("flows.no_steps")}</p>}
      {end < 0 && steps.length > 0 && <p className="muted small">{say("flows.no_end")}</p>}
      {!isDisabled && (
        <div className="section-head">
          <div role="group" aria-label={say("flows.add_step")} className="row tight-row">
            <span className="muted small">{say("flows.add_step")}</span>
            {STEP_KINDS.map((kind) => (
              <Button key={kind} size="small" onPress={() => add(kind)}>
                {say(`step.kind.${kind}`)}
              </Button>
            ))}
          </div>
          <div className="row tight-row">
            <Button size="small" look="quiet" isDisabled={!history.canUndo} onPress={history.undo}>
              {say("flows.undo")}
            </Button>
            <Button size="small" look="quiet" isDisabled={!history.canRedo} onPress={history.redo}>
              {say("flows.redo")}
            </Button>
          </div>
        </div>
      )}
      {!isDisabled && <p className="muted small">{say("flows.keys")}</p>}
      <p className="visually-hidden" role="status">
        {told}
      </p>
    </div>
  );
}

interface RowProps {
  readonly step: StepFile;
  readonly index: number;
  readonly count: number;
  readonly isOpen: boolean;
  readonly isReached: boolean;
  readonly isDisabled: boolean;
  fault(field?: string): string | undefined;
  onToggle(): void;
  onChange(step: StepFile): void;
  onMove(to: number): void;
  onRemove(): void;
  onFocus(index: number): void;
}

function StepRow(props: RowProps): ReactNode {
  const { step, index, count, isOpen, isReached, isDisabled, fault } = props;
  const { say } = useSpeech();
  const place = index + 1;
  const wrong = fault();
  return (
    <li
      className={`step ${kindOf(step)} ${wrong === undefined ? "" : "wrong"} ${isReached ? "" : "unreached"}`}
    >
      <div className="step-head">
        <button
          type="button"
          className="step-open"
          aria-expanded={isOpen}
          disabled={isDisabled}
          onClick={props.onToggle}
          onKeyDown={(event) => keysOf(event, props)}
        >
          <span className="step-place" aria-hidden="true">
            {place}
          </span>
          <span>
            <span className="step-kind">{say(`step.kind.${kindOf(step)}`)}</span>
            <StepSentence of={step} />
            {!isReached && <span className="badge warn">{say("flows.unreached")}</span>}
          </span>
        </button>
        {!isDisabled && (
          <span className="row tight-row step-tools">
            <Button
              size="small"
              look="quiet"
              aria-label={say("flows.up", { place })}
              isDisabled={index === 0}
              onPress={() => props.onMove(index - 1)}
            >
              ↑
            </Button>
            <Button
              size="small"
              look="quiet"
              aria-label={say("flows.down", { place })}
              isDisabled={index === count - 1}
              onPress={() => props.onMove(index + 1)}
            >
              ↓
            </Button>
            <Button
              size="small"
              look="quiet"
              aria-label={say("flows.remove_step", { place })}
              onPress={props.onRemove}
            >
              ×
            </Button>
          </span>
        )}
      </div>
      {wrong !== undefined && !isOpen && (
        <p className="fault" role="alert">
          {wrong}
        </p>
      )}
      {isOpen && (
        <div className="step-fields stack">
          <StepFields step={step} onChange={props.onChange} fault={fault} />
        </div>
      )}
    </li>
  );
}

function keysOf(event: KeyboardEvent, { index, count, onMove, onRemove, onFocus }: RowProps): void {
  const way = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0;
  if (way !== 0 && event.altKey) onMove(index + way);
  else if (way !== 0 && index + way >= 0 && index + way < count) onFocus(index + way);
  else if (event.key === "Delete") onRemove();
  else return;
  event.preventDefault();
}
