/** The search for the end of a comment, through as many parts as it comes in (HTML standard, 13.2.5.43 to 13.2.5.52). */
export interface CommentEnd {
  /** The index behind the comment, or -1 where it goes on behind these bytes. */
  find(bytes: Uint8Array, from: number): number;
}

type State = "start" | "start-hyphen" | "within" | "hyphen" | "two-hyphens" | "bang";

/** Begins behind `<!--`. A comment ends with `-->` or `--!>`, and `<!-->` and `<!--->` are whole ones. */
export function createCommentEnd(): CommentEnd {
  let state: State = "start";
  return {
    find(bytes, from) {
      for (let at = from; at < bytes.length; at += 1) {
        if (state === "within") {
          at = bytes.indexOf(0x2d, at);
          if (at < 0) return -1;
        }
        const byte = bytes[at];
        if (byte === 0x3e && state !== "within" && state !== "hyphen") return at + 1;
        state = follow(state, byte);
      }
      return -1;
    },
  };
}

function follow(state: State, byte: number | undefined): State {
  if (byte === 0x2d) {
    if (state === "start") return "start-hyphen";
    return state === "within" || state === "bang" ? "hyphen" : "two-hyphens";
  }
  return byte === 0x21 && state === "two-hyphens" ? "bang" : "within";
}
