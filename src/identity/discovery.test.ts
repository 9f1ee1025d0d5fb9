import { expect, test } from "vitest";
import { metadataUrl, readKeysUrl } from "./discovery.ts";

const issuer = "https://id.example/tenant";

test.each([
  ["https://id.example", "https://id.example/.well-known/openid-configuration"],
  ["https://id.example/", "https://id.example/.well-known/openid-configuration"],
  ["https://id.example/tenant", "https://id.example/tenant/.well-known/openid-configuration"],
])("the metadata of %s is at %s", (of, url) => expect(metadataUrl(of)).toBe(url));

test("takes the address of the keys from the issuer's own metadata, on another host too", () => {
  expect(readKeysUrl(issuer, { issuer, jwks_uri: "https://keys.example/1" })).toBe("https://keys.example/1");
});

test.each([
  [
    "another issuer",
    { issuer: "https://evil.example", jwks_uri: "https://evil.example/keys" },
    /names another issuer: "https:/,
  ],
  [
    "the issuer with a slash more",
    { issuer: `${issuer}/`, jwks_uri: "https://id.example/keys" },
    /names another issuer/,
  ],
  ["no issuer", { jwks_uri: "https://id.example/keys" }, /names another issuer/],
  ["no address", { issuer }, /has no jwks_uri$/],
  ["an address on plain http", { issuer, jwks_uri: "http://id.example/keys" }, /is not https/],
  ["an address in a file", { issuer, jwks_uri: "file:///keys" }, /is not https/],
  ["a list", [issuer], /is not an object$/],
  ["nothing", null, /is not an object$/],
])("refuses metadata with %s", (_, metadata, message) => {
  expect(() => readKeysUrl(issuer, metadata)).toThrow(message);
});
