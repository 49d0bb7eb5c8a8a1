/**
 * The drawing of a call, shown as a picture: nothing in it can run, whatever it is. Its colours are those of the page, which
 * may be dark where the system is light.
 */

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { tokenColour, useDark } from "../../design/dark.js";
import { client, Fault } from "../../office/client.js";
import { Loading, ReadProblem } from "../../parts/states.js";
import { useSpeech } from "../../words/words.js";

export function CallDrawing({
  id,
  headline,
  everyMs,
}: {
  readonly id: string;
  readonly headline: string;
  readonly everyMs: number | false;
}): ReactNode {
  const { say } = useSpeech();
  const drawing = useQuery({
    queryKey: ["drawCall", { params: { id } }],
    refetchInterval: everyMs,
    queryFn: async ({ signal }) => {
      const answer = await client.call("drawCall", { params: { id }, signal });
      if (!answer.ok) throw new Fault(answer.problem);
      return answer.value.text();
    },
  });
  const src = usePicture(drawing.data);
  if (drawing.error !== null)
    return <ReadProblem error={drawing.error} again={() => void drawing.refetch()} />;
  if (src === null) return <Loading lines={5} />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and who has no pointer scrolls by keyboard
    <div className="drawing" role="group" tabIndex={0} aria-label={say("call.drawing")}>
      <img src={src} alt={say("call.drawing_of", { headline })} />
    </div>
  );
}

/** The address of the drawing in the page's colours; null: there is none yet. */
function usePicture(svg: string | undefined): string | null {
  const isDark = useDark();
  const coloured = useMemo(
    () => (svg === undefined || !svg.startsWith("<svg ") ? null : inPageColours(svg, isDark)),
    [svg, isDark],
  );
  const [src, setSrc] = useState<string | null>(null);
  useEffect(() => {
    if (coloured === null) return;
    const made = URL.createObjectURL(new Blob([coloured], { type: "image/svg+xml" }));
    setSrc(made);
    return () => URL.revokeObjectURL(made);
  }, [coloured]);
  return src;
}

/** The head of the drawing says what the page says above it. */
const HEAD_PX = 100;

function inPageColours(svg: string, isDark: boolean): string {
  return svg
    .replace(/viewBox="0 0 (\d+) (\d+)" width="\d+" height="\d+"/, (_all, width: string, height: string) => {
      const rest = Number(height) - HEAD_PX;
      return `viewBox="0 ${HEAD_PX} ${width} ${rest}" width="${width}" height="${rest}"`;
    })
    .replace("@media (prefers-color-scheme:dark)", isDark ? "@media all" : "@media not all")
    .replaceAll(/--paper:#[0-9a-f]{6}/g, `--paper:${tokenColour("--surface")}`);
}
