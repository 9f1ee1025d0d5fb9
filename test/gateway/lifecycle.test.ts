import { request } from "undici";
import { expect, test, vi } from "vitest";
import { open, sendRaw, startTestGateway, startUpstream } from "../support/gateway.ts";

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

test("a changed policy file takes effect, and a bad one changes nothing", async () => {
  const upstream = await startUpstream((_request, response) => response.end("ok"));
  const gateway = await startTestGateway({ routes: [open("GET /old")] }, upstream.url);
  expect((await sendRaw(gateway.httpPort, get("/new"))).status).toBe(404);

  gateway.rewrite({ routes: [open("GET /new")] });
  await vi.waitFor(async () => expect((await sendRaw(gateway.httpPort, get("/new"))).status).toBe(200), {
    timeout: 5000,
  });
  expect((await sendRaw(gateway.httpPort, get("/old"))).status).toBe(404);

  gateway.rewrite({ routes: [{ match: "GET /worse", to: "nobody" }] });
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect((await sendRaw(gateway.httpPort, get("/new"))).status).toBe(200);

  gateway.rewrite({ routes: [open("GET /newest")] });
  await vi.waitFor(async () => expect((await sendRaw(gateway.httpPort, get("/newest"))).status).toBe(200), {
    timeout: 5000,
  });
});

test("a change in the moment of the start is not missed", async () => {
  const upstream = await startUpstream((_request, response) => response.end("ok"));
  const gateways = await Promise.all(
    Array.from({ length: 12 }, async () => {
      const gateway = await startTestGateway({ routes: [open("GET /old")] }, upstream.url);
      gateway.rewrite({ routes: [open("GET /new")] });
      return gateway;
    }),
  );
  for (const { httpPort } of gateways) {
    await vi.waitFor(async () => expect((await sendRaw(httpPort, get("/new"))).status).toBe(200), { timeout: 5000 });
  }
});

test("SIGHUP reloads as a change of the file does", async () => {
  const upstream = await startUpstream((_request, response) => response.end("ok"));
  const gateway = await startTestGateway({ routes: [open("GET /old")] }, upstream.url);
  gateway.rewrite({ routes: [open("GET /new")] });
  process.kill(process.pid, "SIGHUP");
  await vi.waitFor(async () => expect((await sendRaw(gateway.httpPort, get("/new"))).status).toBe(200), {
    timeout: 5000,
  });
});

test("a reload drops no call, neither one under way nor one that comes meanwhile", async () => {
  const upstream = await startUpstream((_request, response) => {
    setTimeout(() => response.end("late"), 400);
  });
  const gateway = await startTestGateway({ routes: [open("GET /slow")] }, upstream.url);
  const origin = `http://localhost:${gateway.httpPort}`;
  const calls: Promise<string>[] = [];
  const timer = setInterval(() => {
    calls.push(request(`${origin}/slow`).then(({ body }) => body.text()));
  }, 20);
  for (let round = 0; round < 3; round += 1) {
    gateway.rewrite({ routes: [open("GET /slow"), open(`GET /round/${round}`)] });
    await new Promise((resolve) => setTimeout(resolve, 350));
  }
  clearInterval(timer);
  const answers = await Promise.all(calls);
  expect(answers.length).toBeGreaterThan(20);
  expect(new Set(answers)).toEqual(new Set(["late"]));
});

test("a call that waits for its turn goes through although the policy is replaced meanwhile", async () => {
  const upstream = await startUpstream((_request, response) => response.end("ok"));
  const throttle = "2/s, burst 1, queue 10, wait 5s";
  const gateway = await startTestGateway({ routes: [open("GET /slow", { throttle })] }, upstream.url);
  const waiting = [1, 2, 3, 4].map(() => sendRaw(gateway.httpPort, get("/slow")));
  // One had its turn, so the others are there and wait for theirs.
  await Promise.any(waiting);
  gateway.rewrite({ routes: [open("GET /new")] });
  await vi.waitFor(async () => expect((await sendRaw(gateway.httpPort, get("/new"))).status).toBe(200), {
    timeout: 5000,
  });
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
});

test("a stream that stays open keeps no policy from being replaced", async () => {
  const upstream = await startUpstream(({ url }, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(`data: ${url}\n\n`);
  });
  const events = (path: string) => open(`GET ${path}`, { protocol: "events" });
  const gateway = await startTestGateway({ routes: [events("/0")] }, upstream.url);
  const streams: AsyncIterator<unknown>[] = [];
  for (const round of [0, 1, 2]) {
    gateway.rewrite({ routes: [events(`/${round}`)] });
    const { body } = await vi.waitFor(
      async () => {
        const answer = await request(`http://localhost:${gateway.httpPort}/${round}`);
        expect(answer.statusCode).toBe(200);
        return answer;
      },
      { timeout: 5000 },
    );
    const stream = body[Symbol.asyncIterator]();
    expect(String((await stream.next()).value)).toBe(`data: /${round}\n\n`);
    streams.push(stream);
  }
  await Promise.all(streams.map((stream) => stream.return?.()));
});

test("being told to stop loses no call: those under way finish, new connections are refused", async () => {
  const upstream = await startUpstream((_request, response) => {
    setTimeout(() => response.end("finished"), 300);
  });
  const gateway = await startTestGateway({ routes: [open("GET /slow")] }, upstream.url);
  const call = request(`http://localhost:${gateway.httpPort}/slow`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const stopping = gateway.stop();
  await expect(sendRaw(gateway.httpPort, get("/slow"))).rejects.toThrow();
  const answer = await call;
  expect(await answer.body.text()).toBe("finished");
  expect(answer.headers["connection"]).toBe("close");
  await stopping;
});

test("the admin port says how things stand, and metrics only to who has the token", async () => {
  const upstream = await startUpstream((_request, response) => response.end("ok"));
  const gateway = await startTestGateway({ routes: [open("GET /ok")] }, upstream.url);
  const admin = `http://127.0.0.1:${gateway.adminPort}`;
  await sendRaw(gateway.httpPort, get("/ok"));
  await sendRaw(gateway.httpPort, get("/missing"));
  expect((await request(`${admin}/healthz`)).statusCode).toBe(200);
  expect((await request(`${admin}/readyz`)).statusCode).toBe(200);
  const refused = await request(`${admin}/metrics`);
  expect([refused.statusCode, refused.headers["www-authenticate"]]).toEqual([401, 'Bearer realm="headgate admin"']);
  expect((await request(`${admin}/metrics`, { headers: { authorization: "Bearer guess" } })).statusCode).toBe(401);
  const allowed = await request(`${admin}/metrics`, {
    headers: { authorization: `Bearer ${gateway.generatedAdminToken}` },
  });
  const text = await allowed.body.text();
  expect(text).toContain(
    'http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="200",http_route="GET /ok"} 1',
  );
  expect(text).toContain(
    'headgate_policy_decision_total{route="no route",decision="request.denied",guard="route",problem="not-found"} 1',
  );
});
