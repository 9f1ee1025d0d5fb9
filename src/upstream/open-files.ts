import { HeadgateError } from "../lib/error.ts";

/** Files that may be open at once, counted; slow readers of large files never take the last of them. */
export class OpenFiles {
  readonly #limit: number;
  readonly #longLimit: number;
  #short = 0;
  #long = 0;

  constructor(limit: number) {
    this.#limit = limit;
    this.#longLimit = limit - Math.ceil(limit / 4);
  }

  get count(): number {
    return this.#short + this.#long;
  }

  /**
   * Takes a place for a file that is open for a moment.
   * @throws HeadgateError `upstream-open` when all are taken
   */
  enter(): void {
    if (this.count >= this.#limit) throw full();
    this.#short += 1;
  }

  /**
   * The file will stay open for as long as its reader takes.
   * @throws HeadgateError `upstream-open` when too many do; the place stays taken
   */
  stay(): void {
    if (this.#long >= this.#longLimit) throw full();
    this.#short -= 1;
    this.#long += 1;
  }

  leave(stayed: boolean): void {
    if (stayed) this.#long -= 1;
    else this.#short -= 1;
  }
}

function full(): HeadgateError {
  return new HeadgateError("upstream-open", "as many files are open as may be");
}
