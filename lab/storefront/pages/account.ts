import type { Router } from "../../http/router.ts";
import type { Upstreams } from "../storefront.ts";
import { renderPage } from "./page.ts";

const accountBody = `<h1>Your account</h1>
<form id="profile">
<label>Name <input name="name" autocomplete="name"></label>
<label>Email <input name="email" type="email" autocomplete="email"></label>
<label>Phone <input name="phone" autocomplete="tel"></label>
<button>Save profile</button>
</form>
<section><h2>Your orders</h2><ul id="orders"></ul></section>
<p id="admin-link"></p>`;

/** Adds the pages that belong to a customer; the scripts fill them. */
export function addAccountPages(router: Router, upstreams: Upstreams): void {
  router
    .on("GET /login", () =>
      renderPage(upstreams, {
        title: "Sign in",
        body: `<h1>Sign in</h1><button id="sign-in">Sign in with your shop account</button>`,
        scripts: ["login.js"],
      }),
    )
    .on("GET /callback", () =>
      renderPage(upstreams, { title: "Signing in", body: "<p>One moment…</p>", scripts: ["callback.js"] }),
    )
    .on("GET /account", () =>
      renderPage(upstreams, { title: "Your account", body: accountBody, scripts: ["account.js"] }),
    )
    .on("GET /admin", () =>
      renderPage(upstreams, {
        title: "Customers",
        body: `<h1>Customers</h1><table id="customers"></table>`,
        scripts: ["admin.js"],
      }),
    );
}
