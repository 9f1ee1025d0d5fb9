/** Where in a tag its end is being looked for; `outside` quotes and values is where a tag can be closed. */
export type TagState =
  | "name"
  | "before-name"
  | "attribute"
  | "after-name"
  | "before-value"
  | "double"
  | "single"
  | "bare";

/** How far the search came: the index behind `>`, or -1 and the state in which the bytes ended. */
export interface TagEnd {
  end: number;
  state: TagState;
}

/**
 * Looks for the end of a tag by the states of the HTML standard (sections 13.2.5.8 to 13.2.5.40). A `>` in a quoted value
 * does not close a tag, and a quote that stands elsewhere than before a value opens none.
 */
export function findTagEnd(bytes: Uint8Array, from: number, found: TagEnd): void {
  let { state } = found;
  for (let at = from; at < bytes.length; at += 1) {
    if (state === "double" || state === "single") {
      const quote = bytes.indexOf(state === "double" ? 0x22 : 0x27, at);
      if (quote < 0) break;
      at = quote;
      state = "before-name";
      continue;
    }
    const byte = bytes[at] as number;
    if (byte === 0x3e) {
      found.end = at + 1;
      return;
    }
    const isSpace = byte <= 0x20 && (byte === 0x20 || byte === 0x0a || byte === 0x09 || byte === 0x0c || byte === 0x0d);
    switch (state) {
      case "name":
        if (isSpace || byte === 0x2f) state = "before-name";
        break;
      case "before-name":
        if (!isSpace && byte !== 0x2f) state = "attribute";
        break;
      case "attribute":
        if (byte === 0x3d) state = "before-value";
        else if (isSpace) state = "after-name";
        else if (byte === 0x2f) state = "before-name";
        break;
      case "after-name":
        if (byte === 0x3d) state = "before-value";
        else if (byte === 0x2f) state = "before-name";
        else if (!isSpace) state = "attribute";
        break;
      case "before-value":
        if (byte === 0x22) state = "double";
        else if (byte === 0x27) state = "single";
        else if (!isSpace) state = "bare";
        break;
      case "bare":
        if (isSpace) state = "before-name";
    }
  }
  found.end = -1;
  found.state = state;
}
