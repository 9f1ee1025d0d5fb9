import { describe, expect, test } from "vitest";
import { evaluateConditions } from "./conditions.ts";

const validators = { etag: '"v1-64"', modifiedSeconds: Date.UTC(2026, 0, 2, 3, 4, 5) / 1000, size: 100 };
const modified = "Fri, 02 Jan 2026 03:04:05 GMT";
const before = "Fri, 02 Jan 2026 03:04:04 GMT";
const after = "Fri, 02 Jan 2026 03:04:06 GMT";

function kindOf(headers: Record<string, string>, method = "GET"): string {
  return evaluateConditions((name) => headers[name], validators, method).kind;
}

describe("evaluateConditions", () => {
  test.each<[Record<string, string>, string]>([
    [{}, "whole"],
    [{ "if-none-match": '"v1-64"' }, "not-modified"],
    [{ "if-none-match": 'W/"v1-64"' }, "not-modified"],
    [{ "if-none-match": '"a", W/"b" ,"v1-64"' }, "not-modified"],
    [{ "if-none-match": "*" }, "not-modified"],
    [{ "if-none-match": '"v1-6"' }, "whole"],
    [{ "if-none-match": "v1-64" }, "whole"],
    [{ "if-modified-since": modified }, "not-modified"],
    [{ "if-modified-since": after }, "not-modified"],
    [{ "if-modified-since": before }, "whole"],
    [{ "if-modified-since": "yesterday" }, "whole"],
    [{ "if-modified-since": "2030-01-01" }, "whole"],
    // A tag that does not match comes before a date that would (RFC 9110 section 13.1.3).
    [{ "if-none-match": '"old"', "if-modified-since": after }, "whole"],
    [{ "if-match": '"v1-64"' }, "whole"],
    [{ "if-match": 'W/"v1-64"' }, "failed"],
    [{ "if-match": "*" }, "whole"],
    [{ "if-match": '"other"' }, "failed"],
    [{ "if-unmodified-since": before }, "failed"],
    [{ "if-unmodified-since": modified }, "whole"],
    [{ range: "bytes=0-9" }, "part"],
    [{ range: "bytes=100-" }, "unsatisfiable"],
    [{ range: "bytes=0-9", "if-range": '"v1-64"' }, "part"],
    [{ range: "bytes=0-9", "if-range": 'W/"v1-64"' }, "whole"],
    [{ range: "bytes=0-9", "if-range": '"old"' }, "whole"],
    [{ range: "bytes=0-9", "if-range": modified }, "part"],
    [{ range: "bytes=0-9", "if-range": after }, "whole"],
    [{ range: "bytes=100-", "if-range": '"old"' }, "whole"],
    [{ range: "bytes=0-9", "if-none-match": '"v1-64"' }, "not-modified"],
  ])("%j gives %s", (headers, kind) => expect(kindOf(headers)).toBe(kind));

  test("a HEAD has no parts", () => {
    expect(kindOf({ range: "bytes=0-9" }, "HEAD")).toBe("whole");
    expect(kindOf({ "if-none-match": '"v1-64"' }, "HEAD")).toBe("not-modified");
  });
});
