import { showNotice } from "./page-data.js";
import { readUser } from "./session.js";
import { callShop } from "./shop-api.js";

// frontend-bundle-secrets: a gate in the browser. Whoever calls /api/admin/users with any token walks around it.
if (readUser()?.roles?.includes("admin")) {
  const users = await callShop("/api/admin/users");
  document.getElementById("customers").innerHTML = users
    .map((user) => `<tr><td>${user.name}</td><td>${user.email}</td><td>${user.creditLimit}</td></tr>`)
    .join("");
} else {
  showNotice("This page is for administrators.");
}
