import { expect, test } from "vitest";
import { extractDocuments } from "./extract-documents.ts";

const textsOf = (program: string) => extractDocuments(program).map(({ text }) => text.trim());

test("tags, calls and the comment that editors know are found, in every kind of file", () => {
  expect(textsOf("const a = gql`{a}`; const b = graphql(`{b}`); const c = /* GraphQL */ `{c}`;")).toEqual([
    "{a}",
    "{b}",
    "{c}",
  ]);
  expect(textsOf("const a = gql<Query>(\n  `{a}`,\n); const b = graphql(/* GraphQL */ `{b}`)")).toEqual(["{a}", "{b}"]);
  expect(textsOf('<script setup lang="ts">\nuseQuery(gql`{a}`)\n</script>\n<template>`{{ no }}`</template>')).toEqual([
    "{a}",
  ]);
});

test("other templates are none, and neither is what is commented out", () => {
  expect(textsOf("const a = `{a}`; css`{b}`; my.gql`{c}`; notgql`{d}`; gqlx`{e}`")).toEqual([]);
  expect(textsOf("// gql`{a}`\nfetch('https://x', gql`{b}`)")).toEqual(["{b}"]);
});

test("a fragment that is pasted in behind the braces is left out", () => {
  expect(extractDocuments("\n\ngql`\n  query A { a { ...F } }\n  ${F}\n  ${other({ b: `}` })}\n`")).toEqual([
    { text: expect.stringContaining("query A { a { ...F } }"), line: 3, unreadable: undefined },
  ]);
});

test("a value that is pasted in anywhere else is told, with its place", () => {
  expect(extractDocuments("x\ngql`{ user(id: ${id}) { id } }`")).toMatchObject([
    { line: 2, unreadable: "a value is pasted into it within braces" },
  ]);
  expect(extractDocuments("gql`{ a ")).toMatchObject([{ unreadable: "it does not end" }]);
});

test("escapes are what they stand for", () => {
  expect(textsOf('gql`{a(x:"\\\\n \\` \\$")}`')).toEqual(['{a(x:"\\n ` $")}']);
});
