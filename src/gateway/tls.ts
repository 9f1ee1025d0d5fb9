import { readFileSync } from "node:fs";
import type { SecureVersion } from "node:tls";
import { createSecureContext } from "node:tls";
import { watch } from "chokidar";
import { HeadgateError } from "../lib/error.ts";

/** A certificate and its key, PEM. */
export interface TlsContext {
  readonly cert: string;
  readonly key: string;
}

/** The certificate in force, which may change while the gateway runs. */
export interface TlsFiles {
  readonly minVersion: SecureVersion;
  context(): TlsContext;
  onChange(listener: (context: TlsContext) => void): void;
  close(): void;
}

/** What to do with a certificate that changed on disk and cannot be used. */
export type TlsProblemListener = (error: HeadgateError) => void;

/**
 * A certificate and key from files, read again when they change. A pair that does not fit, half written for one, leaves
 * the good one in force and is reported.
 * @throws HeadgateError `certificate-unreadable` when the first read fails
 */
export function openTlsFiles(
  files: { readonly cert: string; readonly key: string },
  minVersion: SecureVersion,
  onProblem: TlsProblemListener,
): TlsFiles {
  let current = readPair(files);
  const listeners: ((context: TlsContext) => void)[] = [];
  const watcher = watch([files.cert, files.key], {
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: 200 },
  });
  watcher.on("all", () => {
    try {
      const next = readPair(files);
      if (next.cert === current.cert && next.key === current.key) return;
      current = next;
      for (const listener of listeners) listener(next);
    } catch (error) {
      onProblem(error as HeadgateError);
    }
  });
  return {
    minVersion,
    context: () => current,
    onChange: (listener) => void listeners.push(listener),
    close: () => void watcher.close(),
  };
}

/** A certificate that never changes: the development one. */
export function fixedTls(context: TlsContext, minVersion: SecureVersion): TlsFiles {
  return { minVersion, context: () => context, onChange: () => undefined, close: () => undefined };
}

function readPair(files: { readonly cert: string; readonly key: string }): TlsContext {
  const pair = { cert: readPem(files.cert, "certificate"), key: readPem(files.key, "key") };
  try {
    createSecureContext(pair);
  } catch (cause) {
    throw new HeadgateError(
      "certificate-unreadable",
      `${files.cert} and ${files.key} are not a certificate and its key`,
      { cause },
    );
  }
  return pair;
}

function readPem(file: string, what: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new HeadgateError(
      "certificate-unreadable",
      `the ${what} ${file} cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
}
