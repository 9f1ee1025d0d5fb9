import { describe, expect, test } from "vitest";
import { open, problemOf, sendRaw, startTestGateway, startUpstream, type TestGateway } from "../support/gateway.ts";

const host = "Host: localhost\r\n";

/** A gateway whose upstream remembers what reached it. */
async function startRecording(
  more: Readonly<Record<string, unknown>> = {},
): Promise<{ gateway: TestGateway; reached: string[] }> {
  const reached: string[] = [];
  const upstream = await startUpstream((request, response) => {
    reached.push(`${request.method} ${request.url}`);
    request.resume().on("end", () => response.end("ok"));
  });
  const gateway = await startTestGateway(
    { routes: [open("GET /ok"), open("POST /ok", { body: "any" }), open("DELETE /ok")], ...more },
    upstream.url,
  );
  return { gateway, reached };
}

describe("requests that can be read in two ways", () => {
  test.each([
    ["two Host fields", `GET /ok HTTP/1.1\r\n${host}Host: evil.example\r\n\r\n`, 400, "ambiguous-request"],
    [
      "Content-Length with Transfer-Encoding",
      `POST /ok HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      undefined,
    ],
    [
      "two Content-Length fields",
      `POST /ok HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
      400,
      undefined,
    ],
    ["a list as Content-Length", `POST /ok HTTP/1.1\r\n${host}Content-Length: 1, 1\r\n\r\na`, 400, undefined],
    [
      "an unknown transfer coding",
      `POST /ok HTTP/1.1\r\n${host}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
      400,
      "ambiguous-request",
    ],
    [
      "a spelling of chunked",
      `POST /ok HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
      400,
      undefined,
    ],
    [
      "chunks on a method without body",
      `DELETE /ok HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      "ambiguous-request",
    ],
    ["an absolute-form target", `GET http://evil.example/ok HTTP/1.1\r\n${host}\r\n`, 400, "path-not-canonical"],
    ["an asterisk-form target", `OPTIONS * HTTP/1.1\r\n${host}\r\n`, 400, "path-not-canonical"],
    ["a folded header", `GET /ok HTTP/1.1\r\n${host}X-Folded: a\r\n b\r\n\r\n`, 400, undefined],
    ["a space before the colon", `GET /ok HTTP/1.1\r\n${host}X-Odd : a\r\n\r\n`, 400, undefined],
    ["a bare line feed", `GET /ok HTTP/1.1\nHost: localhost\n\n`, 400, undefined],
    ["a NUL in a header", `GET /ok HTTP/1.1\r\n${host}X-Nul: a\0b\r\n\r\n`, 400, undefined],
    [
      "two Authorization fields",
      `GET /ok HTTP/1.1\r\n${host}Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n`,
      400,
      "ambiguous-request",
    ],
    ["no Host at all", `GET /ok HTTP/1.1\r\n\r\n`, 400, "malformed-request"],
    ["a foreign Host", `GET /ok HTTP/1.1\r\nHost: evil.example\r\n\r\n`, 421, "misdirected-request"],
    ["an unknown method", `FROB /ok HTTP/1.1\r\n${host}\r\n`, 501, "not-implemented"],
    ["TRACE", `TRACE /ok HTTP/1.1\r\n${host}\r\n`, 405, "method-not-allowed"],
    [
      "an undeclared upgrade",
      `GET /ok HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
      400,
      "upgrade-refused",
    ],
    ["an unknown expectation", `GET /ok HTTP/1.1\r\n${host}Expect: 42-tea\r\n\r\n`, 417, "expectation-failed"],
    ["an invalid percent-encoding", `GET /o%zz HTTP/1.1\r\n${host}\r\n`, 400, "path-not-canonical"],
    ["an encoded slash", `GET /x%2fok HTTP/1.1\r\n${host}\r\n`, 400, "path-not-canonical"],
    ["a fragment", `GET /ok#top HTTP/1.1\r\n${host}\r\n`, 400, "path-not-canonical"],
    ["no HTTP at all", `\x16\x03\x01\x02\x00\x01\x00`, 400, "malformed-request"],
  ])("%s: refused, nothing reaches the upstream, the next request is served", async (_name, bytes, status, problem) => {
    const { gateway, reached } = await startRecording();
    const answer = await sendRaw(gateway.httpPort, bytes);
    expect(answer.status).toBe(status);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    if (problem) expect(problemOf(answer)).toBe(problem);
    expect(reached).toEqual([]);
    expect((await sendRaw(gateway.httpPort, `GET /ok HTTP/1.1\r\n${host}\r\n`)).status).toBe(200);
  });

  test("over TLS the same holds", async () => {
    const { gateway, reached } = await startRecording();
    const twoHosts = await sendRaw(gateway.httpsPort, `GET /ok HTTP/1.1\r\n${host}Host: evil.example\r\n\r\n`, {
      tls: true,
    });
    expect(problemOf(twoHosts)).toBe("ambiguous-request");
    const smuggled = `POST /ok HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`;
    expect((await sendRaw(gateway.httpsPort, smuggled, { tls: true })).status).toBe(400);
    expect(reached).toEqual([]);
  });
});

describe("limits of the transport", () => {
  test("100,000 headers are refused and the process lives on", async () => {
    const { gateway } = await startRecording();
    const many = Array.from({ length: 100_000 }, (_, index) => `X-${index}: 1\r\n`).join("");
    const answer = await sendRaw(gateway.httpPort, `GET /ok HTTP/1.1\r\n${host}${many}\r\n`);
    expect([answer.status, problemOf(answer)]).toEqual([431, "headers-too-large"]);
    expect((await sendRaw(gateway.httpPort, `GET /ok HTTP/1.1\r\n${host}\r\n`)).status).toBe(200);
  });

  test("more header fields than allowed are refused, not dropped", async () => {
    const { gateway, reached } = await startRecording();
    const fields = Array.from({ length: 120 }, (_, index) => `X-${index}: 1\r\n`).join("");
    const answer = await sendRaw(gateway.httpPort, `GET /ok HTTP/1.1\r\n${host}${fields}\r\n`);
    expect([answer.status, problemOf(answer)]).toEqual([431, "headers-too-large"]);
    expect(reached).toEqual([]);
  });

  test("a target over the limit is refused", async () => {
    const { gateway } = await startRecording();
    const answer = await sendRaw(gateway.httpPort, `GET /${"a".repeat(9000)} HTTP/1.1\r\n${host}\r\n`);
    expect([answer.status, problemOf(answer)]).toEqual([414, "uri-too-long"]);
  });

  test("headers that stop arriving are answered with 408", async () => {
    const { gateway } = await startRecording({ transport: { headersTimeout: "1s" } });
    const answer = await sendRaw(gateway.httpPort, `GET /ok HTTP/1.1\r\n${host}X-Slow: `);
    expect([answer.status, problemOf(answer)]).toEqual([408, "request-timeout"]);
  });

  test("over TLS, too", async () => {
    const { gateway } = await startRecording({ transport: { headersTimeout: "1s" } });
    const answer = await sendRaw(gateway.httpsPort, `GET /ok HTTP/1.1\r\n${host}X-Slow: `, { tls: true });
    expect([answer.status, problemOf(answer)]).toEqual([408, "request-timeout"]);
  });

  test("a body that stops arriving is answered with 408", async () => {
    const { gateway } = await startRecording({ transport: { idleTimeout: "1s" } });
    const answer = await sendRaw(gateway.httpPort, `POST /ok HTTP/1.1\r\n${host}Content-Length: 100\r\n\r\nabc`);
    expect([answer.status, problemOf(answer)]).toEqual([408, "request-timeout"]);
  });

  test("a body over the limit is answered with 413, announced or not", async () => {
    const { gateway } = await startRecording({ transport: { maxBodyBytes: 1000 } });
    const announced = await sendRaw(
      gateway.httpPort,
      `POST /ok HTTP/1.1\r\n${host}Content-Length: 5000\r\n\r\n${"a".repeat(100)}`,
    );
    expect([announced.status, problemOf(announced)]).toEqual([413, "body-too-large"]);
    const chunk = `3e8\r\n${"a".repeat(1000)}\r\n`;
    const chunked = await sendRaw(
      gateway.httpPort,
      `POST /ok HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n${chunk}${chunk}`,
    );
    expect([chunked.status, problemOf(chunked)]).toEqual([413, "body-too-large"]);
  });

  test("one address does not get all connections", async () => {
    const { gateway } = await startRecording({ transport: { maxConnectionsPerAddress: 3, drainTimeout: "100ms" } });
    const request = `GET /ok HTTP/1.1\r\n${host}X-Slow: `;
    const waiting = [1, 2, 3].map(() => sendRaw(gateway.httpPort, [request]).catch(() => undefined));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(sendRaw(gateway.httpPort, `GET /ok HTTP/1.1\r\n${host}\r\n`)).rejects.toThrow();
    await gateway.stop();
    await Promise.all(waiting);
  });
});
