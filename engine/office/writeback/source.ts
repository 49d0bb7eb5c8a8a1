/**
 * The text of an office file with its parsed nodes, and where lines begin and end. What is written back is put into the
 * text at the places of the nodes: writing the whole document anew would lose the operator's own layout.
 */
import {
  type Document,
  isCollection,
  isPair,
  isScalar,
  type Pair,
  type ParsedNode,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { asJson, restyled } from "./render.js";

/** A text for a range of offsets. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export type Collection = YAMLMap | YAMLSeq;

export class Source {
  readonly document: Document.Parsed<ParsedNode, boolean>;
  /** JSON is YAML, too; what is put into it must leave it JSON. */
  readonly isJson: boolean;
  /** The end of a line that is added. */
  readonly eol: string;
  /** Anchors that an alias refers to. */
  readonly #aliased = new Set<string>();

  constructor(readonly text: string) {
    this.document = parseDocument(text, {
      prettyErrors: false,
      uniqueKeys: false,
      version: "1.2",
      logLevel: "error",
    });
    this.isJson = isJson(text);
    this.eol = text.includes("\r\n") ? "\r\n" : "\n";
    visit(this.document, { Alias: (_, { source }) => void this.#aliased.add(source) });
  }

  /** The offset at which the line of an offset begins. */
  lineStart(offset: number): number {
    return this.text.lastIndexOf("\n", offset - 1) + 1;
  }

  /** The offset behind the line feed of the line of an offset. */
  lineEnd(offset: number): number {
    const feed = this.text.indexOf("\n", offset);
    return feed === -1 ? this.text.length : feed + 1;
  }

  column(offset: number): number {
    return offset - this.lineStart(offset);
  }

  /** A value in the place of another plain value, in its style. */
  restyled(before: Scalar, value: unknown): string {
    const text = restyled(before, value);
    return this.isJson ? asJson(text, false) : text;
  }

  /** A range of the text with one piece of it replaced. */
  with(start: number, end: number, splice: Splice | undefined): string {
    if (splice === undefined) return this.text.slice(start, end);
    return this.text.slice(start, splice.start) + splice.text + this.text.slice(splice.end, end);
  }

  /** A value as the parser reads it. */
  value(node: unknown): unknown {
    if (node === null || node === undefined) return null;
    return (node as ParsedNode).toJS(this.document);
  }

  /** Where a node or pair begins, without its anchor. */
  start(item: unknown): number {
    return isPair(item) ? this.start(item.key) : ((item as ParsedNode).range?.[0] ?? 0);
  }

  /** Where the last word of a node or pair ends. */
  end(item: unknown): number {
    if (isPair(item)) return Math.max(this.end(item.key), item.value === null ? 0 : this.end(item.value));
    if (isCollection(item) && item.flow !== true) {
      const last: unknown = item.items.at(-1);
      return last === undefined || last === null ? (item.range?.[0] ?? 0) : this.end(last);
    }
    const end = (item as ParsedNode).range?.[1] ?? 0;
    const isBlock = isScalar(item) && (item.type === "BLOCK_LITERAL" || item.type === "BLOCK_FOLDED");
    return isBlock ? this.text.slice(0, end).trimEnd().length : end;
  }

  /** Whether a node, or one inside it, is also used elsewhere, by an alias. */
  isShared(node: unknown): boolean {
    let isShared = false;
    const look = (each: { readonly anchor?: string | undefined }) => {
      if (each.anchor !== undefined && this.#aliased.has(each.anchor)) isShared = true;
    };
    if (node === null || node === undefined) return false;
    if (isPair(node)) return this.isShared(node.key) || this.isShared(node.value);
    visit(node as ParsedNode, { Scalar: (_, each) => look(each), Collection: (_, each) => look(each) });
    return isShared;
  }

  /** Whether this very node is used elsewhere, by an alias. */
  isAliased(node: unknown): boolean {
    const anchor = isCollection(node) || isScalar(node) ? node.anchor : undefined;
    return anchor !== undefined && this.#aliased.has(anchor);
  }
}

function isJson(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The text of a pair's key. */
export function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : "";
}

export function isBlock(node: unknown): node is Collection {
  return isCollection(node) && node.flow !== true;
}
