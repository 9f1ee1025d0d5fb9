import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { createFileStore } from "./file-store.ts";
import type { Session } from "./session.ts";
import { createMemoryStore, type SessionStore } from "./store.ts";

const session = (key: string, more: Partial<Session> = {}): Session => ({
  key,
  handle: `handle-${key}`,
  issuer: "https://id.example",
  subject: "bob",
  sid: undefined,
  signIn: { authTime: 1, acr: undefined, amr: [] },
  createdAt: 1,
  lastSeenAt: 1,
  device: "Firefox on Linux",
  sealed: Uint8Array.of(1, 2, 3),
  accessExpiresAt: 2,
  ...more,
});
const newFile = () => join(mkdtempSync(join(tmpdir(), "headgate-store-")), "sessions.db");

describe.each<[string, (max: number) => SessionStore]>([
  ["in memory", (max) => createMemoryStore(max)],
  ["in a file", (max) => createFileStore(newFile(), max)],
])("sessions %s", (_, create) => {
  test("are found by key, by user and by the provider's session", () => {
    const store = create(10);
    for (const one of [session("a"), session("b", { subject: "alice", sid: "s" }), session("c")]) store.put(one);
    expect(store.get("b")?.subject).toBe("alice");
    expect(store.get("x")).toBeUndefined();
    expect(store.ofSubject("https://id.example", "bob").map(({ key }) => key)).toEqual(["c", "a"]);
    expect(store.ofSubject("https://other.example", "bob")).toEqual([]);
    expect(store.ofProviderSession("https://id.example", "s").map(({ key }) => key)).toEqual(["b"]);
    store.delete("b");
    expect([store.get("b"), store.size]).toEqual([undefined, 2]);
    store.close();
  });

  test("are not more than there may be: the one that was used the longest ago goes", () => {
    const store = create(2);
    store.put(session("a"));
    store.put(session("b"));
    store.put(session("a", { lastSeenAt: 9 }));
    store.put(session("c"));
    expect(["a", "b", "c"].map((key) => store.get(key) !== undefined)).toEqual([true, false, true]);
    store.close();
  });
});

describe("sessions in a file", () => {
  test("are there again after a restart, as they were last", () => {
    const file = newFile();
    const before = createFileStore(file, 10);
    before.put(session("a"));
    before.put(session("b"));
    before.put(session("a", { sealed: Uint8Array.of(9), accessExpiresAt: 7 }));
    before.delete("b");
    // Not closed: as if the process was killed.
    const after = createFileStore(file, 10);
    expect(after.get("a")).toMatchObject({ accessExpiresAt: 7, sealed: Uint8Array.of(9) });
    expect(after.get("b")).toBeUndefined();
    before.close();
    after.close();
  });

  test("are written when they change, and not each time they are used", () => {
    const file = newFile();
    const store = createFileStore(file, 10);
    const one = session("a");
    store.put(one);
    const reader = new DatabaseSync(file);
    const written = () =>
      JSON.parse(String(reader.prepare("select session from sessions").get()?.["session"])) as Session;
    one.lastSeenAt = 30_000;
    store.put(one);
    expect(written().lastSeenAt).toBe(1);
    one.lastSeenAt = 61_000;
    store.put(one);
    expect(written().lastSeenAt).toBe(61_000);
    reader.close();
    store.close();
  });

  test("hold no id and no token that could be read out of the file", () => {
    const file = newFile();
    const store = createFileStore(file, 10);
    store.put(session("hash-of-the-id"));
    const columns = new DatabaseSync(file).prepare("select * from sessions").get() ?? {};
    expect(Object.keys(columns)).toEqual(["key", "session", "sealed"]);
    store.close();
  });

  test("cannot be kept in what is no database", () => {
    const file = newFile();
    writeFileSync(file, "x".repeat(5000));
    expect(() => createFileStore(file, 10)).toThrow(/sessions cannot be kept in .*: file is not a database/);
  });
});
