import { cspOption } from "../lib/csp/csp-option.ts";
import { expect, test } from "vitest";
import { formatProposal } from "./format-proposal.ts";
import { createLearner, type LearnOptions, type Proposal } from "./learn.ts";

interface Seen {
  readonly directive?: string;
  readonly blocked?: string;
  readonly page?: string;
  readonly client?: string;
  readonly count?: number;
  readonly clients?: string;
}

/** A line as the gateway's log has it. */
function lineOf({ directive = "img-src", blocked = "https://images.example/a.png", ...seen }: Seen): string {
  const facts = { directive, blocked, page: seen.page ?? "/", ...(seen.clients && { clients: seen.clients }) };
  return JSON.stringify({
    level: 40,
    time: 1767225600000,
    event: "request.allowed",
    route: "POST /.headgate/reports",
    client: seen.client ?? "192.0.2.1",
    notes: [{ guard: "reports", event: "csp.violated", reason: "…", count: seen.count ?? 1, facts }],
  });
}

function learnFrom(lines: readonly string[], options: Partial<LearnOptions> = {}): Proposal {
  const learner = createLearner({ siteOrigins: ["https://shop.example"], minClients: 2, ...options });
  for (const line of lines) learner.read(line);
  return learner.propose();
}

const twice = (seen: Seen) => [lineOf({ ...seen, client: "192.0.2.1" }), lineOf({ ...seen, client: "192.0.2.2" })];

test("what was blocked is joined by directive and origin, with how often, by how many and where", () => {
  const proposal = learnFrom([
    lineOf({ blocked: "https://images.example/a.png", page: "/products/:id", client: "192.0.2.1" }),
    lineOf({ blocked: "https://images.example/b.png", page: "/products/:id", client: "192.0.2.2" }),
    lineOf({ blocked: "https://images.example/c.png", page: "/", client: "192.0.2.2", count: 5 }),
    ...twice({ directive: "script-src-elem", blocked: "https://js.example/x.js" }),
  ]);
  expect(proposal.sources).toEqual([
    { directive: "img-src", source: "https://images.example", count: 7, clients: 2, pages: ["/", "/products/:id"] },
    { directive: "script-src", source: "https://js.example", count: 2, clients: 2, pages: ["/"] },
  ]);
  expect([proposal.violations, proposal.refused, proposal.doubtful]).toEqual([9, [], []]);
});

test("what one address alone reported is not proposed, whatever it sent", () => {
  const forged = Array.from({ length: 500 }, () => lineOf({ blocked: "https://evil.example/x" }));
  expect(learnFrom(forged)).toMatchObject({
    sources: [],
    doubtful: [{ source: "https://evil.example", count: 500, clients: 1 }],
  });
  expect(learnFrom(forged, { minClients: 1 }).sources).toHaveLength(1);
});

test("a count that is told for others brings their number, and not the address of who happened to call", () => {
  const lines = [lineOf({}), lineOf({ client: "203.0.113.9", count: 40, clients: "1" })];
  expect(learnFrom(lines)).toMatchObject({ sources: [], doubtful: [{ count: 41, clients: 1 }] });
  expect(learnFrom([lineOf({ count: 40, clients: "7" })]).sources).toMatchObject([{ count: 40, clients: 7 }]);
});

test("what pages of other origins report is left out, but for origins that are named as the site's", () => {
  const lines = twice({ page: "https://evil.example" });
  expect(learnFrom(lines)).toMatchObject({ violations: 0, elsewhere: 2, sources: [] });
  expect(formatProposal(learnFrom([...lines, ...twice({})]))).toContain(
    "// 2 violations on pages of other origins left out: they have policies of their own.",
  );
  const named = learnFrom(lines, { siteOrigins: ["https://evil.example"] });
  expect([named.violations, named.elsewhere]).toEqual([2, 0]);
});

test("other lines are passed over: other events, other programs, halves of lines, a prefix before the line", () => {
  const proposal = learnFrom([
    "",
    "listening on 8443",
    '{"event":"gateway.started"}',
    lineOf({}).slice(0, 80),
    '{"notes":{"event":"csp.violated"}}',
    '{"notes":[null,7,{"event":"csp.violated"},{"event":"csp.violated","facts":{"directive":"x","blocked":"y"}}]}',
    `shop-gateway-1  | ${lineOf({})}`,
  ]);
  expect([proposal.violations, proposal.skipped]).toEqual([1, 5]);
});

