import type { IncomingMessage, ServerResponse } from "node:http";
import type { Provider } from "oidc-provider";
import { readBody } from "../http/router.ts";
import type { Accounts } from "./accounts.ts";

const interactionPath = /^\/interaction\/[\w-]+(\/login)?$/;

/** Shows the login page and takes its answer; gives back whether the request was for it. */
export async function answerInteraction(
  provider: Provider,
  accounts: Accounts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const path = new URL(request.url ?? "/", provider.issuer).pathname;
  if (!interactionPath.test(path)) return false;
  const { uid } = await provider.interactionDetails(request, response);
  if (request.method !== "POST") {
    sendPage(response, 200, uid, "");
    return true;
  }
  const form = new URLSearchParams((await readBody(request)).toString("utf8"));
  const account = accounts.signIn(form.get("email") ?? "", form.get("password") ?? "");
  if (account === undefined) sendPage(response, 401, uid, "Email or password is wrong.");
  else await provider.interactionFinished(request, response, { login: { accountId: account.id } });
  return true;
}

/** Every value put in here is the provider's own; nothing of the request is repeated. */
function sendPage(response: ServerResponse, status: number, uid: string, message: string): void {
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" })
    .end(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Sign in · Shop lab</title>
<style>body{font:16px/1.5 system-ui;max-width:22rem;margin:4rem auto}label,input,button{display:block;width:100%;box-sizing:border-box}
input,button{font:inherit;padding:.5rem;margin:0 0 1rem}p{color:#a00}</style>
<h1>Sign in</h1><p role="alert">${message}</p>
<form method="post" action="/interaction/${uid}/login">
<label for="email">Email</label><input id="email" name="email" type="email" autocomplete="username" required>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button>
</form></html>`);
}
