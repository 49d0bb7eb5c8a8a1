/** Reads of the API for pages: kept for a while, read again after each change, and shared between parts of a page. */
import {
  keepPreviousData,
  type UseInfiniteQueryResult,
  type UseQueryResult,
  useInfiniteQuery,
  useQuery,
} from "@tanstack/react-query";
import { type AnswerOf, type Args, client, Fault, type OperationId, type Result } from "./client.js";

/** A value with the revision of the office that it belongs to, which a change of it names. */
export interface Seen<T> {
  readonly value: T;
  readonly revision: number | null;
}

export interface ReadOptions {
  /** False: do not ask yet. */
  readonly enabled?: boolean;
  /** Ask again so often, in milliseconds. */
  readonly everyMs?: number;
  /** What has just begun may not be written yet: asked for again for some seconds before it is said not to be there. */
  readonly isAwaited?: boolean;
}

const AWAITED_TIMES = 6;
const AWAITED_MS = 500;

function isStillAwaited(count: number, error: Error): boolean {
  return count < AWAITED_TIMES && error instanceof Fault && error.problem.type === "not_found";
}

type Given<Id extends OperationId> = Args<Id>[0];

/** One answer. `data.value` is the answer, `data.revision` the office's. `error` is a {@link Fault}. */
export function useRead<Id extends OperationId>(
  id: Id,
  given?: Given<Id>,
  { enabled = true, everyMs, isAwaited = false }: ReadOptions = {},
): UseQueryResult<Seen<AnswerOf<Id>>> {
  return useQuery({
    queryKey: [id, given ?? null],
    enabled,
    ...(isAwaited ? { retry: isStillAwaited, retryDelay: AWAITED_MS } : {}),
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => read(id, given, signal),
  });
}

/** Operations whose answer is a page of a list. */
export type ListId = {
  [Id in OperationId]: AnswerOf<Id> extends {
    readonly items: readonly unknown[];
    readonly next: string | null;
  }
    ? Id
    : never;
}[OperationId];
export type ItemOf<Id extends ListId> =
  AnswerOf<Id> extends { readonly items: readonly (infer T)[] } ? T : never;

interface ListPage<Id extends ListId> {
  readonly items: readonly ItemOf<Id>[];
  readonly next: string | null;
  /** Of all pages, where the server counts them. */
  readonly total?: number;
  readonly names?: Readonly<Record<string, string>>;
}

/** What a list has so far. */
export interface Listed<T> {
  readonly items: readonly T[];
  /** Of the whole list; undefined: it is not counted. */
  readonly total: number | undefined;
  /** What people call the things that the items name, such as `user:alice.wong`, where the server says it. */
  readonly names?: Readonly<Record<string, string>>;
}

/** A list that is read page by page. `data` has all items so far. */
export function useList<Id extends ListId>(
  id: Id,
  given?: Given<Id>,
  { enabled = true, everyMs }: ReadOptions = {},
): UseInfiniteQueryResult<Listed<ItemOf<Id>>> {
  return useInfiniteQuery({
    queryKey: [id, given ?? null, "list"],
    enabled,
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...(given as { query?: object } | undefined)?.query, after: pageParam };
      const { value } = await read(id, { ...given, query } as Given<Id>, signal);
      return value as unknown as ListPage<Id>;
    },
    getNextPageParam: (last) => last.next ?? undefined,
    select: listed,
  });
}

function listed<Id extends ListId>({
  pages,
}: {
  readonly pages: readonly ListPage<Id>[];
}): Listed<ItemOf<Id>> {
  const names = Object.assign({}, ...pages.map((page) => page.names)) as Record<string, string>;
  return { items: pages.flatMap(({ items }) => items), total: pages[0]?.total, names };
}

async function read<Id extends OperationId>(
  id: Id,
  given: Given<Id> | undefined,
  signal: AbortSignal,
): Promise<Seen<AnswerOf<Id>>> {
  const ask = client.call as (id: Id, given: object) => Promise<Result<AnswerOf<Id>>>;
  const result = await ask(id, { ...given, signal });
  if (!result.ok) throw new Fault(result.problem);
  return { value: result.value, revision: result.revision };
}
