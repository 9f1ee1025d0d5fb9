import type { WebSocket } from "ws";

/** Every connection whose messages are judged, and how many each client has. */
export interface MessageSockets {
  /** Takes one in unless its client has `max` already; gives back what to call when it is gone. */
  admit(clientKey: string, max: number): (() => void) | undefined;
  /** Knows the connection, to end it with the process. */
  opened(socket: WebSocket): void;
  /** Asks every client to come back: the process goes. */
  closeAll(): void;
}

/** A table that is never larger than the number of open connections. */
export function createMessageSockets(): MessageSockets {
  const counts = new Map<string, number>();
  const open = new Set<WebSocket>();
  let closing = false;
  return {
    admit(key, max) {
      const count = (counts.get(key) ?? 0) + 1;
      if (closing || count > max) return undefined;
      counts.set(key, count);
      let isGone = false;
      return () => {
        if (isGone) return;
        isGone = true;
        const left = (counts.get(key) ?? 1) - 1;
        if (left === 0) counts.delete(key);
        else counts.set(key, left);
      };
    },
    opened(socket) {
      open.add(socket);
      socket.once("close", () => open.delete(socket));
      if (closing) socket.close(1001, "Going away");
    },
    closeAll() {
      closing = true;
      for (const socket of open) socket.close(1001, "Going away");
    },
  };
}
