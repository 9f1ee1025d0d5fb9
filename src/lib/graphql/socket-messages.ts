import { parseJson } from "../json.ts";
import { isRecord } from "../own-path.ts";

/** The subprotocol of GraphQL over WebSocket, as the package `graphql-ws` and its like speak it. */
export const transportProtocol = "graphql-transport-ws";

/** What a client may say. */
export type ClientMessage =
  | { readonly type: "connection_init"; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly type: "subscribe"; readonly id: string; readonly payload: unknown }
  | { readonly type: "complete"; readonly id: string }
  | { readonly type: "ping" | "pong" };

/** What a service may say. */
export type ServerMessage =
  | { readonly type: "connection_ack" }
  | { readonly type: "ping" }
  | { readonly type: "pong" }
  | { readonly type: "next" | "error" | "complete"; readonly id: string; readonly payload: unknown };

const encoder = new TextEncoder();
const maxDepth = 64;

/** Reads a message of a client; a text says what is wrong with it. */
export function readClientMessage(text: string, maxKeys: number): ClientMessage | string {
  const parsed = parseJson(encoder.encode(text), { maxDepth, maxKeys });
  if (parsed.malformed !== undefined) return `a message with ${parsed.malformed}`;
  const message = parsed.value;
  if (!isRecord(message)) return "a message that is no object";
  const { type, id, payload } = message;
  switch (type) {
    case "ping":
    case "pong":
      return { type };
    case "connection_init": {
      const params = payload ?? {};
      return isRecord(params) ? { type, payload: params } : "a first message whose payload is no object";
    }
    case "subscribe":
    case "complete":
      if (typeof id !== "string" || id === "") return "a message without an id";
      return type === "subscribe" ? { type, id, payload } : { type, id };
    default:
      return "a message of a type that clients do not send";
  }
}

/** Reads a message of the service; a text says what is wrong with it. */
export function readServerMessage(text: string): ServerMessage | string {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return "a message that is no JSON";
  }
  if (!isRecord(message)) return "a message that is no object";
  const { type, id, payload } = message;
  if (type === "connection_ack" || type === "ping" || type === "pong") return { type };
  if (type !== "next" && type !== "error" && type !== "complete")
    return "a message of a type that services do not send";
  return typeof id === "string" ? { type, id, payload } : "a message without an id";
}
