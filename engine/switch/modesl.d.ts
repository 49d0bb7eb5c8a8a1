/**
 * Types of the part of modesl 1.2.1 that we use; the package has none. Three members of its parser are meant to be
 * private: framing.ts replaces two of them and calls the third.
 */
declare module "modesl" {
  import type { Socket } from "node:net";

  namespace esl {
    class Parser {
      /** Called by the connection, and by the test of framing.ts. */
      constructor(socket: import("node:events").EventEmitter);
      /** Bytes not yet understood. */
      readonly buffer: Buffer;
      /** Length of the body being read; 0 while a header is being read. */
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
