/** Takes a content coding off bytes as they come. */
export interface ByteDecoder {
  /**
   * Decodes further bytes and shows the decoded ones, part by part, before it settles.
   * @throws HeadgateError `upstream-unreachable` when they are not in that coding
   */
  decode(bytes: Uint8Array, show: (part: Uint8Array) => void): Promise<void>;
  /** Shows what is left; rejects where the coded bytes are not complete. */
  finish(show: (part: Uint8Array) => void): Promise<void>;
  /** Lets go of it, finished or not. */
  close(): void;
}
