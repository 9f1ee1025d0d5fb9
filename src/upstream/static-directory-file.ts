import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { HeadgateError } from "../lib/error.ts";
import { countPassedBytes } from "./young-garbage.ts";
import type { OpenFiles } from "./open-files.ts";
import { isServed } from "./static-directory-path.ts";

/** A regular file of the directory, open for reading. It has to be closed, or its body read or let go. */
export interface OpenFile {
  readonly names: readonly string[];
  readonly size: number;
  /** Nanoseconds since the epoch at which content or metadata last changed. */
  readonly changedAt: bigint;
  close(): Promise<void>;
  /** The bytes from `start` to `end`; whole where they are few, else as a stream that closes the file at its end. */
  read(start: number, end: number): Promise<Uint8Array | AsyncIterable<Uint8Array>>;
}

/** Opens files of one folder and nothing outside of it. */
export interface Folder {
  /**
   * The file of these names; `undefined` where there is none for visitors.
   * @throws HeadgateError `upstream-open` when too many files are open
   */
  open(names: readonly string[]): Promise<OpenFile | undefined>;
}

/** Answers up to this size are read in one piece. */
const wholeBytes = 64 * 1024;
const chunkBytes = 64 * 1024;

/** Errors that say that there is nothing for visitors: absent, a folder, a name too long, a socket, no permission. */
const absent = new Set(["ENOENT", "ENOTDIR", "EISDIR", "ENAMETOOLONG", "ELOOP", "EACCES", "EPERM", "ENXIO", "EINVAL"]);
const exhausted = new Set(["EMFILE", "ENFILE"]);

/** `O_NONBLOCK`, or opening a pipe waits for a writer that never comes; the links were followed before. */
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** Makes a folder of the directory at `root`; `root` may be a link that is switched to another release at any time. */
export function createFolder(
  root: string,
  options: { readonly sourceMaps: boolean; readonly limit: OpenFiles },
): Folder {
  const { limit, sourceMaps } = options;
  let realRoot: string | undefined;

  /** Names below the real root, after all links: what a link leads to must be for visitors, too. */
  async function toRealNames(real: string): Promise<readonly string[] | undefined> {
    if (realRoot === undefined || !real.startsWith(realRoot + sep)) realRoot = await realpath(root);
    return real.startsWith(realRoot + sep) ? real.slice(realRoot.length + 1).split(sep) : undefined;
  }

  async function openReal(names: readonly string[]): Promise<OpenFile | undefined> {
    const path = join(root, ...names);
    const real = await realpath(path);
    const realNames = await toRealNames(real);
    if (!realNames || !isServed(realNames, sourceMaps) || differsInCase(real, names)) return undefined;
    const handle = await open(real, flags);
    try {
      const stat = await handle.stat({ bigint: true });
      if (stat.isFile()) return new FileOnDisk(handle, names, Number(stat.size), stat.ctimeNs, limit);
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
    return undefined;
  }

  return {
    async open(names) {
      if (!isServed(names, sourceMaps)) return undefined;
      limit.enter();
      let file: OpenFile | undefined;
      try {
        file = await openReal(names);
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? "";
        if (exhausted.has(code)) throw new HeadgateError("upstream-open", "the process has no file left to open");
        if (!absent.has(code)) throw error;
      } finally {
        if (!file) limit.leave(false);
      }
      return file;
    },
  };
}

/** On file systems that ignore case or composition, `/ADMIN` is `/admin` past every rule for it. */
function differsInCase(real: string, names: readonly string[]): boolean {
  const asked = names.join(sep);
  return !real.endsWith(asked) && fold(real).endsWith(fold(asked));
}

function fold(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

class FileOnDisk implements OpenFile, AsyncIterableIterator<Uint8Array> {
  readonly names: readonly string[];
  readonly size: number;
  readonly changedAt: bigint;
  readonly #handle: FileHandle;
  readonly #limit: OpenFiles;
  #at = 0;
  #end = 0;
  #stays = false;
  #closed: Promise<void> | undefined;

  constructor(handle: FileHandle, names: readonly string[], size: number, changedAt: bigint, limit: OpenFiles) {
    this.#handle = handle;
    this.names = names;
    this.size = size;
    this.changedAt = changedAt;
    this.#limit = limit;
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#handle.close().finally(() => this.#limit.leave(this.#stays)));
  }

  async read(start: number, end: number): Promise<Uint8Array | AsyncIterable<Uint8Array>> {
    this.#at = start;
    this.#end = end;
    if (end - start > wholeBytes) {
      this.#limit.stay();
      this.#stays = true;
      return this;
    }
    const bytes = new Uint8Array(end - start);
    while (this.#at < end) this.#at += await this.#fill(bytes.subarray(this.#at - start));
    await this.close();
    return bytes;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#closed || this.#at === this.#end) {
      await this.close();
      return { done: true, value: undefined };
    }
    // A buffer of its own for each chunk: the socket may hold the last one still.
    const chunk = new Uint8Array(Math.min(chunkBytes, this.#end - this.#at));
    const count = await this.#fill(chunk);
    this.#at += count;
    countPassedBytes(count);
    return { done: false, value: chunk.subarray(0, count) };
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    await this.close();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** A file that became shorter meanwhile must not look like a whole one. */
  async #fill(bytes: Uint8Array): Promise<number> {
    try {
      const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, this.#at);
      if (bytesRead > 0) return bytesRead;
      throw new HeadgateError("upstream-unreachable", "a file became shorter while it was sent");
    } catch (error) {
      await this.close();
      throw error;
    }
  }
}
