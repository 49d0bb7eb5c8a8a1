/** A QR code, drawn in the page: what it holds is a secret, and goes to no service. Black on white in both themes, for cameras. */
import { type ReactNode, useEffect, useState } from "react";
import "./secret.css";

export function QrCode({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  const [drawn, setDrawn] = useState<{ readonly size: number; readonly path: string } | null>(null);
  useEffect(() => {
    let isOld = false;
    void import("uqr").then(({ encode }) => {
      const { data, size } = encode(text, { border: 2 });
      if (!isOld) setDrawn({ size, path: pathOf(data) });
    });
    return () => {
      isOld = true;
    };
  }, [text]);
  return (
    <svg
      className="qr"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${drawn?.size ?? 1} ${drawn?.size ?? 1}`}
      shapeRendering="crispEdges"
    >
      <rect width="100%" height="100%" fill="#fff" />
      {drawn !== null && <path d={drawn.path} fill="#000" />}
    </svg>
  );
}

/** Each run of dark modules of a row is one rectangle. */
function pathOf(rows: readonly (readonly boolean[])[]): string {
  const runs: string[] = [];
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (row[x] !== true) continue;
      const begin = x;
      while (row[x + 1] === true) x++;
      runs.push(`M${begin} ${y}h${x - begin + 1}v1h-${x - begin + 1}z`);
    }
  });
  return runs.join("");
}
