import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { buildPage, toManifest } from "./build-manifest.ts";
import { formatForHost } from "./host-config.ts";
import { pageNameOf, readManifest } from "./manifest.ts";

const files: Readonly<Record<string, string>> = { "/app.js": "alert(1)", "/about/b.js": "alert(2)", "/a.css": "b{}" };
const build = { read: (path: string) => (files[path] === undefined ? undefined : Buffer.from(files[path])) };
const sha = (bits: 256 | 384, text: string) => `sha${bits}-${createHash(`sha${bits}`).update(text).digest("base64")}`;

test("a page's inline scripts and styles are hashed as browsers do", async () => {
  const { page, name } = await buildPage(
    { file: "about/index.html", text: "<script>é</script><style>a</style>" },
    build,
    false,
  );
  expect([name, page]).toEqual(["/about", { scripts: [sha(256, "é")], styles: [sha(256, "a")], files: [] }]);
});

test("a script file without integrity leaves the page to addresses", async () => {
  const { page } = await buildPage({ file: "index.html", text: "<script src=/app.js></script>" }, build, false);
  expect(page.files).toBeUndefined();
});

test("a page with modules is left to addresses: what they import has no hash", async () => {
  for (const text of ["<script type=module>import 'x'</script>", "<script type=module src=/app.js></script>"]) {
    const { page } = await buildPage({ file: "index.html", text }, build, true);
    expect(page.files).toBeUndefined();
  }
});

test("integrity is written into the page, and the file is then run by its hash", async () => {
  const text = '<link rel=stylesheet href=/a.css><script src="/app.js"></script><script src=b.js crossorigin></script>';
  const { page, text: written } = await buildPage({ file: "about/index.html", text }, build, true);
  expect(page.files).toEqual([sha(384, "alert(1)"), sha(384, "alert(2)")]);
  expect(written).toBe(
    `<link integrity="${sha(384, "b{}")}" crossorigin="anonymous" rel=stylesheet href=/a.css>` +
      `<script integrity="${sha(384, "alert(1)")}" crossorigin="anonymous" src="/app.js"></script>` +
      `<script integrity="${sha(384, "alert(2)")}" src=b.js crossorigin></script>`,
  );
  const again = await buildPage({ file: "about/index.html", text: written }, build, true);
  expect([again.text, again.page]).toEqual([written, page]);
});

test("a file of somebody else is told of, and stays without a hash", async () => {
  const text = "<script src=https://cdn.example/x.js></script>";
  const { page, problems, text: written } = await buildPage({ file: "index.html", text }, build, true);
  expect([page.files, written]).toEqual([undefined, text]);
  expect(problems).toMatchObject([{ weight: "careful", problem: expect.stringContaining("cdn.example") as string }]);
});

test.each([
  ["/", "/"],
  ["/index.html", "/"],
  ["/about", "/about"],
  ["/about/", "/about"],
  ["/about.html", "/about"],
  ["/about/index.html", "/about"],
  ["/myindex", "/myindex"],
  ["/a/b/index.HTM", "/a/b"],
])("the page of %s is %s", (path, name) => expect(pageNameOf(path)).toBe(name));

test("a manifest answers for every spelling of a path, and for those that lead nowhere", async () => {
  const pages = await Promise.all(
    ["index.html", "404.html", "über.html"].map((file) =>
      buildPage({ file, text: `<script>${file}</script>` }, build, false),
    ),
  );
  const hashesOf = readManifest(JSON.stringify(toManifest(pages)));
  const scripts = (path: string, status = 200) => hashesOf(path, status)?.scripts;
  expect(scripts("/%C3%BCber/")).toEqual([`'${sha(256, "über.html")}'`]);
  expect(scripts("/nowhere", 404)).toEqual([`'${sha(256, "404.html")}'`]);
  expect(scripts("/app/7")).toEqual([`'${sha(256, "index.html")}'`]);
  expect(scripts("/%")).toEqual([`'${sha(256, "index.html")}'`]);
});

test("hosts without the gateway send the same, once for each path", () => {
  const headers = {
    everywhere: [["x-content-type-options", "nosniff"]],
    pages: [{ name: "/a(b)", fields: [["content-security-policy", "script-src 'self'"]] }],
  } as const;
  expect(formatForHost("_headers", headers)).toBe(
    [
      "/*\n  X-Content-Type-Options: nosniff",
      ...["/a(b)", "/a(b)/", "/a(b).html", "/a(b)/index.html"].map(
        (path) => `${path}\n  Content-Security-Policy: script-src 'self'`,
      ),
    ].join("\n\n") + "\n",
  );
  const vercel = JSON.parse(formatForHost("vercel", headers)) as { headers: { source: string }[] };
  expect(vercel.headers.map(({ source }) => source)).toEqual([
    "/(.*)",
    "/a\\(b\\)",
    "/a\\(b\\)/",
    "/a\\(b\\).html",
    "/a\\(b\\)/index.html",
  ]);
  const nginx = formatForHost("nginx", headers);
  expect(nginx).toContain(`    "/a(b)/" "script-src 'self'";`);
  expect(nginx).toContain("add_header Content-Security-Policy $headgate_content_security_policy always;");
});
