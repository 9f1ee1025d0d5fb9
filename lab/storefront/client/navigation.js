import { showNotice } from "./page-data.js";
import { readUser, signOut } from "./session.js";

const place = document.getElementById("session");
if (readUser() === null) {
  const link = document.createElement("a");
  link.href = "/login";
  link.textContent = "Sign in";
  place.append(link);
} else {
  const button = document.createElement("button");
  button.id = "sign-out";
  button.textContent = "Sign out";
  button.addEventListener("click", signOut);
  place.append(button);
}

// frontend-xss: what stands behind the "#" never reaches a server, and becomes part of the page.
if (location.hash.length > 1) showNotice(decodeURIComponent(location.hash.slice(1)));
