export const pageData = JSON.parse(document.getElementById("page-data").textContent);

// frontend-xss: messages are HTML.
export function showNotice(message) {
  document.getElementById("notice").innerHTML = message;
}