test("the log's own bounds do not bound what stands in a file: ten thousand sources are cut and said", () => {
  const lines = Array.from({ length: 10_000 }, (_, index) => lineOf({ blocked: `https://x${index}.example` }));
  const proposal = learnFrom(lines);
  expect([proposal.doubtful.length, proposal.omitted, proposal.violations]).toEqual([2000, 8000, 10_000]);
});

test("the proposal is text to paste: sources as code, the rest as comments that say why", () => {
  const lines = [
    ...twice({ page: "/products/:id" }),
    ...twice({ directive: "style-src-elem", blocked: "https://shop.example/app.css" }),
    ...twice({ directive: "script-src-elem", blocked: "https://js.example/x.js" }),
    ...twice({ directive: "script-src-attr", blocked: "inline", page: "/checkout" }),
    lineOf({ directive: "font-src", blocked: "https://fonts.example" }),
  ];
  expect(formatProposal(learnFrom(lines))).toBe(
    `
// Learnt from 9 violations that browsers reported. Anybody can send a report: take the
// sources that you know, and leave out the others.
csp: {
  directives: {
    "img-src": [
      "https://images.example", // 2 times, 2 addresses, on /products/:id
    ],
    "script-src": [
      "https://js.example", // 2 times, 2 addresses, on /
    ],
    "style-src": [
      "'self'", // 2 times, 2 addresses, on /
    ],
  },
},
//
// Where script-src has 'strict-dynamic', browsers ignore hosts: give the script's tag a nonce or an integrity hash,
// or let a script that has one load it.
//
// Reported by too few addresses to be proposed:
//   font-src: "https://fonts.example" (once, 1 address, on /)
//
// Never proposed:
//   script-src-attr: inline (2 times, 2 addresses, on /checkout)
//     A handler in an attribute can have no nonce. Move it into a script with addEventListener; 'unsafe-inline' would let any injected handler run.
`.trim(),
  );
});

test("many names under one domain stay many names", () => {
  const lines = Array.from({ length: 6 }, (_, index) => twice({ blocked: `https://img${index}.cdn.example/x` })).flat();
  const text = formatProposal(learnFrom(lines));
  expect(text).toContain('"https://img5.cdn.example"');
  expect(text).toContain("// 6 names under cdn.example are listed one by one.");
  expect(text).not.toContain("*");
});

test("nothing of a forged line becomes code or leaves its comment", () => {
  const evil = '*/\n",] evil(); //\u2028x';
  const text = formatProposal(
    learnFrom([
      ...twice({ page: evil }),
      ...twice({ blocked: `https://a.example${evil}` }),
      ...twice({ directive: "script-src", blocked: evil, page: evil }),
    ]),
  );
  const code = text
    .split(/[\n\u2028\u2029]/)
    .map((line) => line.replace(/\/\/(?!\w).*$/, "").trim())
    .filter((line) => line !== "");
  expect(code).toEqual(["csp: {", "directives: {", '"img-src": [', '"https://images.example",', "],", "},", "},"]);
});

test("a proposal can be pasted into a policy as it is", async () => {
  const seen: readonly (readonly [directive: string, blocked: string])[] = [
    ["script-src-elem", "https://js.example/x.js"],
    ["style-src-elem", "https://styles.example/x.css"],
    ["img-src", "data"],
    ["font-src", "https://fonts.example/x.woff2"],
    ["connect-src", "wss://live.example/socket"],
    ["frame-src", "https://maps.example/embed"],
    ["media-src", "blob"],
    ["worker-src", "https://shop.example/worker.js"],
    ["form-action", "https://pay.example/start"],
    ["manifest-src", "https://shop.example/app.json"],
    ["child-src", "https://old.example/"],
    ["prefetch-src", "https://old.example/x"],
  ];
  const proposal = learnFrom(seen.flatMap(([directive, blocked]) => twice({ directive, blocked })));
  const text = `export default {\n${formatProposal(proposal)}\n}`;
  const { default: policy } = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as {
    default: { csp: unknown };
  };
  const parsed = cspOption.safeParse(policy.csp);
  expect(parsed.error?.issues ?? []).toEqual([]);
  expect(parsed.data?.directives["connect-src"]).toEqual(["wss://live.example"]);
});
