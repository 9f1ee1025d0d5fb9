import { pageData, showNotice } from "./page-data.js";
import { toPrice } from "./pricing.js";
import { readUser } from "./session.js";
import { callShop } from "./shop-api.js";

const { product } = pageData;
const reviewsPath = `/api/products/${product.id}/reviews`;

// frontend-ugc, frontend-xss: what other customers wrote is put into the page as HTML.
async function showReviews() {
  const reviews = await callShop(reviewsPath);
  document.getElementById("reviews").innerHTML = reviews
    .map((review) => `<article><h3>${review.author} · ${review.rating}/5</h3><div>${review.text}</div></article>`)
    .join("");
}

function onSubmit(id, send) {
  const form = document.getElementById(id);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (readUser() === null) return location.assign(`/login?return=${location.pathname}`);
    try {
      showNotice(await send(Object.fromEntries(new FormData(form))));
    } catch (error) {
      showNotice(error.message);
    }
  });
}

onSubmit("review", async ({ rating, text }) => {
  await callShop(reviewsPath, "POST", { rating: Number(rating), text });
  await showReviews();
  return "Thank you for your review.";
});

onSubmit("order", async ({ quantity, code }) => {
  const item = { productId: product.id, quantity: Number(quantity) };
  // api-input: with a code, the browser tells the shop what the product costs.
  const items = [code === "" ? item : { ...item, price: toPrice(product, code) }];
  const order = await callShop("/api/orders", "POST", { items });
  return `Order ${order.id} is placed: ${order.total} EUR.`;
});

await showReviews();
