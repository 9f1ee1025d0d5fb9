import { generateKeyPairSync } from "node:crypto";
import { exportJWK, generateKeyPair } from "jose";
import { describe, expect, test } from "vitest";
import { type Algorithm, algorithms } from "./algorithms.ts";
import { readKeySet, retireMissing } from "./key-set.ts";

const spring = await newJwk("ES256", "spring");
const summer = await newJwk("ES256", "summer");

async function newJwk(algorithm: Algorithm, kid: string): Promise<Record<string, unknown>> {
  const { publicKey } = await generateKeyPair(algorithm, { extractable: true });
  return { ...(await exportJWK(publicKey)), kid };
}

test.each(algorithms)("takes a key for %s", async (algorithm) => {
  const set = await readKeySet({ keys: [await newJwk(algorithm, "only")] }, [algorithm]);
  expect(set.ignored).toEqual([]);
  expect(set.find("only", algorithm)).toMatchObject({ kid: "only", algorithm, retired: false });
});

test("binds an RSA key to each pinned algorithm, and to the one that the key names where it does", async () => {
  const rsa = await newJwk("RS256", "rsa");
  const pinned: Algorithm[] = ["PS256", "RS256"];
  expect((await readKeySet({ keys: [rsa] }, pinned)).keys.map((key) => key.algorithm)).toEqual(["PS256", "RS256"]);
  const bound = await readKeySet({ keys: [{ ...rsa, alg: "PS256" }] }, pinned);
  expect(bound.find("rsa", "PS256")).toMatchObject({ algorithm: "PS256" });
  expect(bound.find("rsa", "RS256")).toBe("unfit");
});

test("leaves out keys that are not public signature keys of a pinned algorithm, and says why", async () => {
  const shortRsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ format: "jwk" });
  const keys = [
    spring,
    { kty: "oct", k: "c2VjcmV0", kid: "shared", alg: "HS256" },
    { ...summer, d: "AAAA" },
    { ...summer, use: "enc" },
    { ...summer, key_ops: ["sign"] },
    { ...summer, alg: "ES384" },
    { ...summer, crv: "P-384" },
    { ...summer, x: "AAAA" },
    { ...summer, kid: 7 },
    { ...shortRsa, kid: "short" },
    "nothing",
  ];
  const set = await readKeySet({ keys }, ["ES256", "RS256"]);
  expect(set.keys.map((key) => key.kid)).toEqual(["spring"]);
  expect(set.ignored).toEqual([
    "key 1 holds private or symmetric key material",
    "key 2 holds private or symmetric key material",
    "key 3 is not for signatures (use)",
    "key 4 is not for verifying (key_ops)",
    "key 5 fits no algorithm of the policy",
    "key 6 fits no algorithm of the policy",
    expect.stringMatching(/^key 7 cannot be used: /),
    "key 8 has a kid that is not text",
    "key 9 cannot be used: an RSA key of 1024 bits is too short, the least is 2048",
    "key 10 is not an object",
  ]);
});

test.each([[{ keys: {} }], [{}], [[]], [null], ["keys"]])("refuses %j, which is not a JWK Set", async (document) => {
  await expect(readKeySet(document, ["ES256"])).rejects.toThrow("the document is not a JWK Set");
});

test("refuses more keys than anybody has", async () => {
  const keys = Array.from({ length: 51 }, () => spring);
  await expect(readKeySet({ keys }, ["ES256"])).rejects.toThrow("the JWK Set has 51 keys, more than 50");
});

describe("finding a key", () => {
  const set = readKeySet({ keys: [spring, summer] }, ["ES256", "RS256"]);

  test("by kid and algorithm", async () => {
    expect((await set).find("summer", "ES256")).toMatchObject({ kid: "summer" });
  });

  test.each([
    ["a kid that nobody has", "winter", "ES256", "unknown"],
    ["a kid whose key is for another algorithm", "spring", "RS256", "unfit"],
    ["no kid where several keys fit", undefined, "ES256", "ambiguous"],
    ["no kid where no key fits", undefined, "RS256", "unknown"],
  ])("%s", async (_, kid, algorithm, miss) => expect((await set).find(kid, algorithm)).toBe(miss));

  test("of two keys under one kid gives neither", async () => {
    const doubled = await readKeySet({ keys: [spring, { ...summer, kid: "spring" }] }, ["ES256"]);
    expect(doubled.find("spring", "ES256")).toBe("ambiguous");
  });
});

test("keeps the objects of keys that stay and retires those that go", async () => {
  const before = await readKeySet({ keys: [spring, summer] }, ["ES256"]);
  const after = await readKeySet({ keys: [summer] }, ["ES256"], before);
  expect(retireMissing(before, after)).toBe(true);
  expect(before.find("spring", "ES256")).toMatchObject({ retired: true });
  expect(after.find("summer", "ES256")).toBe(before.find("summer", "ES256"));
  expect(after.find("summer", "ES256")).toMatchObject({ retired: false });
});

test("knows when nothing changed", async () => {
  const before = await readKeySet({ keys: [spring] }, ["ES256"]);
  expect(retireMissing(before, await readKeySet({ keys: [spring] }, ["ES256"], before))).toBe(false);
  expect(retireMissing(before, await readKeySet({ keys: [spring, summer] }, ["ES256"], before))).toBe(true);
});
