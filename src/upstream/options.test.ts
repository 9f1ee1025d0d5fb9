import { describe, expect, test } from "vitest";
import { compilePolicy } from "../policy/compile.ts";
import { upstreamOptions } from "./options.ts";

function problemsOf(upstream: unknown): string[] {
  const route = { match: "GET /", to: "site", access: { kind: "anyone" } };
  try {
    compilePolicy({ site: "https://shop.example", upstreams: { site: upstream }, routes: [route] });
    return [];
  } catch (error) {
    return (error as { problems: { path: string; problem: string; fix: string }[] }).problems.map(
      ({ path, problem, fix }) => `${path}: ${problem}; ${fix}`,
    );
  }
}

describe("an upstream", () => {
  test("is a service or a folder", () => {
    expect(upstreamOptions.parse({ url: "http://10.0.0.4:3000" })).toMatchObject({ connections: 128 });
    expect(upstreamOptions.parse({ directory: "dist" })).toEqual({
      directory: "dist",
      cleanUrls: true,
      trailingSlash: "never",
      notFound: "404.html",
      immutable: [],
      maxAge: 0,
      precompressed: true,
      sourceMaps: false,
      openFiles: 1024,
    });
  });

  test.each([
    [{}, ["upstreams.site.url: is missing; say where it is: `url` of a service, or `directory` of files"]],
    [
      { url: "http://10.0.0.4", directory: "dist" },
      [expect.stringMatching(/^upstreams\.site\.(url|directory): is not a key that stands here/)],
    ],
    [
      { directory: "dist", cleanUrl: true },
      ['upstreams.site.cleanUrl: is not a key that stands here; did you mean "cleanUrls"?'],
    ],
    [{ directory: "" }, [expect.stringMatching(/^upstreams\.site\.directory: /)]],
    [
      { directory: "dist", notFound: "../secret.html" },
      [expect.stringMatching(/^upstreams\.site\.notFound: .*without dot segments/)],
    ],
    [{ directory: "dist", fallback: "/etc/passwd" }, [expect.stringMatching(/^upstreams\.site\.fallback: /)]],
    [{ directory: "dist", fallback: ".env" }, [expect.stringMatching(/^upstreams\.site\.fallback: /)]],
    [{ directory: "dist", immutable: ["fonts/*"] }, [expect.stringMatching(/^upstreams\.site\.immutable\[0\]: /)]],
    [{ url: "ftp://10.0.0.4" }, [expect.stringMatching(/^upstreams\.site\.url: /)]],
  ])("%j is refused and told what to write", (written, problems) => expect(problemsOf(written)).toEqual(problems));
});
