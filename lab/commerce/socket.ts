import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** The GUID of RFC 6455 section 1.3. */
const handshakeGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const opcodes = { close: 0x8, ping: 0x9, pong: 0xa } as const;

/**
 * Answers a WebSocket at /api/socket and sends every message back (RFC 6455, whole frames, no extensions).
 *
 * api-cors: no look at `Origin`, so any page may open it with its visitor's cookie. api-access: no token.
 */
export function answerSocket(request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const key = request.headers["sec-websocket-key"];
  const { pathname } = new URL(request.url ?? "/", "http://lab");
  if (pathname !== "/api/socket" || key === undefined) {
    socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    return;
  }
  const accept = createHash("sha1").update(`${key}${handshakeGuid}`).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  let pending: Buffer<ArrayBufferLike> = head;
  const take = (chunk: Buffer): void => {
    pending = Buffer.concat([pending, chunk]);
    for (let frame = readFrame(pending); frame !== undefined; frame = readFrame(pending)) {
      pending = pending.subarray(frame.size);
      answerFrame(socket, frame);
    }
  };
  socket.on("data", take).on("error", () => socket.destroy());
  take(Buffer.alloc(0));
}

type Frame = { readonly first: number; readonly payload: Buffer; readonly size: number };

function answerFrame(socket: Duplex, frame: Frame): void {
  const opcode = frame.first & 0x0f;
  if (opcode === opcodes.pong) return;
  const first = opcode === opcodes.ping ? 0x80 | opcodes.pong : frame.first;
  socket.write(Buffer.concat([toFrameHead(first, frame.payload.byteLength), frame.payload]));
  if (opcode === opcodes.close) socket.end();
}

/** Reads one masked frame (section 5.2), or nothing while it is not complete. */
function readFrame(buffer: Buffer): Frame | undefined {
  if (buffer.byteLength < 2) return undefined;
  const short = buffer.readUInt8(1) & 0x7f;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  const maskAt = 2 + lengthBytes;
  if (buffer.byteLength < maskAt + 4) return undefined;
  const length = lengthBytes === 0 ? short : Number.parseInt(buffer.toString("hex", 2, maskAt), 16);
  const size = maskAt + 4 + length;
  if (buffer.byteLength < size) return undefined;
  const mask = buffer.subarray(maskAt, maskAt + 4);
  const payload = Buffer.from(buffer.subarray(maskAt + 4, size).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return { first: buffer.readUInt8(0), payload, size };
}

function toFrameHead(first: number, length: number): Buffer {
  if (length < 126) return Buffer.from([first, length]);
  const head = Buffer.alloc(length < 65_536 ? 4 : 10);
  head.writeUInt8(first, 0);
  head.writeUInt8(length < 65_536 ? 126 : 127, 1);
  if (length < 65_536) head.writeUInt16BE(length, 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}
