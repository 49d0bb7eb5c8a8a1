/**
 * The part of modesl 1.2.1 that connection.ts uses, including three members of its parser that the library
 * calls private: the facade replaces two of them, see framing.ts. The package brings no types of its own.
 */
declare module "modesl" {
  import type { Socket } from "node:net";

  namespace esl {
    class Parser {
      /** Made by the connection; only the test of framing.ts makes one of its own. */
      constructor(socket: import("node:events").EventEmitter);
      /** Bytes not yet understood. */
      readonly buffer: Buffer;
      /** Length of the body being read; 0 while a header is. */
      readonly bodyLen: number;
      _onData(chunk: Buffer): void;
      _parseHeaderText(text: string): Record<string, string | number>;
      _parseEvent(headers: Record<string, string | number>, body?: string): void;
    }

    class Connection {
      /** Connects at once; `esl::connect` is emitted before the first byte is read. */
      constructor(host: string, port: number, password: string);
      readonly parser: Parser;
      /** Set to null by the library when the other side ends the connection. */
      readonly socket: Socket | null;
      on(event: "error", listener: (error: Error) => void): this;
      on(event: "esl::connect", listener: () => void): this;
    }
  }

  export = esl;
}
