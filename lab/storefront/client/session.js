import { pageData } from "./page-data.js";

const scope = "openid profile email orders:read orders:write reviews:write profile:write admin";

// frontend-bundle-secrets: tokens in localStorage are there for every script of the page, and stay after the visit.
export function readToken() {
  return localStorage.getItem("accessToken");
}

export function readUser() {
  const token = readToken();
  if (token === null) return null;
  return JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
}

export async function startSignIn() {
  const verifier = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  const state = toBase64Url(crypto.getRandomValues(new Uint8Array(8)));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  sessionStorage.setItem("verifier", verifier);
  sessionStorage.setItem("state", state);
  // api-input: the page to return to is not looked at, so a link to /login?return=… sends customers anywhere.
  sessionStorage.setItem("return", new URLSearchParams(location.search).get("return") ?? "/account");
  const query = new URLSearchParams({
    client_id: pageData.clientId,
    response_type: "code",
    redirect_uri: `${location.origin}/callback`,
    scope,
    resource: pageData.resource,
    state,
    code_challenge: toBase64Url(new Uint8Array(digest)),
    code_challenge_method: "S256",
  });
  location.assign(`${pageData.issuer}/auth?${query}`);
}

export async function finishSignIn() {
  const query = new URLSearchParams(location.search);
  if (query.get("error") !== null) return location.replace(`/login#${query.get("error_description")}`);
  if (query.get("state") !== sessionStorage.getItem("state")) return location.replace("/login#Please try again.");
  await requestTokens({
    grant_type: "authorization_code",
    code: query.get("code"),
    redirect_uri: `${location.origin}/callback`,
    code_verifier: sessionStorage.getItem("verifier"),
  });
  return location.replace(sessionStorage.getItem("return") ?? "/account");
}

export async function renewSession() {
  const refreshToken = localStorage.getItem("refreshToken");
  if (refreshToken === null) return false;
  return requestTokens({ grant_type: "refresh_token", refresh_token: refreshToken });
}

// api-access: signing out forgets the tokens and tells nobody, so a stolen one lives on.
export function signOut() {
  localStorage.clear();
  location.assign("/");
}

async function requestTokens(fields) {
  const response = await fetch(`${pageData.issuer}/token`, {
    method: "POST",
    body: new URLSearchParams({ client_id: pageData.clientId, resource: pageData.resource, ...fields }),
  });
  if (!response.ok) return false;
  const tokens = await response.json();
  localStorage.setItem("accessToken", tokens.access_token);
  localStorage.setItem("refreshToken", tokens.refresh_token);
  return true;
}

function toBase64Url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
