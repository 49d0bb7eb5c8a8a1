/**
 * A table of any length: only the rows that are seen are in the page, and more are read as one scrolls. On a narrow screen
 * each row is a small card. The first column of a row is a link when the row leads somewhere; the arrows go from row to row.
 */
import type { UseInfiniteQueryResult } from "@tanstack/react-query";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { Link } from "wouter";
import type { Listed } from "../office/read.js";
import { useSpeech } from "../words/words.js";
import { Loading, ReadProblem } from "./states.js";

export interface Column<T> {
  readonly id: string;
  readonly head: string;
  readonly cell: (item: T) => ReactNode;
  /** A share of the width, as in `2fr` or `8rem`; left out: `1fr`. */
  readonly width?: string;
  /** Numbers stand at the end. */
  readonly isNumber?: boolean;
  /** Hidden on narrow screens. */
  readonly isMinor?: boolean;
}

const ROW_PX = 52;

export function List<T>({
  label,
  of,
  columns,
  keyOf,
  hrefOf,
  empty,
  tools,
  toolsWidth = "auto",
}: {
  readonly label: string;
  readonly of: Pick<
    UseInfiniteQueryResult<Listed<T>>,
    "data" | "error" | "refetch" | "hasNextPage" | "fetchNextPage" | "isFetchingNextPage"
  >;
  readonly columns: readonly Column<T>[];
  readonly keyOf: (item: T) => string;
  readonly hrefOf?: (item: T) => string | undefined;
  /** What is shown when there is nothing. */
  readonly empty: ReactNode;
  /** At the end of each row. */
  readonly tools?: (item: T) => ReactNode;
  /** Where not every row has the same tools, so that columns stay below each other. */
  readonly toolsWidth?: string;
}): ReactNode {
  const { say } = useSpeech();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = of;
  if (data === undefined)
    return error === null ? (
      <Loading lines={8} />
    ) : (
      <ReadProblem error={error} again={() => void of.refetch()} />
    );
  if (data.items.length === 0) return <>{empty}</>;
  const grid = [
    ...columns.map(({ width = "1fr" }) => `minmax(0, ${width})`),
    ...(tools === undefined ? [] : [toolsWidth]),
  ].join(" ");
  return (
    <div className="list" role="table" aria-label={label} aria-rowcount={rowCount(data, hasNextPage)}>
      <div role="rowgroup">
        <div className="list-head" role="row" ref={(place) => place?.style.setProperty("--columns", grid)}>
          {columns.map(({ id, head, isNumber, isMinor }) => (
            <span key={id} role="columnheader" className={cellClass(isNumber, isMinor)}>
              {head}
            </span>
          ))}
          {tools !== undefined && (
            <span role="columnheader">
              <span className="visually-hidden">{say("app.actions")}</span>
            </span>
          )}
        </div>
      </div>
      <Rows
        {...{ items: data.items, columns, keyOf, hrefOf, tools, grid }}
        onEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
      />
      {isFetchingNextPage && <Loading lines={2} />}
    </div>
  );
}

/** -1: unknown (WAI-ARIA 1.2). */
function rowCount({ items, total }: Listed<unknown>, hasMore: boolean): number {
  if (total !== undefined) return total + 1;
  return hasMore ? -1 : items.length + 1;
}

function Rows<T>({
  items,
  columns,
  keyOf,
  hrefOf,
  tools,
  grid,
  onEnd,
}: {
  readonly items: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly keyOf: (item: T) => string;
  readonly hrefOf: ((item: T) => string | undefined) | undefined;
  readonly tools: ((item: T) => ReactNode) | undefined;
  readonly grid: string;
  onEnd(): void;
}): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: place.current?.offsetTop ?? 0,
    getItemKey: (index) => keyOf(items[index] as T),
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= items.length - 20) onEnd();
  });
  return (
    <div
      ref={place}
      role="rowgroup"
      className="list-rows"
      onKeyDown={(event) => walk(event, place.current)}
      style={{ blockSize: rows.getTotalSize() }}
    >
      {shown.map(({ index, key, start }) => {
        const item = items[index] as T;
        const href = hrefOf?.(item);
        return (
          <div
            key={key}
            ref={rows.measureElement}
            data-index={index}
            role="row"
            aria-rowindex={index + 2}
            className={`list-row ${href === undefined ? "" : "leads"}`}
            style={{
              transform: `translateY(${start - rows.options.scrollMargin}px)`,
              ["--columns" as string]: grid,
            }}
          >
            {columns.map(({ id, cell, isNumber, isMinor, head }, column) => (
              <span key={id} role="cell" className={cellClass(isNumber, isMinor)} data-head={head}>
                {column === 0 && href !== undefined ? (
                  <Link href={href} className="row-link">
                    {cell(item)}
                  </Link>
                ) : (
                  cell(item)
                )}
              </span>
            ))}
            {tools !== undefined && (
              <span role="cell" className="row-tools">
                {tools(item)}
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
}

function cellClass(isNumber = false, isMinor = false): string {
  return `cell ${isNumber ? "number" : ""} ${isMinor ? "minor" : ""}`;
}

/** Up and down go to the link of the row above and below. */
function walk(event: KeyboardEvent, place: HTMLElement | null): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  if (!(event.target instanceof HTMLElement) || !event.target.matches(".row-link")) return;
  const links = [...(place?.querySelectorAll<HTMLElement>(".row-link") ?? [])];
  const next = links[links.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}
