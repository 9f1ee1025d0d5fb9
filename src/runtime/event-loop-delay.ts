import { monitorEventLoopDelay } from "node:perf_hooks";

/** How late the event loop runs. */
export interface EventLoopDelay {
  /** The 99th percentile of the last second, in milliseconds. */
  current(): number;
  close(): void;
}

const resolutionMs = 20;
const sampleMs = 1000;

/** Samples the event loop's delay once a second. */
export function watchEventLoopDelay(): EventLoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  let current = 0;
  const timer = setInterval(() => {
    // The histogram measures whole intervals of its own timer; what is over the resolution is delay.
    current = Math.max(0, histogram.percentile(99) / 1e6 - resolutionMs);
    histogram.reset();
  }, sampleMs);
  timer.unref();
  return {
    current: () => current,
    close: () => {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
