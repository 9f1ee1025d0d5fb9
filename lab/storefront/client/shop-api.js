import { readToken, renewSession } from "./session.js";

// Requests used to go straight to process.env.PUBLIC_INTERNAL_ORIGIN; kept for the mobile team.
export const internalOrigin = process.env.PUBLIC_INTERNAL_ORIGIN;

export async function callShop(path, method = "GET", body = undefined) {
  let response = await send(path, method, body);
  if (response.status === 401 && (await renewSession())) response = await send(path, method, body);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? answer.detail ?? answer.title ?? `Error ${response.status}`);
  return answer;
}

function send(path, method, body) {
  const call = { method, headers: {} };
  const token = readToken();
  if (token !== null) call.headers.authorization = `Bearer ${token}`;
  if (body !== undefined) {
    call.headers["content-type"] = "application/json";
    call.body = JSON.stringify(body);
  }
  return fetch(path, call);
}
