/** Calls of Next's server actions: attacks, and what a shop does every day. */
import { action, call, form, longAction, multipart, next, page, site, type PatchCases } from "./cases.ts";

/** By patch. */
export const nextActions: PatchCases = {
  "next-server-actions": {
    denies: [
      {
        name: "an action where the policy allows none",
        options: "next",
        exchange: call("[]"),
        problem: "access-denied",
      },
      {
        name: "a form of a page where the policy allows no action",
        options: "next",
        exchange: {
          method: "POST",
          route: page,
          headers: { ...site, "content-type": multipart },
          body: form({ a: "b" }),
        },
        problem: "access-denied",
      },
      {
        name: "an action that the build does not list",
        options: next,
        exchange: call("[]", undefined, "0e".repeat(20)),
        problem: "access-denied",
      },
      {
        name: "an action by GET",
        options: next,
        exchange: { ...call("[]"), method: "GET" },
        problem: "access-denied",
      },
      ...[
        "x",
        "1337",
        `${action}0`,
        action.toUpperCase(),
        `${action},${action}`,
        "__proto__",
        `$${action.slice(1)}`,
      ].map((id) => ({
        name: `the id ${id}`,
        options: next,
        exchange: call("[]", undefined, id),
        problem: id === `${action}0` ? ("access-denied" as const) : ("invalid-headers" as const),
      })),
      {
        name: "a form that names an action that the build does not list",
        options: next,
        exchange: {
          method: "POST",
          route: page,
          headers: { ...site, "content-type": multipart },
          body: form({ [`$ACTION_ID_${"0e".repeat(20)}`]: "" }),
        },
        problem: "access-denied",
      },
      {
        name: "a form whose bound action the build does not list",
        options: next,
        exchange: {
          method: "POST",
          route: page,
          headers: { ...site, "content-type": multipart },
          body: form({ $ACTION_REF_1: "", "$ACTION_1:0": `{"id":"${"0e".repeat(20)}","bound":"$@1"}` }),
        },
        problem: "access-denied",
      },
    ],
    passes: [
      { name: "an action of the build", options: next, exchange: call('["a",1]') },
      {
        name: "an action of the build with its type in its id",
        options: next,
        exchange: call("[]", undefined, longAction),
      },
      {
        name: "a form that posts to an action of the build",
        options: next,
        exchange: {
          method: "POST",
          route: page,
          headers: { ...site, "content-type": multipart },
          body: form({ [`$ACTION_ID_${action}`]: "", title: "A review" }),
        },
      },
      {
        name: "a form with a bound action of the build",
        options: next,
        exchange: {
          method: "POST",
          route: page,
          headers: { ...site, "content-type": multipart },
          body: form({
            $ACTION_REF_1: "",
            "$ACTION_1:0": `{"id":"${action}","bound":"$@1"}`,
            "$ACTION_1:1": '["$K1"]',
          }),
        },
      },
      {
        name: "an upload to an API route, which is no page",
        options: "next",
        exchange: { method: "POST", headers: { "content-type": multipart }, body: form({ a: "b" }) },
      },
    ],
  },
  "next-flight-payload": {
    denies: [
      ...[
        '["$1:__proto__:then"]',
        '{"then":"$1:__proto__:then","status":"resolved_model","reason":-1}',
        '["$1:constructor:constructor"]',
        String.raw`["$1:\u005f\u005fproto\u005f\u005f:then"]`,
        String.raw`["\u0024\u0031\u003aconstructor"]`,
        String.raw`{"a":"{\"then\":\"$1:\\u005f_proto__\"}"}`,
        '{"status":"resolved_model"}',
        String.raw`{"status":"resolved\u005fmodel"}`,
        '["$1:a:then"]',
        '{"_formData":{"get":"$1:constructor"}}',
        `${" ".repeat(200_000)}["$1:__proto__:then"]`,
      ].flatMap((payload) => [
        {
          name: `as text: ${payload.trim().slice(0, 60)}`,
          options: next,
          exchange: call(payload),
          problem: "malformed-body" as const,
        },
        {
          name: `in a form: ${payload.trim().slice(0, 60)}`,
          options: { ...next, maxActionBytes: "1mb" },
          exchange: call(form({ "0": payload }), multipart),
          problem: "malformed-body" as const,
        },
      ]),
      {
        name: "a body in UTF-16",
        options: next,
        exchange: call(Buffer.from('["$1:__proto__:then"]', "utf16le"), "text/plain;charset=utf-16le"),
        problem: "unsupported-media-type",
      },
      {
        name: "a part in UTF-16",
        options: next,
        exchange: call(form({ "0": "x" }, "text/plain; charset=utf-16le"), multipart),
        problem: "malformed-body",
      },
      {
        name: "bytes that are no UTF-8",
        options: next,
        exchange: call(Uint8Array.of(0x5b, 0xff, 0xfe, 0x5d)),
        problem: "malformed-body",
      },
      {
        name: "a type that is neither text nor a form",
        options: next,
        exchange: call("x", "application/octet-stream"),
        problem: "unsupported-media-type",
      },
      { name: "no type", options: next, exchange: call("x", ""), problem: "unsupported-media-type" },
      {
        name: "a name of a field that reaches a prototype",
        options: next,
        exchange: call(form({ "1___proto__": "x" }), multipart),
        problem: "malformed-body",
      },
      {
        name: "more parts than a form has",
        options: next,
        exchange: call(form(Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`f${at}`, ""]))), multipart),
        problem: "body-too-large",
      },
      {
        name: "something before the first part",
        options: next,
        exchange: call(`preamble\r\n${form({ a: "b" })}`, multipart),
        problem: "malformed-body",
      },
    ],
    passes: [
      {
        name: "values of all kinds",
        options: next,
        exchange: call('["text",1,true,null,{"a":"$D2026-01-01T00:00:00.000Z"},"$undefined"]'),
      },
      {
        name: "a form with repeated fields",
        options: next,
        exchange: call(form({ "1_a": "x", "1_b": "y", "0": '["$K1"]' }), multipart),
      },
      {
        name: "words that only look alike",
        options: next,
        exchange: call('["the constructor of this house, and then: a prototype"]'),
      },
    ],
  },
  "next-foreign-writes": {
    denies: [
      ...[
        { origin: "https://evil.example" },
        { origin: "null" },
        {},
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
      ].map((headers) => ({
        name: `an action with ${JSON.stringify(headers)}`,
        options: next,
        exchange: { ...call("[]"), headers: { "next-action": action, "content-type": "text/plain", ...headers } },
        problem: "origin-not-allowed" as const,
      })),
    ],
    passes: [
      { name: "an action of the site", options: next, exchange: call("[]") },
      {
        name: "an action whose Origin was taken off on the way",
        options: next,
        exchange: {
          ...call("[]"),
          headers: { "next-action": action, "content-type": "text/plain", "sec-fetch-site": "same-origin" },
        },
      },
      {
        name: "a partner's call of an API route",
        options: next,
        exchange: { method: "POST", headers: { "content-type": "application/json" }, body: "{}" },
      },
    ],
  },
};
