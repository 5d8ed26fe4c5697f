// A webhook receiver that trusts nobody: npm's standardwebhooks checks every request.
//
//   node verify_webhook.mjs SECRET [--fail N:STATUS[:RETRY_AFTER_SECONDS]]
//
// Listens on a free port of 127.0.0.1 and prints {"port":P} first, then a line a request: {"ok","id","body","status","type"},
// `error` when the signature does not verify. --fail answers the first N requests with STATUS.
import { createServer } from "node:http";
import { Webhook } from "standardwebhooks";

const [secret, ...options] = process.argv.slice(2);
const webhook = new Webhook(secret);
const [failures, failStatus, retryAfter] =
  options[0] === "--fail" ? options[1].split(":").map(Number) : [0, 500, undefined];

let seen = 0;

function judge(request, body) {
  try {
    webhook.verify(body, request.headers);
    return { ok: true };
  } catch (error) {
    return { ok: false, error: String(error.message ?? error) };
  }
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks).toString("utf8");
    const verdict = judge(request, body);
    seen += 1;
    const status = seen <= failures ? failStatus : verdict.ok ? 204 : 400;
    if (status === 429 && retryAfter !== undefined) response.setHeader("Retry-After", String(retryAfter));
    response.writeHead(status).end();
    const id = request.headers["webhook-id"];
    console.log(JSON.stringify({ ...verdict, id, body, status, type: request.headers["content-type"] }));
  });
});

server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
