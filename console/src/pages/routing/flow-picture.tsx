/**
 * The whole of a call's ways as a picture: each place as a box with its steps, and a line from a step to the place where it
 * can hand the call. The same stands below in words.
 */
import { type ReactNode, useId } from "react";
import { Link } from "wouter";
import { useRead } from "../../office/read.js";
import { phone } from "../../office/when.js";
import { Shown } from "../../parts/states.js";
import { targetParts, useTargetName } from "../../parts/target.js";
import { type Speech, useSpeech } from "../../words/words.js";
import { type Box, boxesOf, LINE_PX, type Picture, TITLE_PX, WIDTH_PX, wayPath } from "./picture-layout.js";
import type { Graph } from "./played.js";

export function FlowPicture({
  of,
}: {
  readonly of: { readonly kind: "number" | "flow"; readonly id: string };
}): ReactNode {
  const number = useRead(
    "drawNumber",
    { params: { number: of.kind === "number" ? of.id : "" } },
    { enabled: of.kind === "number" },
  );
  const flow = useRead(
    "drawFlow",
    { params: { id: of.kind === "flow" ? of.id : "" } },
    { enabled: of.kind === "flow" },
  );
  return <Shown of={of.kind === "number" ? number : flow}>{({ value }) => <Drawn graph={value} />}</Shown>;
}

function Drawn({ graph }: { readonly graph: Graph }): ReactNode {
  const { say, count } = useSpeech();
  const arrow = useId();
  const picture = boxesOf(graph);
  const summary = count("picture.summary", graph.places.length);
  return (
    <div className="stack">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a wide picture is scrolled by the arrow keys, too */}
      <div className="flow-picture" role="group" aria-label={summary} tabIndex={0}>
        <svg
          role="img"
          aria-label={summary}
          width={picture.width}
          height={picture.height}
          viewBox={`0 0 ${picture.width} ${picture.height}`}
        >
          <defs>
            <marker
              id={arrow}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="8"
              markerHeight="8"
              orient="auto"
            >
              <path d="M0 0 8 4 0 8z" className="arrow-head" />
            </marker>
          </defs>
          {picture.ways.map((way) => (
            <path
              key={`${way.from.place.id}${way.step}${way.to.place.id}`}
              className="way"
              d={wayPath(way)}
              markerEnd={`url(#${arrow})`}
            />
          ))}
          {picture.boxes.map((box, index) => (
            <PlaceBox key={box.place.id} box={box} isStart={index === 0} />
          ))}
        </svg>
      </div>
      {graph.is_cut && <p className="muted small">{say("picture.cut")}</p>}
      <InWords picture={picture} graph={graph} />
    </div>
  );
}

function PlaceBox({ box, isStart }: { readonly box: Box; readonly isStart: boolean }): ReactNode {
  const { x, y, height, place, lines } = box;
  const title = usePlaceTitle(place.id);
  return (
    <g transform={`translate(${x} ${y})`} className={`place ${isStart ? "start" : ""}`}>
      <rect width={WIDTH_PX} height={height} rx={10} className="place-box" />
      <text x={16} y={26} className="place-title">
        {title.length > 28 ? `${title.slice(0, 27)}…` : title}
      </text>
      {lines.map(({ kind, rows, top }, index) => (
        <g key={top} transform={`translate(0 ${top})`}>
          {index > 0 && <line x1={16} x2={WIDTH_PX - 16} y1={-6} y2={-6} className="place-line" />}
          <circle cx={22} cy={LINE_PX / 2 + 1} r={4} className={`dot ${kind}`} />
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one sentence, which never move
            <text key={at} x={36} y={LINE_PX * at + 15} className="place-text">
              {row}
            </text>
          ))}
        </g>
      ))}
      {lines.length === 0 && <line x1={16} x2={40} y1={TITLE_PX} y2={TITLE_PX} className="place-line" />}
    </g>
  );
}

/** `flow:night` as people call it. */
function usePlaceTitle(id: string): string {
  const { say } = useSpeech();
  const name = useTargetName(id);
  const parts = targetParts(id);
  if (parts === null) return id;
  if (parts.kind === "number") return phone(parts.id);
  return say(`picture.${parts.kind}`, { name });
}

function InWords({ picture, graph }: { readonly picture: Picture; readonly graph: Graph }): ReactNode {
  const { say } = useSpeech();
  return (
    <details>
      <summary>{say("picture.in_words")}</summary>
      <div className="stack tight">
        {picture.boxes.map(({ place }) => (
          <section key={place.id} className="stack tight">
            <h3>
              <PlaceTitle id={place.id} />
            </h3>
            <ol className="sentences">
              {place.steps.map((step, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two steps may have the same words
                <li key={index}>
                  {step.sentence}
                  {graph.ways
                    .filter((way) => way.from === place.id && way.step === index + 1)
                    .map((way) => (
                      <WayWords key={way.to} to={way.to} say={say} />
                    ))}
                </li>
              ))}
            </ol>
          </section>
        ))}
      </div>
    </details>
  );
}

function WayWords({ to, say }: { readonly to: string; readonly say: Speech["say"] }): ReactNode {
  const title = usePlaceTitle(to);
  return <span className="muted"> {say("picture.way", { place: title })}</span>;
}

function PlaceTitle({ id }: { readonly id: string }): ReactNode {
  const title = usePlaceTitle(id);
  const parts = targetParts(id);
  return parts?.kind === "flow" ? <Link href={`/flows/${parts.id}`}>{title}</Link> : title;
}
