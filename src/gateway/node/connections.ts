import type { Socket } from "node:net";
import { limitKey } from "../../lib/ip.ts";

/** Knows every open connection, and turns away those beyond an address's share. */
export interface Connections {
  /** Takes the connection in, or destroys it when its address has `max` already. */
  admit(socket: Socket, max: number): void;
  destroyAll(): void;
}

/** A table that is never larger than the number of open connections. */
export function createConnections(): Connections {
  const sockets = new Set<Socket>();
  const counts = new Map<string, number>();
  return {
    admit(socket, max) {
      const key = limitKey(socket.remoteAddress ?? "");
      const count = (counts.get(key) ?? 0) + 1;
      if (count > max) {
        socket.destroy();
        return;
      }
      counts.set(key, count);
      sockets.add(socket);
      socket.once("close", () => {
        sockets.delete(socket);
        const left = (counts.get(key) ?? 1) - 1;
        if (left === 0) counts.delete(key);
        else counts.set(key, left);
      });
    },
    destroyAll() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
