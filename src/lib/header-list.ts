/**
 * An ordered list of HTTP header fields, kept flat (`[name, value, name, value, …]`) with lower-case names.
 *
 * Flat because that is the shape in which `node:http` takes and gives headers: a list is written without being copied,
 * and a scan over the dozen fields of a usual message is cheaper than building a map of them.
 */
export class HeaderList {
  /** The fields, flat. Read it to write a message out; change it through the methods. */
  readonly flat: string[];

  constructor(flat: string[] = []) {
    this.flat = flat;
  }

  /** The value of the first field of that (lower-case) name. */
  get(name: string): string | undefined {
    const flat = this.flat;
    for (let at = 0; at < flat.length; at += 2) if (flat[at] === name) return flat[at + 1];
    return undefined;
  }

  /** All values of that name, in order. */
  getAll(name: string): string[] {
    const values: string[] = [];
    const flat = this.flat;
    for (let at = 0; at < flat.length; at += 2) if (flat[at] === name) values.push(flat[at + 1] ?? "");
    return values;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Puts one field of that name in place of all that were there. */
  set(name: string, value: string): void {
    const flat = this.flat;
    for (let at = 0; at < flat.length; at += 2) {
      if (flat[at] !== name) continue;
      flat[at + 1] = value;
      this.#deleteFrom(at + 2, name);
      return;
    }
    flat.push(name, value);
  }

  /** Adds a field and keeps those of the same name. */
  append(name: string, value: string): void {
    this.flat.push(name, value);
  }

  delete(name: string): void {
    this.#deleteFrom(0, name);
  }

  /** Takes out every field whose name passes the test, in one walk. */
  deleteWhere(test: (name: string) => boolean): void {
    const flat = this.flat;
    let kept = 0;
    for (let at = 0; at < flat.length; at += 2) {
      const name = flat[at] ?? "";
      if (test(name)) continue;
      if (kept !== at) {
        flat[kept] = name;
        flat[kept + 1] = flat[at + 1] ?? "";
      }
      kept += 2;
    }
    flat.length = kept;
  }

  /** Adds every field of a flat list and keeps those of the same names. */
  appendAll(fields: readonly string[]): void {
    this.flat.push(...fields);
  }

  /** Sets every field of a flat list; names that stand in both keep the value of `fields`. */
  setAll(fields: readonly string[]): void {
    for (let at = 0; at < fields.length; at += 2) this.set(fields[at] ?? "", fields[at + 1] ?? "");
  }

  /** Adds a token to a comma-separated field unless it is already listed (`Vary`, `Access-Control-Expose-Headers`). */
  addToken(name: string, token: string): void {
    const present = this.get(name);
    if (present === undefined) this.append(name, token);
    else if (present !== token && !hasToken(present, token)) this.set(name, `${present}, ${token}`);
  }

  clone(): HeaderList {
    return new HeaderList(this.flat.slice());
  }

  #deleteFrom(start: number, name: string): void {
    const flat = this.flat;
    let kept = start;
    for (let at = start; at < flat.length; at += 2) {
      if (flat[at] === name) continue;
      if (kept !== at) {
        flat[kept] = flat[at] ?? "";
        flat[kept + 1] = flat[at + 1] ?? "";
      }
      kept += 2;
    }
    flat.length = kept;
  }
}

/** Whether a comma-separated header value lists `token`, whatever the case (RFC 9110 section 5.6.1). */
export function hasToken(value: string, token: string): boolean {
  const wanted = token.toLowerCase();
  return value.split(",").some((part) => part.trim().toLowerCase() === wanted);
}
