/** Counts who still uses something that is to be let go. */
export interface Users {
  /** One more; what it gives back is to be called once, at the end. */
  enter(): () => void;
  /** Settles when nobody is left. To be asked for when no more will come. */
  gone(): Promise<void>;
}

/** Nobody uses it yet. */
export function createUsers(): Users {
  let count = 0;
  let settle: (() => void) | undefined;
  const leave = () => {
    count -= 1;
    if (count === 0) settle?.();
  };
  return {
    enter() {
      count += 1;
      return leave;
    },
    gone: () =>
      new Promise((resolve) => {
        if (count === 0) resolve();
        else settle = resolve;
      }),
  };
}
