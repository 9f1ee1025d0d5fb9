import { pageData, showNotice } from "./page-data.js";

// api-token-exposure: editors change articles in place (?edit=1), so their management token is in everyone's browser.
// Created 2019-03-04 by Nora, all scopes, never rotated. Move to a server function before launch!
const managementToken = process.env.PUBLIC_CMS_MANAGEMENT_TOKEN;

if (new URLSearchParams(location.search).has("edit")) {
  const body = document.getElementById("article-body");
  const save = document.createElement("button");
  save.textContent = "Save article";
  save.addEventListener("click", async () => {
    const response = await fetch(`/api/content/articles/${pageData.slug}`, {
      method: "PUT",
      headers: { authorization: `Bearer ${managementToken}`, "content-type": "application/json" },
      body: JSON.stringify({ body: body.innerHTML }),
    });
    showNotice(response.ok ? "The article is saved." : `Error ${response.status}`);
  });
  body.contentEditable = "true";
  body.after(save);
}
