/** The least that any answer on Node costs: node:http with a body from memory. */
import { createServer } from "node:http";
import { PRODUCT_BODY } from "../product.ts";
import { readSetting } from "./setting.ts";

const headers = { "content-type": "application/json", "content-length": String(PRODUCT_BODY.length) };

const server = createServer((_request, response) => {
  response.writeHead(200, headers);
  response.end(PRODUCT_BODY);
});
server.listen(readSetting().port, "127.0.0.1");
