import { afterAll, beforeAll, expect } from "vitest";
import { startWordPress, type WordPress } from "../../scripts/wordpress.ts";
import { type GatewayProcess, startGatewayProcess } from "./gateway.ts";
import { send, type WireRequest, type WireResponse } from "./send.ts";

/** The public origin of the tests' gateway; it listens on a port of its own. */
export const site = "https://localhost:8443";
export const api = "/wp-json/wp/v2";

/** A real WordPress and the gateway in front of it. */
export interface Stack {
  readonly wordpress: WordPress;
  /** Asks WordPress itself: what stands open without the gateway. */
  askBare(request: WireRequest): Promise<WireResponse>;
  askGateway(request: WireRequest): Promise<WireResponse>;
}

/** Starts both before the tests of a file and stops them after. */
export function useStack(): Stack {
  let wordpress: WordPress | undefined;
  let gateway: GatewayProcess | undefined;

  beforeAll(async () => {
    wordpress = await startWordPress();
    const env = { WORDPRESS_URL: wordpress.url, SITE_URL: site };
    gateway = await startGatewayProcess("examples/wordpress/headgate.config.ts", env);
  });

  afterAll(async () => {
    await gateway?.stop();
    await wordpress?.stop();
  });

  function running<Part>(part: Part | undefined): Part {
    if (part === undefined) throw new Error("the stack runs only while the tests do");
    return part;
  }

  return {
    get wordpress() {
      return running(wordpress);
    },
    askBare: (request) => send(running(wordpress).url, request),
    askGateway: (request) => send(`https://localhost:${running(gateway).port}`, request),
  };
}

/** Headers and body as one text, to search for what must not be in either. */
export function everything({ headers, text }: WireResponse): string {
  return `${JSON.stringify(headers)}\n${text}`;
}

/** A refusal in the gateway's own words: RFC 9457, and nothing of what is behind. */
export function expectProblem({ status, headers, text }: WireResponse): void {
  expect({ status: status >= 400 && status < 500, type: headers["content-type"] }).toEqual({
    status: true,
    type: "application/problem+json",
  });
  expect(JSON.parse(text)).toMatchObject({ type: expect.stringMatching(/^urn:headgate:problem:/), status });
  expect(text).not.toMatch(/wordpress|rest_|php/i);
}
